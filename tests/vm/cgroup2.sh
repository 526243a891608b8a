#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Limits of mntns-oci where cgroup2 is alone and has every controller: in the cgroup's files, and by what they do.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
top=/sys/fs/cgroup
name=cgroup2
cg=$top/mntns-oci-$name
M=$((1 << 20))
make_bundle "$work/box" '.process.args = ["/bin/sleep", "1000"] | .root.readonly = false'
cp "$bundle/config.json" "$work/plain.json"
# started JQ-FILTER: a container of that configuration
started() {
	jq "$1" "$work/plain.json" >"$bundle/config.json"
	oci create --bundle "$bundle" "$name" </dev/null >"$work/said" 2>&1 || { cat "$work/said" >&2; return 1; }
	oci start "$name"
}
limited() { started ".linux.resources += $1"; }
# runs SCRIPT [JQ-FILTER]: a container of the script alone, with its status
runs() {
	jq ".process.args = [\"/bin/sh\", \"-c\", $(jq -Rn --arg s "$1" '$s')] | ${2:-.}" "$work/plain.json" >"$bundle/config.json"
	oci run --bundle "$bundle" "$name" </dev/null 2>&1
}
updated() { jq -n "$1" | oci update --resources - "$name"; }
inside() { oci exec "$name" /bin/sh -c "$1" 2>&1; }
# file NAME: of the container's cgroup, in a line
file() { tr '\n' ' ' <"$cg/$1" | sed 's/ *$//'; }
# files NAME…: the same of several, by "; "
files() { for f; do printf '%s%s' "$([ "$f" = "$1" ] || echo '; ')" "$(file "$f")"; done; }
gone() {
	oci delete --force "$name"
	is "$1: nothing is left" "$(ls -d "$cg" "$oci_root/$name" 2>/dev/null)" ""
}
nothing_of() { # SENTENCE PATTERN RESOURCES
	refused "$1" 1 "$2" limited "$3"
	is "$1: nothing is left" "$(ls -d "$cg" "$oci_root/$name" 2>/dev/null)" ""
}
event() { sed -n "s/^$2 //p" "$cg/$1"; }
like "cgroup2 is alone" "$(stat -f -c %T $top) $(cut -d: -f2 /proc/self/cgroup | tr -d '\n')" '^cgroup2fs $'

# --- memory ---
ok "memory" limited "{memory: {limit: $((64 * M)), swap: $((96 * M)), reservation: $((32 * M))}, unified: {\"memory.high\": \"$((48 * M))\", \"memory.min\": \"$M\"}}"
is "limit, swap without it, reservation" "$(files memory.max memory.swap.max memory.low)" "$((64 * M)); $((32 * M)); $((32 * M))"
is "unified: memory.high and memory.min" "$(files memory.high memory.min)" "$((48 * M)); $M"
ok "update of all" updated "{memory: {limit: $((128 * M)), swap: $((128 * M)), reservation: $((16 * M))}, unified: {\"memory.high\": \"max\"}}"
is "they are changed" "$(files memory.max memory.swap.max memory.low memory.high memory.min)" "$((128 * M)); 0; $((16 * M)); max; $M"
ok "update by options" oci update --memory 80M --memory-swap 100M --memory-reservation 8M "$name"
is "they are changed too" "$(files memory.max memory.swap.max memory.low)" "$((80 * M)); $((20 * M)); $((8 * M))"
ok "update to none" oci update --memory -1 --memory-swap -1 --memory-reservation -1 "$name"
is "they are gone" "$(files memory.max memory.swap.max memory.low)" "max; max; max"
gone memory
for key in kernel:1048576 kernelTCP:1048576 swappiness:10 disableOOMKiller:true useHierarchy:true; do
	nothing_of "memory.${key%:*}, which v2 has not" "linux.resources.memory.${key%:*}: cgroup v2 has nothing like it" "{memory: {${key%:*}: ${key#*:}}}"
