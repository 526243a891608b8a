#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# containerd with ctr: io.containerd.runc.v2 calls the runtime under test.
. "$(dirname "$0")/../lib/engines.sh"
engines_mounts
podman_conf "$store"
image_context
podman --runtime "$OCI_RUNTIME" build -q --network none -t bb "$work/context" >/dev/null
podman save -q --format oci-archive -o "$work/bb.tar" bb

# A wrapper tells that it was this runtime.
printf '#!/bin/sh\necho "$*" >>%s/calls\nexec %s "$@"\n' "$work" "$OCI_RUNTIME" >"$work/wrapper"
chmod +x "$work/wrapper"
socket=$store/c.sock
cat >"$store/config.toml" <<-END
	version = 2
	root = "$store/containerd"
	state = "/run/containerd-state"
	disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.btrfs",
		"io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs",
		"io.containerd.snapshotter.v1.devmapper"]
	[grpc]
	address = "$socket"
END
containerd -c "$store/config.toml" >"$work/containerd.log" 2>&1 &
ctr() { command ctr -a "$socket" "$@"; }
eventually "containerd answers" ctr version
ok "the image" ctr images import --index-name bb "$work/bb.tar"
# start NAME [CTR-FLAG…] -- COMMAND…
start() {
	local name=$1 flags=()
	shift
	while [ "$1" != -- ]; do flags+=("$1") && shift; done
	ctr run --runtime io.containerd.runc.v2 --runc-binary "$work/wrapper" \
		--cgroup "$cgroup/$name" "${flags[@]}" bb "$name" "${@:2}"
}
once() {
	local flags=()
	while [ "$1" != -- ]; do flags+=("$1") && shift; done
	start "o$((++count_once))-$RANDOM" --rm "${flags[@]}" -- "${@:2}" </dev/null
}
count_once=0
status_is() { ctr task ls | grep -qE "^$1 .* $2"; }
gone() { ! ctr task ls | grep -q "^$1 "; }

# --- run ---
is "run --rm prints what the program prints" "$(once -- echo hello)" hello
like "the shim calls this runtime, with a log" "$(cat "$work/calls")" \
	'^--root /run/containerd/runc/default --log .*/log.json --log-format json create --bundle '
once -- sh -c 'exit 7'
is "its status" $? 7
once -- sh -c 'kill -9 $$; sleep 1'
is "PID 1 does not take its own SIGKILL" $? 0
is "--env, --cwd" "$(once --env A=b --cwd /tmp -- sh -c 'echo $A $PWD')" "b /tmp"
like "-t" "$(on_terminal "ctr -a $socket run --rm -t --runtime io.containerd.runc.v2 --runc-binary $work/wrapper --cgroup $cgroup/t bb t sh -c 'tty; sleep 0.5'")" \
	'/dev/pts/0'
like "--read-only" "$(once --read-only -- touch /x 2>&1)" 'Read-only file system'
# ctr gives no /sys/fs/cgroup to the container: this side reads what the runtime wrote.
ok "limits" start limits -d --memory-limit 67108864 --cpu-quota 50000 --cpu-period 100000 -- sleep 1000
limit() { cat $(find /sys/fs/cgroup -path "*$cgroup/limits/$1"); }
is "--memory-limit" "$(limit memory.limit_in_bytes)" 67108864
is "--cpu-quota" "$(limit cpu.cfs_quota_us)" 50000
ctr task delete -f limits >/dev/null 2>&1
ctr containers delete limits
is "without --seccomp" "$(once -- grep Seccomp: /proc/self/status | tr -d '\t')" "Seccomp:0"
is "--seccomp" "$(once --seccomp -- grep Seccomp: /proc/self/status | tr -d '\t')" "Seccomp:2"
printf '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":38}]}' >"$work/seccomp.json"
like "--seccomp-profile" "$(once --seccomp --seccomp-profile "$work/seccomp.json" -- mkdir /tmp/x 2>&1)" 'not implemented'
is "--uidmap, --gidmap" "$(once --uidmap 0:100000:65536 --gidmap 0:100000:65536 -- sh -c 'id -u; cat /proc/self/uid_map' | tr -s ' \n' ' ')" \
	"0 0 100000 65536 "
# All the capabilities that the caller itself has.
is "--privileged" "$(once --privileged -- grep CapEff /proc/self/status)" "$(grep CapEff /proc/self/status)"
mkdir "$work/shared"
mount -t tmpfs shared "$work/shared"
mount --make-shared "$work/shared"
echo there >"$work/shared/file"
mkdir "$work/shared/in"
is "--mount" "$(once --mount "type=bind,src=$work/shared,dst=/v,options=rbind:ro" -- sh -c 'cat /v/file; touch /v/x 2>/dev/null || echo refused' | tr '\n' ' ')" \
	"there refused "
