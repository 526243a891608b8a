#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns-oci: one container from config.json to its end, and its life by steps.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
make_bundle

# --- spec ---
refused "spec does not overwrite" 1 "File exists" "$OCI" spec --bundle "$bundle"
ok "spec under another name" "$OCI" spec --bundle "$bundle" --file other.json
is "which is there" "$(jq -r .ociVersion "$bundle/other.json")" "$("$OCI" --version | sed -n 's/^spec: //p')"
like "the version engines parse" "$("$OCI" --version | head -1)" '^mntns-oci version [0-9.]+$'
ok "features is JSON" sh -c "'$OCI' features | jq -e .linux.seccomp.enabled"

# --- run ---
"$OCI" --root "$oci_root" --debug --log "$work/ops" --log-format json run --bundle "$bundle" told </dev/null >/dev/null 2>&1
like "--debug logs the operations" "$(jq -r 'select(.level == "debug").msg' "$work/ops")" '^pivot-root '
ok "which are ops" sh -c "jq -r 'select(.level == \"debug\").msg' '$work/ops' | '$MNTNS' ops -f -"
before=$(table)
sh_in 'exit 7'
is "the program's status is run's" $? 7
is "the host's mount table is as before" "$(table)" "$before"
is "no state is left" "$(ls "$oci_root")" ""
is "nor a cgroup" "$(cgroups_of "c$$-1")" ""
is "the program is PID 1" "$(sh_in 'echo $$')" 1
is "with the name that was given" "$(sh_in hostname)" mntns
is "and in the directory that was given, which is made" \
	"$(sh_in pwd '.process.cwd = "/made/for/it" | .root.readonly = false')" /made/for/it
is "a read-only root" "$(sh_in 'touch /x 2>&1')" "touch: /x: Read-only file system"
is "umask is 022" "$(sh_in umask)" 0022
is "umask of the configuration" "$(sh_in umask '.process.user.umask = 63')" 0077
is "HOME from the container's passwd" "$(sh_in 'echo $HOME')" /root
is "no descriptor is left over" "$(sh_in 'ls /proc/self/fd | wc -l')" 4
sh_in 'kill -9 -1; sleep 900' &
await oci kill "c$$-$((containers + 1))" 9 2>/dev/null
wait $!
is "killed: 128 and the signal" $? 137
containers=$((containers + 1))

# --- who ---
is "user, group and additional groups" \
	"$(sh_in 'id -u; id -g; id -G' '.process.user = {uid: 1000, gid: 1001, additionalGids: [7, 8]}' | tr '\n' ,)" \
	"1000,1001,1001 7 8,"
is "the capabilities given and no other" "$(sh_in 'grep ^Cap /proc/self/status | cut -f2' | tr '\n' ,)" \
	"0000000000000000,0000000020000420,0000000020000420,0000000020000420,0000000000000000,"
is "ambient capabilities of a user" "$(sh_in 'grep CapEff /proc/self/status | cut -f2' \
	'.process.user.uid = 5 | .process.capabilities |= (.inheritable = ["CAP_KILL"] | .ambient = ["CAP_KILL"])')" \
	0000000000000020
is "no_new_privs" "$(sh_in 'grep NoNewPrivs /proc/self/status | cut -f2')" 1
is "without it there is none" "$(sh_in 'grep NoNewPrivs /proc/self/status | cut -f2' '.process.noNewPrivileges = false')" 0
is "rlimits" "$(sh_in 'ulimit -n; ulimit -Hn' '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 100, hard: 200}]' | tr '\n' ,)" "100,200,"
is "oom_score_adj" "$(sh_in 'cat /proc/self/oom_score_adj' '.process.oomScoreAdj = 321')" 321

# --- what is seen ---
is "namespaces of its own" "$(sh_in 'for i in net ipc uts cgroup pid mnt; do readlink /proc/self/ns/$i; done' |
	grep -cvFf <(readlink /proc/self/ns/{net,ipc,uts,cgroup,pid,mnt}))" 6
is "masked files are empty" "$(sh_in 'wc -c </proc/keys')" 0
is "masked directories are empty" "$(sh_in 'grep -c " /sys/firmware ro.* tmpfs " /proc/self/mountinfo')" 1
is "as before Linux 6.15 too" "$(MNTNS_WITHOUT=detached sh_in 'grep -c " /sys/firmware ro.* tmpfs " /proc/self/mountinfo')" 1
like "read-only paths" "$(sh_in 'echo 1 >/proc/sys/kernel/panic' 2>&1)" "Read-only file system"
is "the usual devices" "$(sh_in 'cd /dev; ls -d full null ptmx random tty urandom zero fd stdin | wc -l')" 9
is "a device more, with its owner" \
	"$(sh_in 'stat -c "%a %u %g %t:%T" /dev/x/loop' '.linux.devices = [{path: "/dev/x/loop", type: "b", major: 7, minor: 3, fileMode: 384, uid: 3, gid: 4}]')" \
	"600 3 4 7:3"
