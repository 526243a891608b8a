#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# process.selinuxLabel, exec --process-label and linux.mountLabel with a small policy of our own, in a kernel that
# runs SELinux (tests/vm/run --selinux). It permits all: the labels are what is looked at, and that the kernel
# takes no other than the policy's.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
mount -t selinuxfs selinuxfs /sys/fs/selinux
sids="kernel security unlabeled fs file file_labels init any_socket port netif netmsg node igmp_packet icmp_socket
	tcp_socket sysctl_modprobe sysctl sysctl_fs sysctl_kernel sysctl_net sysctl_net_unix sysctl_vm sysctl_dev kmod
	policy scmp_packet devnull"
{
	cat <<-'END'
		(handleunknown allow)
		(mls true)
		(class process (transition dyntransition setexec))
		(class file (read))
		(class process2 (nnp_transition nosuid_transition))
		(classorder (process process2 file))
		(policycap nnp_nosuid_transition)
		(sensitivity s0)
		(sensitivityorder (s0))
		(category c0)
		(category c1)
		(categoryorder (c0 c1))
		(sensitivitycategory s0 (c0 c1))
		(user u)
		(role r)
		(role object_r)
		(userrole u r)
		(userrole u object_r)
		(userlevel u (s0))
		(userrange u ((s0) (s0 (c0 c1))))
	END
	for type in host box other data; do printf '(type %s)\n(roletype r %s)\n(roletype object_r %s)\n(typepermissive %s)\n' $type $type $type $type; done
	for sid in $sids; do printf '(sid %s)\n(sidcontext %s (u r host ((s0) (s0))))\n' $sid $sid; done
	echo "(sidorder ($(echo $sids)))"
	echo '(allow host self (process (transition setexec)))'
	for fs in tmpfs; do echo "(fsuse trans $fs (u object_r data ((s0) (s0))))"; done
} >"$work/policy.cil"
ok "a policy is compiled" secilc -M true -c 31 -o "$work/policy" -f /dev/null "$work/policy.cil"
ok "and loaded" dd if="$work/policy" of=/sys/fs/selinux/load bs=4M
is "this process has a label" "$(tr -d '\0' </proc/self/attr/current)" u:r:host:s0
make_bundle "$work/box"
change '.root.readonly = false'
own='tr -d "\0" </proc/self/attr/current; echo'
label='.process.selinuxLabel = "u:r:box:s0:c0,c1"'
is "a label is the process's" "$(sh_in "$own" "$label")" u:r:box:s0:c0,c1
is "with no_new_privs, another user, without capabilities" "$(sh_in "$own; id -u" "$label | .process.user.uid = 1000 | .process.capabilities = {}" | tr '\n' ' ')" "u:r:box:s0:c0,c1 1000 "
is "without one it is the caller's" "$(sh_in "$own")" u:r:host:s0
refused "one that the policy does not have is refused" 1 'selinuxLabel.*u:r:none:s0' sh_in true '.process.selinuxLabel = "u:r:none:s0"'
labelled=$(sh_in 'grep context= /proc/self/mountinfo' '.linux.mountLabel = "u:object_r:data:s0"')
for place in /dev /dev/pts /dev/shm; do
	like "mountLabel is of $place" "$labelled" " $place .*context=\"?u:object_r:data:s0"
done
mkdir -p "$work"/{one,two,upper,work} "$bundle"/rootfs/{r,o}
make_bundle "$bundle" ".root.readonly = false | .process.args = [\"sleep\", \"1000\"] | .linux.mountLabel = \"u:object_r:data:s0\" |
	.mounts += [{destination: \"/r\", type: \"ramfs\"}, {destination: \"/o\", type: \"overlay\", options: [\"lowerdir=$work/one:$work/two\", \"upperdir=$work/upper\", \"workdir=$work/work\"]}]"
oci run --detach --bundle "$bundle" m </dev/null >"$work/said" 2>&1
is "mountLabel with a ramfs and an overlay" "$(cat "$work/said")" ""
pid=$(oci state m | jq .pid)
oci exec m touch /r/new /o/new
for place in /r /o; do
	like "it is of $place" "$(grep " $place " "/proc/$pid/mountinfo")" 'context="?u:object_r:data:s0'
	like "and of what is made there" "$(python3 -c 'import os, sys; print(os.getxattr(sys.argv[1], "security.selinux"))' "/proc/$pid/root$place/new")" 'u:object_r:data:s0'
done
oci delete --force m
like "so does the option context= of a ramfs" "$(sh_in 'grep " /r " /proc/self/mountinfo' '.mounts += [{destination: "/r", type: "ramfs", options: ["context=u:object_r:box:s0:c0,c1"]}]' 2>&1)" 'context="?u:object_r:box:s0:c0,c1'
refused "one that the policy does not have is refused" 1 'mounts\[7\]: ramfs: ' sh_in true '.mounts += [{destination: "/r", type: "ramfs", options: ["context=u:object_r:none:s0"]}]'
make_bundle "$bundle" "$label | .process.args = [\"sleep\", \"1000\"]"
oci run --detach --bundle "$bundle" a </dev/null >/dev/null 2>&1
is "the container has it" "$(tr -d '\0' <"/proc/$(oci state a | jq .pid)/attr/current")" u:r:box:s0:c0,c1
is "exec has the container's" "$(oci exec a sh -c "$own")" u:r:box:s0:c0,c1
is "--process-label another" "$(oci exec --process-label u:r:other:s0 a sh -c "$own")" u:r:other:s0
refused "one that the policy does not have is refused" 255 'u:r:none:s0' oci exec --process-label u:r:none:s0 a true
oci delete --force a
is "no state is left" "$(ls "$oci_root")" ""
finish
