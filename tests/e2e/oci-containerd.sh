#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# containerd and ctr, through its shim io.containerd.runc.v2, with the OCI runtime under test.
. "$(dirname "$0")/../lib/engines.sh"
engines_mounts
podman_conf "$store"
image_context
podman --runtime "$OCI_RUNTIME" build -q --network none -t bb "$work/context" >/dev/null 2>&1
podman save -q --format oci-archive -o "$work/bb.tar" bb

# --- the daemon, with nothing but what ctr needs ---
socket=$store/c.sock
cat >"$work/config.toml" <<-END
	version = 2
	root = "$store/root"
	state = "/run/containerd"
	disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
		"io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper"]
	[grpc]
	  address = "$socket"
END
containerd -c "$work/config.toml" >"$work/containerd.log" 2>&1 &
ctr() { command ctr --address "$socket" "$@"; }
for _ in {1..100}; do ctr version >/dev/null 2>&1 && break; sleep 0.1; done
ok "containerd is there" ctr version
ok "the image" ctr images import --index-name bb "$work/bb.tar"
ctr_run() { # ctr run's OPTIONS… ID PROGRAM…: of our image, by our runtime
	local options=()
	while [[ $1 = -* ]]; do
		options+=("$1")
		shift
	done
	ctr run --runtime io.containerd.runc.v2 --runc-binary "$OCI_RUNTIME" --cgroup "$cgroup/$1" "${options[@]}" bb "$@"
}

# --- run ---
is "run prints what the program prints" "$(ctr_run --rm c1 echo hello)" hello
ctr_run --rm c2 sh -c 'exit 7' >/dev/null 2>&1
is "the program's status" $? 7
is "environment and directory" "$(ctr_run --rm --env=A=b --cwd=/tmp c3 sh -c 'echo $A $PWD')" "b /tmp"
like "a terminal" "$(script -qec "$(declare -f ctr ctr_run); socket=$socket OCI_RUNTIME=$OCI_RUNTIME cgroup=$cgroup; ctr_run --rm -t c4 sh -c 'tty; sleep 0.5'" /dev/null)" '/dev/pts/0'
is "a read-only root" "$(ctr_run --rm --read-only c5 sh -c 'touch /x 2>/dev/null; echo $?')" 1
mkdir "$work/host"
echo there >"$work/host/file"
is "a mount" "$(ctr_run --rm "--mount=type=bind,src=$work/host,dst=/mnt,options=rbind:ro" c6 cat /mnt/file)" there
ctr_run -d --memory-limit=33554432 --cpu-quota=50000 --cpu-period=100000 c7 sleep 100
is "a limit of memory" "$(cat "/sys/fs/cgroup/memory$cgroup/c7/memory.limit_in_bytes")" 33554432
is "a quota of time" "$(cat "/sys/fs/cgroup/cpu$cgroup/c7/cpu.cfs_quota_us")" 50000
ctr tasks delete --force c7 >/dev/null 2>&1
ctr containers delete c7
ok "the cgroup goes with it" [ ! -e "/sys/fs/cgroup/memory$cgroup/c7" ]
is "the usual filter" "$(ctr_run --rm --seccomp c9 grep Seccomp: /proc/self/status | tr -d '\t')" "Seccomp:2"
like "a user namespace" "$(ctr_run --rm --uidmap=0:100000:1000 --gidmap=0:100000:1000 c10 cat /proc/self/uid_map | tr -s ' ')" '^ 0 100000 1000$'
mount -t tmpfs shared "$work/host"
mount --make-shared "$work/host"
like "propagation of the root" "$(ctr_run --rm --rootfs-propagation=shared c11 grep ' / / ' /proc/self/mountinfo)" 'shared:'
like "a program that is not there" "$(ctr_run --rm c12 /bin/none 2>&1)" 'executable file not found|no such file'
# As much as we have ourselves.
like "privileged" "$(ctr_run --rm --privileged c13 grep CapEff /proc/self/status)" "$(grep CapEff /proc/self/status | cut -f2)"

# --- a life ---
ok "run -d" ctr_run -d long sh -c 'trap "exit 3" TERM; echo up; while :; do sleep 0.1; done'
running() { ctr tasks ls | grep -q "^$1 .*$2"; }
eventually "it runs" running long RUNNING
is "exec" "$(ctr tasks exec --exec-id e1 long echo inside)" inside
ctr tasks exec --exec-id e2 long sh -c 'exit 9' >/dev/null 2>&1
is "the status of what was executed" $? 9
is "exec with a user and a directory" "$(ctr tasks exec --exec-id e3 --user 1000 --cwd /tmp long sh -c 'id -u; pwd' | xargs)" "1000 /tmp"
ok "exec -d" ctr tasks exec -d --exec-id e4 long sleep 100
like "ps" "$(ctr tasks ps long | tail -n +2 | wc -l)" '^[2-9]'
ok "pause" ctr tasks pause long
ok "it is paused" running long PAUSED
ok "resume" ctr tasks resume long
ok "it runs again" running long RUNNING
like "metrics" "$(ctr tasks metrics long)" '(memory.usage_in_bytes|pids.current) +[1-9]'
ok "kill" ctr tasks kill --signal SIGTERM long
eventually "it stopped" running long STOPPED
ok "it is deleted" ctr tasks delete long
ok "with its container" ctr containers delete long

ok "another" ctr_run -d many sh -c 'sleep 1000 & sleep 1000 & wait'
eventually "it runs" running many RUNNING
ok "kill --all" ctr tasks kill --all --signal SIGKILL many
eventually "all of it stopped" running many STOPPED
ok "and is deleted" ctr tasks delete many
ctr containers delete many

# --- who watches dies ---
ok "a third" ctr_run -d orphan sleep 1000
eventually "it runs" running orphan RUNNING
pid=$(ctr tasks ls | awk '$1 == "orphan" { print $2 }')
pkill -9 -f 'containerd-shim-runc-v2.*-id orphan'
gone() { ! kill -0 "$1" 2>/dev/null; }
eventually "without its shim it is ended" gone "$pid"
ctr tasks delete --force orphan >/dev/null 2>&1
ctr containers delete orphan >/dev/null 2>&1
is "the id is free" "$(ctr_run --rm orphan echo again)" again
is "no state of the runtime is left" "$(find /run/containerd/runc -mindepth 2 -maxdepth 2 -not -name '.*' 2>/dev/null)" ""
is "no container" "$(ctr containers ls -q)" ""
finish