echo host >"$work/file"
mkdir -p "$work/dir/sub"
is "a bind of a file, read-only" "$(sh_in 'cat /etc/it; echo x >/etc/it' \
	".mounts += [{destination: \"/etc/it\", source: \"$work/file\", options: [\"bind\", \"ro\"]}] | .root.readonly = false" 2>&1 | tr '\n' ,)" \
	"host,/bin/sh: can't create /etc/it: Read-only file system,"
is "a tmpfs that starts with what it covers" \
	"$(sh_in 'cat /etc/passwd | wc -l; touch /etc/new; stat -f -c %T /etc' \
		'.mounts += [{destination: "/etc", type: "tmpfs", source: "tmpfs", options: ["tmpcopyup", "size=1m"]}]' | tr '\n' ,)" "2,tmpfs,"
is "sysctl of its network" "$(sh_in 'cat /proc/sys/net/ipv4/ip_forward' '.linux.sysctl = {"net.ipv4.ip_forward": "1"}')" 1
is "a user namespace" "$(chmod -R a+rX "$bundle"; sh_in 'id -u; cat /proc/self/uid_map | tr -s " "' \
	'.linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 1000}] | .linux.gidMappings = .linux.uidMappings' | tr '\n' ,)" \
	"0, 0 100000 1000,"
is "time offsets" "$(sh_in 'cut -d. -f1 /proc/uptime | wc -c' '.linux.namespaces += [{type: "time"}] | .linux.timeOffsets = {boottime: {secs: 1000000000, nanosecs: 0}}')" 11
is "a network namespace by path" "$(sh_in 'readlink /proc/self/ns/net' \
	'(.linux.namespaces[] | select(.type == "network")) |= (.path = "/proc/self/ns/net") | del(.mounts[] | select(.type == "sysfs"))')" \
	"$(readlink /proc/self/ns/net)"

# --- limits ---
is "memory" "$(sh_in 'cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max' '.linux.resources.memory.limit = 33554432' 2>/dev/null)" 33554432
is "pids" "$(sh_in 'cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max' '.linux.resources.pids.limit = 99' 2>/dev/null)" 99
like "devices that the rules do not allow" \
	"$(sh_in 'mknod /tmp/k c 1 2; head -c1 /tmp/k' \
		'.process.capabilities[] += ["CAP_MKNOD"] | .root.readonly = false' 2>&1)" "not permitted"

# --- seccomp ---
is "a filter" "$(sh_in 'mkdir /tmp/d' '.root.readonly = false | .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO", errnoRet: 38}]}' 2>&1)" \
	"mkdir: can't create directory '/tmp/d': Function not implemented"
is "a filter without no_new_privs" "$(sh_in 'grep Seccomp: /proc/self/status | cut -f2' '.process.noNewPrivileges = false | .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["mkdir"], action: "SCMP_ACT_ERRNO"}]}')" 2

# --- failures say why, and leave nothing ---
refused "a program that is not there: 127" 127 'executable file not found in \$PATH' sh_in true '.process.args = ["nope"]'
refused "one that cannot be executed: 126" 126 'permission denied' sh_in true '.process.args = ["/etc/passwd"]'
refused "a root that is not there" 1 'No such file' sh_in true '.root.path = "none"'
refused "a bind's source that is not there" 1 'mounts\[7\]' sh_in true '.mounts += [{destination: "/x", source: "/none", options: ["bind"]}]'
for case in '.ociVersion = 1|ociVersion: expected a string' 'del(.process.args)|process.args: is missing' \
	'.process.cwd = "x"|process.cwd: expected an absolute path' \
	'.linux.namespaces[0].type = "x"|linux.namespaces\[0\].type: there is no namespace' \
	'.linux.maskedPaths = 3|linux.maskedPaths: expected an array' \
	'.process.user.uid = -1|process.user.uid: expected an integer' \
	'.linux.rootfsPropagation = "x"|linux.rootfsPropagation: expected shared' \
	'.linux.sysctl = {"kernel.panic": "1"}|linux.sysctl.kernel.panic: is no sysctl of a namespace' \
	'.linux.resources.memory.limit = "x"|linux.resources.memory.limit: expected an integer' \
	'.linux.resources.rdma = {a: {hcaHandles: 1}}|linux.resources.rdma.a: ' \
	'.linux.seccomp = {defaultAction: "X"}|linux.seccomp.defaultAction: .X. is no action'; do
	refused "refused: ${case%%|*}" 1 "${case#*|}" sh_in true "${case%%|*}"
done
is "no state is left of any of them" "$(ls "$oci_root")" ""
is "the host's mount table is still as before" "$(table)" "$before"
finish
