#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# linux.namespaces: those that are there already, and none at all; domainname, id maps.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
make_bundle
before=$(table)
chmod -R a+rX "$work"

# holder OPTIONS…: a process in namespaces of its own; $holder, its PID
holder() {
	mkfifo "$work/ready"
	exec {ready}<>"$work/ready"
	unshare "$@" sh -c 'echo >&9; exec 9>&-; exec sleep 600' 9>&$ready &
	holder=$!
	read -r -t 5 -u $ready
	exec {ready}>&-
	rm "$work/ready"
	case " $* " in *" -U "*)
		echo "0 100000 2000" >/proc/$holder/gid_map
		echo "0 100000 2000" >/proc/$holder/uid_map
		;;
	esac
	case " $* " in *" -f "*) holder=$(pgrep -P $holder) ;; esac
}
# by_path TYPE [PATH]: this one is joined
by_path() {
	echo "(.linux.namespaces |= (map(select(.type != \"$1\")) + [{type: \"$1\", path: \"${2:-/proc/$holder/ns/$3}\"}]))"
}
in_it() { # TYPE FILE [MORE]
	sh_in "readlink /proc/self/ns/$2" "$(by_path "$1" "/proc/$holder/ns/$2")${3:+ | $3}"
}

# --- by path ---
holder -i -u -n -C -T
no_names='del(.hostname)'
is "ipc" "$(in_it ipc ipc)" "$(readlink /proc/$holder/ns/ipc)"
is "uts" "$(in_it uts uts)" "$(readlink /proc/$holder/ns/uts)"
is "network" "$(in_it network net)" "$(readlink /proc/$holder/ns/net)"
is "cgroup" "$(in_it cgroup cgroup)" "$(readlink /proc/$holder/ns/cgroup)"
is "time" "$(in_it time time)" "$(readlink /proc/$holder/ns/time)"
nsenter -t $holder -u hostname there
is "an existing uts namespace keeps its name" "$(sh_in hostname "$(by_path uts "/proc/$holder/ns/uts") | $no_names")" there
is "or gets the container's" "$(sh_in hostname "$(by_path uts "/proc/$holder/ns/uts")"; nsenter -t $holder -u hostname)" "mntns
mntns"
is "all at once" "$(sh_in 'cd /proc/self/ns; for i in ipc uts net cgroup; do readlink $i; done' \
	"$(for t in ipc:ipc uts:uts network:net cgroup:cgroup; do by_path "${t%:*}" "/proc/$holder/ns/${t#*:}"; echo '|'; done) del(.mounts[] | select(.type == \"cgroup\"))")" \
	"$(cd /proc/$holder/ns; readlink ipc uts net cgroup)"
is "a sysctl of a network that is joined" "$(sh_in 'cat /proc/sys/net/ipv4/ip_forward' "$(by_path network "/proc/$holder/ns/net") | .linux.sysctl = {\"net.ipv4.ip_forward\": \"1\"}")" 1
kill $holder; wait $holder 2>/dev/null
holder -p -f --mount-proc
is "pid" "$(in_it pid pid)" "$(readlink /proc/$holder/ns/pid)"
is "there the program is not the first process" "$(sh_in '[ $$ -gt 1 ] && cat /proc/1/comm' "$(by_path pid "/proc/$holder/ns/pid")")" sleep
kill -9 $holder; wait
refused "a path that is not there" 1 'No such file' sh_in true "$(by_path ipc /no/such)"
refused "one that is no namespace" 1 'setns ipc /etc/passwd: Invalid argument' sh_in true "$(by_path ipc /etc/passwd)"
refused "one of another kind" 1 'Invalid argument' sh_in true "$(by_path ipc /proc/self/ns/net)"
refused "one that is not absolute" 1 'namespaces\[5\].path: expected an absolute path' sh_in true "$(by_path ipc proc/self/ns/ipc)"

# --- a user namespace by path ---
holder -U -n
user=$(by_path user "/proc/$holder/ns/user")
is "user" "$(in_it user user)" "$(readlink /proc/$holder/ns/user)"
is "as its root, by its map" "$(sh_in 'id -u; cat /proc/self/uid_map | tr -s " "' "$user" | tr '\n' ,)" "0, 0 100000 2000,"
is "with a network that is its own" "$(sh_in 'readlink /proc/self/ns/net; ip link set lo mtu 1400 && cat /sys/class/net/lo/mtu' \
	"$user | $(by_path network "/proc/$holder/ns/net") | .process.capabilities[] += [\"CAP_NET_ADMIN\"] | .mounts |= map(select(.type != \"sysfs\" and .type != \"cgroup\"))" 2>&1 | head -1)" "$(readlink /proc/$holder/ns/net)"
is "with a new one that belongs to it" "$(sh_in 'ip link set lo mtu 1400; ip link show lo | grep -o "mtu 1400"' "$user | .process.capabilities[] += [\"CAP_NET_ADMIN\"]" 2>&1)" "mtu 1400"
is "as another of its users" "$(sh_in 'id -u' "$user | .process.user.uid = 1500")" 1500
refused "not as one that it does not have" 1 'process.user.uid: 2500' sh_in true "$user | .process.user.uid = 2500"
is "the usual devices are there" "$(sh_in 'echo x >/dev/null && head -c 3 /dev/zero | wc -c' "$user")" 3
maps='.linux.uidMappings = [{containerID: 0, hostID: 100000, size: 2000}] | .linux.gidMappings = .linux.uidMappings'
is "its own map may be said as well" "$(sh_in 'id -u' "$user | $maps")" 0
refused "another may not" 1 'its map is u:0:100000:2000,g:0:100000:2000, not u:0:100000:1000' sh_in true "$user | $maps | .linux.uidMappings[0].size = 1000"
is "the caller's own is none" "$(sh_in 'cat /proc/self/uid_map | tr -s " "' "$(by_path user /proc/self/ns/user)")" " 0 0 4294967295"
make_bundle "$bundle" "$user | .process.args = [\"sleep\", \"600\"]"
oci create --bundle "$bundle" u1 </dev/null && oci start u1
is "exec enters it too" "$(oci exec u1 sh -c 'id -u; readlink /proc/self/ns/user' | tr '\n' ,)" "0,$(readlink /proc/$holder/ns/user),"
oci delete --force u1
is "with a createContainer hook" "$(sh_in 'id -u' "$user | .hooks.createContainer = [{path: \"/bin/sh\", args: [\"sh\", \"-c\", \"readlink /proc/self/ns/user\"]}]" | tr '\n' ,)" "$(readlink /proc/$holder/ns/user),0,"
kill $holder; wait $holder 2>/dev/null

# --- no mount namespace of its own ---
bare='.mounts = [] | .root.readonly = false | del(.linux.maskedPaths, .linux.readonlyPaths) | .linux.namespaces |= map(select(.type != "mount"))'
mkdir -p "$bundle/rootfs/proc" "$bundle/rootfs/dev"
is "none: the host's" "$(sh_in 'pwd; ls /; [ -c /dev/null ] && echo devices' "$bare" | tr '\n' ' ')" "/ $(ls "$bundle/rootfs" | tr '\n' ' ')devices "
rm -rf "$bundle/rootfs/dev"/*
is "nothing of it is mounted" "$(table)" "$before"
like "with a warning" "$(sh_in true "$bare" 2>&1)" 'warning: .*chroot'
for case in '.mounts = [{destination: "/x", type: "tmpfs"}]|mounts: is a mount' '.root.readonly = true|root.readonly: is a mount' \
	'.linux.maskedPaths = ["/x"]|linux.maskedPaths: is a mount' '.linux.readonlyPaths = ["/x"]|linux.readonlyPaths: is a mount' \
	'.process.terminal = true|process.terminal: needs a mounted devpts' "$user | $maps|linux.namespaces: in a user namespace"; do
	refused "refused there: ${case%%|*}" 1 "${case##*|}" sh_in true "$bare | ${case%|*}"
done
make_bundle "$bundle" "$bare | .process.args = [\"sleep\", \"600\"]"
oci create --bundle "$bundle" m1 </dev/null 2>/dev/null && oci start m1
is "exec is in the container's root as well" "$(oci exec m1 ls / | tr '\n' ' ')" "$(ls "$bundle/rootfs" | tr '\n' ' ')"
oci delete --force m1
is "a createContainer hook sees the host's root" "$(sh_in true "$bare | .hooks.createContainer = [{path: \"/bin/ls\", args: [\"ls\", \"$work\"]}]" 2>/dev/null)" "$(ls "$work")"
holder -m --propagation private
nsenter -t $holder -m sh -c "mount -t tmpfs t '$bundle/rootfs' && mkdir '$bundle/rootfs/dev' && cp -a '$work/bundle2/.' '$bundle/rootfs' 2>/dev/null; mkdir -p '$bundle/rootfs/bin'; cp /bin/busybox '$bundle/rootfs/bin/sh'; cp /bin/busybox '$bundle/rootfs/bin/ls'" 2>/dev/null
there=$(nsenter -t $holder -m cat /proc/self/mountinfo)
joined="$bare | $(by_path mount "/proc/$holder/ns/mnt")"
is "mount, by path: the root is the one in there" "$(sh_in 'ls /' "$joined" 2>/dev/null | tr '\n' ' ')" "bin dev "
is "it stays the namespace's own table" "$(nsenter -t $holder -m cat /proc/self/mountinfo)" "$there"
make_bundle "$bundle" "$joined | .process.args = [\"/bin/sh\", \"-c\", \"while :; do :; done\"]"
oci create --bundle "$bundle" m2 </dev/null 2>/dev/null && oci start m2
is "exec is in there" "$(oci exec m2 /bin/ls / | tr '\n' ' ')" "bin dev "
oci delete --force m2
kill $holder; wait $holder 2>/dev/null

# --- new ones, made ahead of the process and with it ---
# What is its own, and whether it can talk to itself.
new_ones() {
	sh_in 'for t in ipc uts net pid mnt cgroup; do readlink /proc/self/ns/$t; done; ip link show lo | grep -o "LOOPBACK,UP"; hostname'
}
own=$(for t in ipc uts net pid mnt cgroup; do readlink /proc/self/ns/$t; done)
for without in nothing none ahead; do
	# With the variable, whatever it says, nothing begins before the configuration is read.
	new=$([ $without = nothing ] || export MNTNS_WITHOUT=$without; new_ones)
	is "without $without: none is the caller's" "$(grep -Fxf <(echo "$own") <<<"$new")" ""
	is "without $without: all are there, with a loopback interface and a name" "$(sed 's/:.*//' <<<"$new" | tr '\n' ' ')" "ipc uts net pid mnt cgroup LOOPBACK,UP mntns "
	ok "without $without: nothing waits for them" [ "$(ls /proc/*/task/*/ns/net 2>/dev/null | xargs -n1 readlink | grep -cFx "$(grep net: <<<"$new")")" = 0 ]
done

# What helps with a start is gone when the program runs, also where it had nothing to do.
for network in . '.linux.namespaces |= map(select(.type != "network"))'; do
	make_bundle "$bundle" ".process.args = [\"sleep\", \"900\"] | $network"
	"$OCI" --root "$oci_root" run --bundle "$bundle" "alone$$" </dev/null &
	runtime=$!
	await eval 'oci state "alone$$" 2>/dev/null | grep -q "\"running\"" && [ "$(pgrep -c -P $runtime)" = 1 ]'
	pid=$(oci state "alone$$" | jq .pid)
	is "the runtime's only child is the container" "$(pgrep -P $runtime)" "${pid:-none}"
	oci kill "alone$$" 9
	wait $runtime
done

# What begins before that is guessed from the text, and decides nothing.
net_of() { # JQ-FILTER [OPTION…]: the container's, and the uts namespace
	make_bundle "$bundle" ".process.args = [\"/bin/sh\", \"-c\", \"for t in net uts; do readlink /proc/self/ns/\$t; done\"] | $1"
	oci run "${@:2}" "ns$$" </dev/null 2>&1
}
own_two=$(readlink /proc/self/ns/net /proc/self/ns/uts)
own_net=${own_two%%$'\n'*}
new_of() { net_of "$@" | grep -vxF "$own_two" | sed 's/:.*//' | tr '\n' ' '; }
for how in "--bundle $bundle" "--bundle=$bundle" "-b $bundle" "--bundle / --config $bundle/config.json" "--bundle / -f $bundle/config.json"; do
	# shellcheck disable=SC2086 # it has words
	is "$how: a net namespace of its own" "$(new_of '.root.path = "'"$bundle"'/rootfs"' $how)" "net uts "
done
is "in the working directory" "$(cd "$bundle" && new_of .)" "net uts "
is "guessed, and not wanted" "$(net_of '{namespaces: ["network", "uts"]} + . | .linux.namespaces |= map(select(.type != "network" and .type != "uts")) | del(.hostname)' --bundle "$bundle")" "$own_two"
is "guessed, and one to join" "$(net_of "{namespaces: [\"network\", \"uts\"]} + . | $(by_path network /proc/$$/ns/net)" --bundle "$bundle" | grep -cxF "$own_net")" 1
is "wanted, and not guessed" "$(new_of '{namespaces: ["user"]} + .' --bundle "$bundle")" "net uts "
is "not within what is looked at" "$(new_of '{padding: ("x" * 200000)} + .' --bundle "$bundle")" "net uts "

# --- names ---
is "domainname" "$(sh_in 'cat /proc/sys/kernel/domainname' '.domainname = "example.org"')" example.org
is "an empty one is none" "$(sh_in 'cat /proc/sys/kernel/domainname' '.domainname = ""')" "$(cat /proc/sys/kernel/domainname)"
refused "without a namespace it would be the host's" 1 'domainname: needs a uts namespace' sh_in true '.domainname = "x" | del(.hostname) | .linux.namespaces |= map(select(.type != "uts"))'
is "no state is left" "$(ls "$oci_root")" ""
is "the host's mount table is as before" "$(table)" "$before"
finish
