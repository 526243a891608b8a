#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# process: scheduler, I/O priority, affinity, limits, labels; linux.personality and memoryPolicy; warnings.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
make_bundle

# of JQ-FILTER COMMAND…: what COMMAND PID says of a container's process, seen from outside
of() {
	make_bundle "$bundle" ".process.args = [\"sleep\", \"600\"] | $1"
	oci create --bundle "$bundle" p1 </dev/null && oci start p1 && pid=$(oci state p1 | jq .pid) && shift && "$@"
	oci delete --force p1
}
policy() { chrt -p "$pid" | sed 's/pid [0-9]*.s //' | tr '\n' ,; }
nice_of() { cut -d' ' -f19 "/proc/$pid/stat"; }

# --- scheduler ---
is "SCHED_BATCH with a nice value" "$(of '.process.scheduler = {policy: "SCHED_BATCH", nice: 7}' eval 'policy; nice_of')" \
	"current scheduling policy: SCHED_BATCH,current scheduling priority: 0,7"
is "SCHED_OTHER with a negative one" "$(of '.process.scheduler = {policy: "SCHED_OTHER", nice: -3}' nice_of)" -3
is "SCHED_IDLE" "$(of '.process.scheduler = {policy: "SCHED_IDLE"}' policy)" "current scheduling policy: SCHED_IDLE,current scheduling priority: 0,"
is "with reset-on-fork" "$(of '.process.scheduler = {policy: "SCHED_BATCH", flags: ["SCHED_FLAG_RESET_ON_FORK"]}' policy)" \
	"current scheduling policy: SCHED_BATCH|SCHED_RESET_ON_FORK,current scheduling priority: 0,"
# Where a v1 cpu controller grants real time by cgroup, the tests' own has none to pass on.
real=$(of '.process.scheduler = {policy: "SCHED_FIFO", priority: 5}' policy 2>&1)
if chrt -f 5 true 2>/dev/null && [ ! -e /sys/fs/cgroup/cpu/cpu.rt_runtime_us ]; then
	is "SCHED_FIFO" "$real" "current scheduling policy: SCHED_FIFO,current scheduling priority: 5,"
else
	like "SCHED_FIFO without a share of real time: the error says what it needs" "$real" \
		'process.scheduler: Operation not permitted; .*realtimeRuntime'
fi
is "SCHED_DEADLINE" "$(of '.process.scheduler = {policy: "SCHED_DEADLINE", runtime: 1000000, deadline: 100000000, period: 100000000}' \
	eval 'policy' | cut -d, -f1)" "current scheduling policy: SCHED_DEADLINE"
deadline='.process.scheduler = {policy: "SCHED_DEADLINE", runtime: 1000000, deadline: 100000000, period: 100000000'
hook='.hooks.startContainer = [{path: "/bin/echo", args: ["echo", "hook"]}]'
refused "it cannot fork, so a hook inside fails" 1 'hook /bin/echo: Resource temporarily unavailable' sh_in true "$deadline} | $hook"
is "but with reset-on-fork" "$(sh_in ':' "$deadline, flags: [\"SCHED_FLAG_RESET_ON_FORK\"]} | $hook")" hook
is "in a user namespace too: it is set from outside" "$(chmod -R a+rX "$bundle"; of '.linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 1000}] | .linux.gidMappings = .linux.uidMappings | .process.scheduler = {policy: "SCHED_OTHER", nice: -5}' nice_of)" -5
for case in '{policy: "SCHED_ISO"}|policy: .SCHED_ISO. is none' '{policy: "SCHED_FIFO"}|priority: expected 1 to 99' \
	'{policy: "SCHED_OTHER", priority: 3}|priority: is for SCHED_FIFO' '{policy: "SCHED_RR", priority: 3, nice: 2}|nice: is for SCHED_OTHER' \
	'{policy: "SCHED_OTHER", nice: 20}|nice: expected' '{policy: "SCHED_OTHER", flags: ["SCHED_FLAG_UTIL_CLAMP_MIN"]}|flags\[0\]: .SCHED_FLAG_UTIL_CLAMP_MIN. is none' \
	'{policy: "SCHED_IDLE", period: 5}|period: is for SCHED_DEADLINE'; do
	refused "refused: scheduler ${case%%|*}" 1 "process.scheduler.${case#*|}" sh_in true ".process.scheduler = ${case%%|*}"