done
ok "swap without a limit for memory is refused, but -1" limited '{memory: {swap: -1}}'
is "which is max" "$(files memory.max memory.swap.max)" "max; max"
gone "swap"
# By effect, and told as an event.
eat='head -c 200m /dev/zero | tail -c 100m >/dev/null'
ok "one with 16 MB" limited "{memory: {limit: $((16 * M)), swap: $((16 * M))}}"
oci events --interval 1s "$name" >"$work/events" &
stream=$!
lines() { [ "$(grep -c "\"type\":\"$1\"" "$work/events")" -ge 1 ]; }
ok "events begins" await lines stats
inside "$eat" >/dev/null
ok "what takes more is killed" [ "$(event memory.events oom_kill)" -ge 1 ]
ok "and it is told" await lines oom
is "with the container's name" "$(jq -r 'select(.type == "oom") | .id' "$work/events" | sort -u)" "$name"
is "the container goes on" "$(oci state "$name" | jq -r .status)" running
oci events --stats "$name" >"$work/stats"
stat() { jq "$1" "$work/stats"; }
is "stats: the limit of memory" "$(stat .data.memory.usage.limit)" $((16 * M))
ok "what it uses" [ "$(stat .data.memory.usage.usage)" -gt 4096 ]
ok "failures of v2 are memory.events' max" [ "$(stat .data.memory.usage.failcnt)" -ge 1 ]
ok "CPU time" [ "$(stat .data.cpu.usage.total)" -gt 1000000 ]
is "processes" "$(stat .data.pids.current)" 1
oci kill "$name" KILL
wait "$stream"
is "the stream ends with the container" $? 0
gone "events"
runs 'exec tail -c 100m /dev/zero' ".linux.resources.memory = {limit: $((16 * M)), swap: $((16 * M))}" >"$work/out"
is "one whose program is killed so: 137" $? 137
is "nothing is left of it" "$(ls -d "$cg" 2>/dev/null)" ""
runs "$eat & wait; echo after" ".linux.resources += {memory: {limit: $((16 * M))}, unified: {\"memory.oom.group\": \"1\"}}" >"$work/out"
is "memory.oom.group: all are killed" "$? $(grep -c after "$work/out")" "137 0"

# --- cpu ---
ok "cpu" limited '{cpu: {shares: 2048, quota: 50000, period: 100000, burst: 20000}}'
is "weight, max, burst" "$(files cpu.weight cpu.max cpu.max.burst)" "174; 50000 100000; 20000"
ok "update of the quota" oci update --cpu-quota 80000 "$name"
is "keeps the period" "$(file cpu.max)" "80000 100000"
ok "update of the period" oci update --cpu-period 200000 "$name"
is "keeps the quota" "$(file cpu.max)" "80000 200000"
ok "update of all" updated '{cpu: {shares: 1024, quota: 30000, period: 50000, burst: 0}}'
is "they are changed" "$(files cpu.weight cpu.max cpu.max.burst)" "100; 30000 50000; 0"
ok "update to none" oci update --cpu-quota -1 "$name"
is "keeps the period too" "$(file cpu.max)" "max 50000"
gone "cpu"
nothing_of "realtime, which v2 has not" 'linux.resources.cpu.realtimeRuntime: cgroup v2 has nothing like it' '{cpu: {realtimeRuntime: 5000}}'
ok "idle" limited '{cpu: {idle: 1}}'
is "cpu.idle" "$(file cpu.idle)" 1
ok "update" updated '{cpu: {idle: 0}}'
is "no more" "$(file cpu.idle)" 0
gone "idle"
runs 'i=0; while [ $i -lt 30000 ]; do i=$((i + 1)); done; cat /sys/fs/cgroup/cpu.stat' '.linux.resources.cpu = {quota: 10000, period: 100000}' >"$work/out"
ok "a quota throttles" [ "$(sed -n 's/^nr_throttled //p' "$work/out")" -ge 1 ]
nothing_of "a quota below what the kernel takes" 'linux.resources.cpu.quota: write 10 100000 to .*/cpu.max: Invalid argument' '{cpu: {quota: 10, period: 100000}}'

# --- cpuset ---
ok "cpuset" limited '{cpu: {cpus: "1", mems: "0"}}'
is "its files" "$(files cpuset.cpus cpuset.cpus.effective cpuset.mems)" "1; 1; 0"
is "its processes" "$(inside 'sed -n "s/^Cpus_allowed_list:.//p" /proc/self/status')" 1
ok "update" oci update --cpuset-cpus 0-1 "$name"
is "its processes then" "$(inside 'sed -n "s/^Cpus_allowed_list:.//p" /proc/1/status')" 0-1
gone "cpuset"
nothing_of "a CPU that no kernel has" 'linux.resources.cpu.cpus: write 40000 to .*/cpuset.cpus: ' '{cpu: {cpus: "40000"}}'

# --- pids ---
ok "pids" limited '{pids: {limit: 12}}'
is "pids.max" "$(file pids.max)" 12
like "one too many is refused" "$(inside 'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do sleep 5 & done; kill $(jobs -p)')" "can't fork"
ok "and counted" [ "$(event pids.events max)" -ge 1 ]
ok "update to none" oci update --pids-limit -1 "$name"
is "is max" "$(file pids.max)" max
gone "pids"

# --- io: two disks, the second with a scheduler that has weights ---
cd /sys/block || exit
set -- vd?
cd "$work" || exit
plain=$(</sys/block/$1/dev) bfq=$(</sys/block/$2/dev)
on() { jq -cn --arg d "$1" '$d | split(":") | {major: .[0] | tonumber, minor: .[1] | tonumber} + '"$2"; }
ok "blockIO" limited "{blockIO: {throttleReadBpsDevice: [$(on "$plain" '{rate: 1048576}')], throttleWriteBpsDevice: [$(on "$plain" '{rate: 2097152}')], throttleReadIOPSDevice: [$(on "$plain" '{rate: 300}')], throttleWriteIOPSDevice: [$(on "$plain" '{rate: 400}')]}}"
is "io.max" "$(file io.max)" "$plain rbps=1048576 wbps=2097152 riops=300 wiops=400"
ok "update of one" updated "{blockIO: {throttleReadBpsDevice: [$(on "$plain" '{rate: 4194304}')]}}"
is "leaves the others" "$(file io.max)" "$plain rbps=4194304 wbps=2097152 riops=300 wiops=400"
ok "0 is none" updated "{blockIO: {throttleWriteIOPSDevice: [$(on "$plain" '{rate: 0}')]}}"
is "of that" "$(file io.max)" "$plain rbps=4194304 wbps=2097152 riops=300 wiops=max"
gone "blockIO"
runs "mknod /tmp/d b ${plain/:/ }; s=\$(date +%s); dd if=/tmp/d of=/dev/null bs=64k count=32 iflag=direct 2>/dev/null && echo \$((\$(date +%s) - s))" \
	".process.capabilities |= map_values(. + [\"CAP_MKNOD\"]) | .linux.resources.blockIO.throttleReadBpsDevice = [$(on "$plain" '{rate: 524288}')] | .linux.resources.devices += [{allow: true, type: \"b\", access: \"rwm\"}]" >"$work/out"
like "2 MB at 512 kB a second take 3 s and more" "$(<"$work/out")" '^([3-9]|1[0-9])$'
nothing_of "a disk that is not there" 'linux.resources.blockIO.throttleReadBpsDevice: write 4000:1 rbps=5 to .*/io.max: No such device' '{blockIO: {throttleReadBpsDevice: [{major: 4000, minor: 1, rate: 5}]}}'
nothing_of "blockIO.leafWeight, which v2 has not" 'linux.resources.blockIO.leafWeight: cgroup v2 has nothing like it' '{blockIO: {leafWeight: 500}}'
if [ ! -e /sys/fs/cgroup/io.cost.qos ]; then
	fail "this kernel has io.cost"
fi
ok "weight, without BFQ" limited '{blockIO: {weight: 500}}'
is "is of 1 to 10000 in io.weight" "$(file io.weight)" "default 4950"
ok "update" oci update --blkio-weight 1000 "$name"
is "up to" "$(file io.weight)" "default 10000"
gone "io.weight"
modprobe bfq 2>/dev/null || /run/vm/modprobe bfq
echo bfq >/sys/block/$2/queue/scheduler
ok "weight and weightDevice, with BFQ" limited "{blockIO: {weight: 500, weightDevice: [$(on "$bfq" '{weight: 700}')]}}"
is "are io.bfq.weight" "$(file io.bfq.weight)" "default 500 $bfq 700"
ok "update" updated "{blockIO: {weight: 100, weightDevice: [$(on "$bfq" '{weight: 200}')]}}"
is "of both" "$(file io.bfq.weight)" "default 100 $bfq 200"
gone "io.bfq.weight"

# --- hugetlb, rdma ---
pages_limit=hugetlb.2MB.max
pages_reserved=hugetlb.2MB.rsvd.max
pages_cgroup=$cg
rdma_max=rdma.max
. "$(dirname "$0")/pages-rdma.sh"
nothing_of "network, which v2 has not" 'linux.resources.network.classID: ' '{network: {classID: 5}}'

# --- unified ---
ok "unified" limited '{unified: {"pids.max": "30", "cpu.weight": "321", "cgroup.max.depth": "3", "memory.swap.high": "1048576"}}'
is "is written" "$(files pids.max cpu.weight cgroup.max.depth memory.swap.high)" "30; 321; 3; 1048576"
ok "it is the last word" updated '{pids: {limit: 40}, unified: {"pids.max": "50"}}'
is "of two" "$(file pids.max)" 50
gone "unified"
nothing_of "unified: a file that there is not" 'linux.resources.unified.memory.nope: ' '{unified: {"memory.nope": "1"}}'
nothing_of "unified: a controller that there is not" 'linux.resources.unified.nope.max: ' '{unified: {"nope.max": "1"}}'
nothing_of "unified: a value that there is not" 'linux.resources.unified.pids.max: write x to .*: Invalid argument' '{unified: {"pids.max": "x"}}'

# --- devices ---
try='rm -f /d; mknod /d b 7 7 && for how in "<" ">"; do (eval ": $how/d") 2>/dev/null && printf y || { (eval ": $how/d") 2>&1 | grep -q "not permitted" && printf n || printf y; }; done; (: </dev/null) && printf y'
mknod='.process.capabilities |= map_values(. + ["CAP_MKNOD"])'
ok "devices: all denied" started "$mknod | .linux.resources.devices = [{allow: false, access: \"rwm\"}]"
is "but for mknod and the usual" "$(inside "$try")" nny
ok "update allows one" updated '{devices: [{allow: false, access: "rwm"}, {allow: true, type: "b", major: 7, minor: 7, access: "r"}]}'
is "to read" "$(inside "$try")" yny
gone "devices"

# --- freeze ---
started '.process.args = ["/bin/sh", "-c", "while :; do echo >>/ticks; sleep 0.1; done"]'
ok "pause" oci pause "$name"
is "cgroup.freeze, and frozen it is" "$(file cgroup.freeze) $(event cgroup.events frozen)" "1 1"
is "paused" "$(oci state "$name" | jq -r .status)" paused
ticks=$(wc -l <"$bundle/rootfs/ticks")
sleep 1
is "it does nothing" "$(wc -l <"$bundle/rootfs/ticks")" "$ticks"
ok "update of one that is paused" oci update --pids-limit 33 "$name"
is "is written" "$(file pids.max)" 33
ok "resume" oci resume "$name"
goes_on() { [ "$(wc -l <"$bundle/rootfs/ticks")" -gt "$ticks" ]; }
ok "it goes on" await goes_on
is "thawed" "$(file cgroup.freeze) $(event cgroup.events frozen)" "0 0"
oci pause "$name"
ok "kill of one that is paused" oci kill "$name" KILL
stopped() { [ "$(oci state "$name" | jq -r .status)" = stopped ]; }
ok "ends it" await stopped
gone "freeze"

# --- delegation ---
rw='(.mounts[] | select(.type == "cgroup") | .options) |= ["nosuid", "noexec", "nodev", "rw"]'
below='cd /sys/fs/cgroup && mkdir main below && echo 1 >main/cgroup.procs && echo $$ >main/cgroup.procs && echo "+pids +memory" >cgroup.subtree_control && echo 5 >below/pids.max && cat below/pids.max && cat /proc/self/cgroup'
has='.linux.namespaces |= (. + [{type: "cgroup"}] | unique)'
is "a writable cgroup can be divided" "$(runs "$below" "$rw | $has | .linux.resources.pids.limit = 50" | tr '\n' ' ')" "5 0::/main "
is "all of it is gone" "$(ls -d "$cg" 2>/dev/null)" ""
is "and nothing beside it is in sight" "$(runs 'ls -d /sys/fs/cgroup/mntns* 2>/dev/null; cat /proc/self/cgroup' "$rw | $has")" 0::/
user='.linux.namespaces |= (. + [{type: "user"}] | unique) | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 1000}] | .linux.gidMappings = .linux.uidMappings'
chown -R 100000:100000 "$bundle/rootfs"
is "also by the root of a user namespace, to whom it is given" "$(runs "$below" "$rw | $has | $user" | tr '\n' ' ')" "5 0::/main "
like "who may not change its own limits" "$(runs 'echo 5 >/sys/fs/cgroup/pids.max' "$rw | $has | $user")" 'Permission denied'
like "read-only it is not given" "$(runs 'ls -ld /sys/fs/cgroup' "$has | $user")" ' (65534|nobody) '
chown -R 0:0 "$bundle/rootfs"
ok "one that divides its cgroup while it runs" started "$has | $rw | .process.args = [\"/bin/sh\", \"-c\", \"cd /sys/fs/cgroup; mkdir main; echo 1 >main/cgroup.procs; echo +pids >cgroup.subtree_control; while :; do sleep 1; done\"]"
divided() { grep -q pids "$cg/cgroup.subtree_control"; }
await divided
is "exec joins its first process" "$(oci exec "$name" cat /proc/self/cgroup)" 0::/main
inside 'mkdir /sys/fs/cgroup/other'
is "or another, by its name" "$(oci exec --cgroup /other "$name" cat /proc/self/cgroup)" 0::/other
like "ps shows those below" "$(oci ps "$name")" 'while :'
ok "pause, of those below too" oci pause "$name"
ok "resume" oci resume "$name"
gone "delegation"
finish