tags() { once "${@:2}" -- grep " $1 " /proc/self/mountinfo | sed -E 's/^.* (rw|ro),[^ ]* (.*) ?- .*$/\2/;s/[0-9]+//g;s/ *$//'; }
v() { tags /v --mount "type=bind,src=$work/shared,dst=/v,options=rbind$1"; }
is "a mount that says nothing" "$(v "")" ""
is "rslave" "$(v :rslave)" "master:"
like "rshared" "$(v :rshared)" '^shared:'
is "rprivate" "$(v :rprivate)" ""
is "a root that says nothing" "$(tags /)" ""
like "--rootfs-propagation rshared" "$(tags / --rootfs-propagation rshared)" 'shared:'

# --- errors ---
refused "a program that is not there" 1 'create failed.*(/bin/none|none).*([Nn]o such file|not found)' once -- /bin/none
refused "a file that cannot be executed" 1 'create failed.*[Pp]ermission denied' once -- /etc/passwd
refused "a source that is not there" 1 'create failed.*/not-there' \
	once --mount type=bind,src=/not-there,dst=/v,options=bind -- true

# --- the life of a task ---
ok "run -d" start life -d -- sh -c 'trap "exit 3" TERM; while :; do sleep 0.1; done'
eventually "it runs" status_is life RUNNING
ok "its cgroup" ls -d "/sys/fs/cgroup/pids$cgroup/life"
is "exec" "$(ctr task exec --exec-id e1 --user 1000 --cwd /tmp life sh -c 'echo $PWD $(id -u)')" "/tmp 1000"
ctr task exec --exec-id e2 life sh -c 'exit 9'
is "exec's status" $? 9
refused "exec of what is not there" 1 '/bin/none.*([Nn]o such file|not found)' ctr task exec --exec-id e3 life /bin/none
pid=$(ctr task ls | awk '$1 == "life" { print $2 }')
ok "exec -d" ctr task exec -d --exec-id e4 life sleep 4321
detached=$(pgrep -xf 'sleep 4321')
is "it runs on, in the container" "$(readlink "/proc/$detached/ns/pid")" "$(readlink "/proc/$pid/ns/pid")"
like "exec -t" "$(on_terminal "ctr -a $socket task exec -t --exec-id e6 life sh -c 'tty; sleep 0.5'")" '/dev/pts/[0-9]'
like "task ps" "$(ctr task ps life)" "^$pid "
like "metrics" "$(ctr task metrics life)" '^memory.usage_in_bytes +[1-9]'
ok "pause" ctr task pause life
ok "it is paused" status_is life PAUSED
ok "resume" ctr task resume life
ok "it runs again" status_is life RUNNING
ok "kill" ctr task kill -s SIGTERM life
eventually "it ended" status_is life STOPPED
like "its status is the program's" "$(ctr task delete life 2>&1)" 'exit code 3"?$'
ok "the container goes" ctr containers delete life

ok "run -d of two processes" start two -d -- sh -c 'sleep 1000 & sleep 1000'
ok "kill --all" ctr task kill --all -s SIGKILL two
eventually "both ended" status_is two STOPPED
ctr task delete two >/dev/null 2>&1
ok "that container goes too" ctr containers delete two

# --- the shim is killed: containerd cleans up with `delete --force` ---
ok "run -d under a shim to be killed" start orphan -d -- sleep 1000
pid=$(ctr task ls | awk '$1 == "orphan" { print $2 }')
shim=$(awk '$1 == "PPid:" { print $2 }' "/proc/$pid/status")
like "the shim is its parent" "$(tr '\0' ' ' <"/proc/$shim/cmdline")" 'containerd-shim-runc-v2'
kill -9 "$shim"
eventually "the task is no more" gone orphan
process_ended() { ! grep -q '^State:.[^ZX]' "/proc/$pid/status" 2>/dev/null; }
eventually "nor is its process" process_ended
eventually "nor is its cgroup" [ ! -e "/sys/fs/cgroup/pids$cgroup/orphan" ]
ok "its container goes" ctr containers delete orphan
is "the id works again" "$(start orphan --rm -- echo again </dev/null)" again

# --- nothing is left ---
is "no task" "$(ctr task ls -q)" ""
is "no container" "$(ctr containers ls -q)" ""
is "no state" "$(find /run/containerd/runc -mindepth 2 -not -path '*/.filters*' 2>/dev/null)" ""
is "no cgroup" "$(find /sys/fs/cgroup -mindepth 2 -type d -path "*$cgroup/*" -not -name 'libpod*' -not -path '*/buildah*')" ""
unlike "no mount" "$(cat /proc/self/mountinfo)" '/run/containerd-state/io.containerd.runtime'
finish