done

# --- ioPriority ---
is "I/O priority" "$(of '.process.ioPriority = {class: "IOPRIO_CLASS_BE", priority: 2}' eval 'ionice -p $pid')" "best-effort: prio 2"
is "the idle class" "$(of '.process.ioPriority = {class: "IOPRIO_CLASS_IDLE"}' eval 'ionice -p $pid')" idle
is "real time" "$(of '.process.ioPriority = {class: "IOPRIO_CLASS_RT", priority: 7}' eval 'ionice -p $pid')" "realtime: prio 7"
refused "refused: a class that is none" 1 'process.ioPriority.class: .X. is none' sh_in true '.process.ioPriority = {class: "X"}'
refused "refused: a priority beyond 7" 1 'process.ioPriority.priority: expected' sh_in true '.process.ioPriority = {class: "IOPRIO_CLASS_BE", priority: 8}'

# --- execCPUAffinity ---
allowed='sed -n s/^Cpus_allowed_list:.//p /proc/self/status'
all=$($allowed)
affinity='.process.execCPUAffinity = {initial: "1", final: "0"}'
make_bundle "$bundle" ".process.args = [\"/bin/sh\", \"-c\", \"$allowed; sleep 600\"] | $affinity"
oci create --bundle "$bundle" p1 >"$work/out" </dev/null && oci start p1
sleep 0.3
is "affinity is of exec, not of the container's process" "$(cat "$work/out")" "$all"
is "exec runs on the CPUs of final" "$(oci exec p1 $allowed)" 0
jq '.process | .args = ["sed", "-n", "s/^Cpus_allowed_list:.//p", "/proc/self/status"] | .execCPUAffinity = {initial: "1"}' "$bundle/config.json" >"$work/process"
is "or of initial, where there is no other" "$(oci exec --process "$work/process" p1)" 1
is "a process of its own without any is as free as the caller" \
	"$(jq 'del(.execCPUAffinity)' "$work/process" >"$work/process2"; oci exec --process "$work/process2" p1)" "$all"
oci delete --force p1
refused "refused: no list of CPUs" 1 'process.execCPUAffinity.final: expected a list like' sh_in true '.process.execCPUAffinity.final = "x"'

# --- personality, memory policy ---
is "personality LINUX32" "$(sh_in 'uname -m; cat /proc/self/personality' '.linux.personality = {domain: "LINUX32"}' | tr '\n' ,)" "i686,00000008,"
is "personality LINUX" "$(sh_in 'cat /proc/self/personality' '.linux.personality = {domain: "LINUX"}')" 00000000
make_bundle "$bundle" '.process.args = ["sleep", "600"] | .linux.personality = {domain: "LINUX32"}'
oci create --bundle "$bundle" p1 </dev/null && oci start p1
is "exec has it as well" "$(oci exec p1 uname -m)" i686
oci delete --force p1
refused "refused: another domain" 1 'linux.personality.domain: .SVR4. is none' sh_in true '.linux.personality = {domain: "SVR4"}'
refused "refused: flags" 1 'linux.personality.flags\[0\]: the specification has no flags' sh_in true '.linux.personality = {domain: "LINUX", flags: ["X"]}'
is "memory policy" "$(of '.linux.memoryPolicy = {mode: "MPOL_BIND", nodes: "0", flags: ["MPOL_F_STATIC_NODES"]}' eval 'cut -d" " -f2 /proc/$pid/numa_maps | sort -u')" "bind=static:0"
is "without nodes" "$(of '.linux.memoryPolicy = {mode: "MPOL_LOCAL"}' eval 'cut -d" " -f2 /proc/$pid/numa_maps | sort -u')" local
refused "a node that is not there" 1 'linux.memoryPolicy: Invalid argument' sh_in true '.linux.memoryPolicy = {mode: "MPOL_BIND", nodes: "900"}'
refused "refused: another mode" 1 'linux.memoryPolicy.mode: .X. is none' sh_in true '.linux.memoryPolicy = {mode: "X"}'

# --- rlimits ---
# Raising one needs CAP_SYS_RESOURCE; these two are 0 where nobody raised them.
raised=0
prlimit --nice=3:3 --rtprio=3:3 true 2>/dev/null && raised=3
limits='{"AS": 4294967296, "CORE": 0, "CPU": 60, "DATA": 4294967296, "FSIZE": 1048576, "LOCKS": 9, "MEMLOCK": 65536, "MSGQUEUE": 8192, "NICE": '$raised', "NOFILE": 99, "NPROC": 55, "RSS": 1048576, "RTPRIO": '$raised', "RTTIME": 1000000, "SIGPENDING": 77, "STACK": 8388608}'
is "all sixteen rlimits" "$(sh_in 'tail -n +2 /proc/self/limits | cut -c27-68 | tr -s " " | sort -n | tr "\n" ,' \
	".process.rlimits = ($limits | to_entries | map({type: (\"RLIMIT_\" + .key), soft: .value, hard: .value}))")" \
	"$(jq -rn "$limits | to_entries | map(\"\(.value) \(.value) \") | .[]" | sort -n | tr '\n' ,)"
is "unlimited is 2^64-1" "$(sh_in 'ulimit -c; ulimit -Hc' '.process.rlimits = [{type: "RLIMIT_CORE", soft: 18446744073709551615, hard: 18446744073709551615}]' | tr '\n' ,)" "unlimited,unlimited,"

# --- labels ---
if grep -q Y /sys/module/apparmor/parameters/enabled 2>/dev/null; then
	is "an AppArmor profile" "$(sh_in 'cat /proc/self/attr/current' '.process.apparmorProfile = "unconfined"')" unconfined
else
	refused "AppArmor: this kernel runs without" 1 'process.apparmorProfile: this kernel runs without AppArmor' sh_in true '.process.apparmorProfile = "x"'
	make_bundle "$bundle" '.process.args = ["sleep", "600"]'
	oci create --bundle "$bundle" p1 </dev/null && oci start p1
	refused "exec says so too" 255 'process.apparmorProfile: this kernel runs without AppArmor' oci exec --apparmor x p1 true
	oci delete --force p1
fi
if ! grep -q selinuxfs /proc/filesystems; then
	refused "SELinux: this kernel runs without" 1 'process.selinuxLabel: this kernel runs without SELinux' sh_in true '.process.selinuxLabel = "a:b:c:d"'
	refused "nor are there labels of mounts" 1 'linux.mountLabel: this kernel runs without SELinux' sh_in true '.linux.mountLabel = "a:b:c:d"'
fi
is "empty labels are none" "$(sh_in 'echo here' '.process.apparmorProfile = "" | .process.selinuxLabel = "" | .linux.mountLabel = ""')" here
refused "RDT is refused" 1 'linux.intelRdt: Intel RDT is not supported' sh_in true '.linux.intelRdt = {closID: "x"}'

# --- warnings ---
warned='.process.capabilities.bounding += ["CAP_NONE"] | .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["none_a", "none_b"], action: "SCMP_ACT_ERRNO"}]}'
like "warnings, where there is no log" "$(sh_in true "$warned" 2>&1)" "mntns-oci: warning: capability 'CAP_NONE' is unknown here and not given"
make_bundle "$bundle" "$warned | .process.args = [\"true\"]"
"$OCI" --root "$oci_root" --log "$work/log" --log-format json run --bundle "$bundle" w1 </dev/null 2>"$work/err"
is "in a log of JSON" "$(jq -r '.level + " " + .msg' "$work/log" | tr '\n' ,)" \
	"warning capability 'CAP_NONE' is unknown here and not given,warning seccomp: system calls that are unknown here: none_a none_b,"
is "and then nowhere else" "$(cat "$work/err")" ""
rm "$work/log"
"$OCI" --root "$oci_root" --log "$work/log" run --bundle "$bundle" w2 </dev/null
like "in one of text" "$(head -1 "$work/log")" '^time="[^"]*" level=warning msg="capability '
change '.process.args = ["no-such"]'
rm "$work/log"
"$OCI" --root "$oci_root" --log "$work/log" --log-format json run --bundle "$bundle" w3 </dev/null 2>/dev/null
is "what fails has its error alone: engines read one line" "$(jq -r .level "$work/log")" error
is "no state is left" "$(ls "$oci_root")" ""
finish
