#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The cgroups of containers as machines have them: hybrid as here, v1 only, read-only, none, v2 only.
# What is asked for is read back from the cgroup's file, or refused with a sentence; nothing is left.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
top=/sys/fs/cgroup
name=cgroups$$
make_bundle "$work/box" '.process.args = ["/bin/sleep", "1000"] |
	.process.capabilities |= map_values(. + ["CAP_MKNOD"] | unique)'
cp "$bundle/config.json" "$work/plain.json"

# started JQ-FILTER: a container of that configuration
started() {
	jq "$1" "$work/plain.json" >"$bundle/config.json"
	# The container keeps what it is given: no pipe of ours.
	oci create --bundle "$bundle" "$name" </dev/null >"$work/said" 2>&1 || { cat "$work/said" >&2; return 1; }
	oci start "$name"
}
# limited RESOURCES: one with these, its devices being as they are
limited() { started ".linux.resources += $1"; }
# updated RESOURCES
updated() { jq -n "$1" | oci update --resources - "$name"; }
inside() { oci exec "$name" /bin/sh -c "$1" 2>&1; }
left() { find $top -type d -name "mntns-oci-$name" 2>/dev/null; ls "$oci_root" | grep -x "$name"; }
# gone SENTENCE
gone() {
	oci delete --force "$name"
	is "$1" "$(left)" ""
}
# file CONTROLLER/FILE: of the container's cgroup
file() { tr '\n\t' '  ' <"$top/${1%%/*}/mntns-oci-$name/${1#*/}" | sed 's/ *$//'; }
# nothing_of SENTENCE PATTERN RESOURCES: refused, and nothing is left
nothing_of() {
	refused "$1" 1 "$2" limited "$3"
	is "$1: nothing is left" "$(left)" ""
}
stopped() { [ "$(oci state "$name" | jq -r .status)" = stopped ]; }
# life VIEW: all that is done to a container
life() {
	ok "$1: create and start" started .
	is "$1: state" "$(oci state "$name" | jq -r .status)" running
	is "$1: exec" "$(inside 'echo there')" there
	like "$1: ps" "$(oci ps "$name" 2>&1)" sleep
	ok "$1: pause" oci pause "$name"
	is "$1: paused" "$(oci state "$name" | jq -r .status)" paused
	ok "$1: resume" oci resume "$name"
	is "$1: resumed" "$(inside 'echo again')" again
	ok "$1: kill" oci kill "$name" KILL
	await stopped
	ok "$1: delete" oci delete "$name"
	is "$1: nothing is left" "$(left)" ""
	ok "$1: another, paused" started .
	oci pause "$name"
	gone "$1: delete --force of it leaves nothing"
}
# How a block device opens that no usual rule allows; the rules are told in the order of r, w.
try='rm -f /dev/l; mknod /dev/l b 7 7 && for how in "<" ">"; do (eval ": $how/dev/l") 2>/dev/null && printf y || printf n; done; (: </dev/null) && echo y'
nothing='{"allow": false, "access": "rwm"}'
block='"allow": true, "type": "b", "major": 7, "minor": 7'
# devices VIEW
devices() {
	ok "$1: all but the usual devices denied" limited "{devices: [$nothing]}"
	is "$1: mknod and /dev/null alone" "$(inside "$try")" nny
	like "$1: it is said why" "$(inside 'mknod /dev/k b 7 6; cat /dev/k')" 'Operation not permitted'
	ok "$1: update allows reading" updated "{devices: [$nothing, {$block, access: \"r\"}]}"
	is "$1: it reads" "$(inside "$try")" yny
	ok "$1: update allows writing" updated "{devices: [$nothing, {$block, access: \"w\"}]}"
	is "$1: it writes" "$(inside "$try")" nyy
	ok "$1: update allows all" updated '{devices: [{allow: true, access: "rwm"}]}'
	is "$1: all" "$(inside "$try")" yyy
	for _ in {1..20}; do updated "{devices: [$nothing]}" || break; done
	is "$1: the last of many updates holds" "$(inside "$try")" nny
	gone "$1: nothing is left of them"
	ok "$1: the last rule that fits decides" limited "{devices: [$nothing, {$block, access: \"rwm\"}, {allow: false, type: \"b\", major: 7, access: \"w\"}]}"
	is "$1: it reads only" "$(inside "$try")" yny
	gone "$1: nothing is left of it"
	if [ "$1" = "v2 only" ]; then
		ok "$1: a denied part of what is allowed" limited "{devices: [$nothing, {allow: true, type: \"b\", major: 7, access: \"rwm\"}, {allow: false, type: \"b\", major: 7, minor: 7, access: \"w\"}]}"
		is "$1: is denied" "$(inside "$try")" yny
		gone "$1: nothing is left of the parts"
	else
		nothing_of "$1: a denied part" 'devices\[2\]: cgroup v1 cannot deny a part of what devices\[1\] allows' \
			"{devices: [$nothing, {allow: true, type: \"b\", major: 7, access: \"rwm\"}, {allow: false, type: \"b\", major: 7, minor: 7, access: \"w\"}]}"
	fi
	ok "$1: a list that allows all" limited '{devices: [{allow: true, access: "rwm"}]}'
	is "$1: all again" "$(inside "$try")" yyy
	gone "$1: nothing is left of that"
}
# mounts VIEW FILTER-TYPE PATH-OF-PROCS: /sys/fs/cgroup of that type, with and without a namespace
mounts() {
	local list
	for list in '+ [{type: "cgroup"}] | unique' '- [{type: "cgroup"}]'; do
		ok "$1: type $2, namespaces $list" started ".linux.namespaces |= (. $list) |
			.mounts |= (map(select(.destination != \"/sys/fs/cgroup\")) + [{destination: \"/sys/fs/cgroup\", type: \"$2\", source: \"cgroup\", options: [\"ro\", \"nosuid\"]}])"
		is "$1: it shows the container" "$(oci exec "$name" /bin/cat "/sys/fs/cgroup/$3" 2>&1 | head -n 1)" 1
		like "$1: and is read-only" "$(inside "echo 1 >'/sys/fs/cgroup/$3'")" 'Read-only file system'
		gone "$1: nothing is left"
	done
}

# --- hybrid, as this machine is ---
if [ -d $top/memory ] && [ -d $top/unified ]; then
	life hybrid
	devices hybrid
	mounts hybrid cgroup pids/cgroup.procs
	mounts hybrid cgroup2 cgroup.procs
	M=$((1 << 20))

	# They are made beside the process's birth: what could not be is not there for it either.
	mount -o remount,bind,ro $top/pids
	ok "a hierarchy that is read-only" started ".linux.cgroupsPath = \"/mntns-oci-$name\" | .mounts |= (map(select(.destination != \"/sys/fs/cgroup\")) +
		[{destination: \"/sys/fs/cgroup\", type: \"cgroup\", source: \"cgroup\", options: [\"ro\"]}])"
	is "the process is in the others" "$(grep -c ":/mntns-oci-$name$" "/proc/$(oci state "$name" | jq .pid)/cgroup")" $(($(grep -c . /proc/self/cgroup) - 1))
	is "and sees the others" "$(inside 'ls /sys/fs/cgroup' | grep -x -e pids -e memory)" memory
	gone "nothing is left of it"
	nothing_of "what needs that one" 'linux.resources.pids.limit: ' '{pids: {limit: 10}}'
	mount -o remount,bind,rw $top/pids
	mkdir $top/{memory,cpuset}/mntns-oci-$name
	echo 0 | tee $top/cpuset/mntns-oci-$name/cpuset.{cpus,mems} >/dev/null
	ok "some that are there, with something in them" started .
	is "they are taken as they are" "$(file cpuset/cpuset.cpus)" 0
	gone "and removed"
	ok "deep ones" started ".linux.cgroupsPath = \"/mntns-oci-$name/deep/er\""
	is "the process is in them" "$(grep -c ":/mntns-oci-$name/deep/er$" "/proc/$(oci state "$name" | jq .pid)/cgroup")" $(grep -c . /proc/self/cgroup)
	is "a cpuset has what is above" "$(cat $top/cpuset/mntns-oci-$name/deep/er/cpuset.cpus)" "$(cat $top/cpuset/cpuset.cpus)"
	oci delete --force "$name"
	find $top -depth -type d -path "*/mntns-oci-$name*" -exec rmdir {} + 2>/dev/null
	is "nothing is left of them" "$(left)" ""

	ok "memory" limited "{memory: {limit: $((64 * M)), reservation: $((32 * M)), swappiness: 0, disableOOMKiller: true, kernelTCP: $((16 * M)), useHierarchy: true}}"
	is "limit" "$(file memory/memory.limit_in_bytes)" $((64 * M))
	is "reservation" "$(file memory/memory.soft_limit_in_bytes)" $((32 * M))
	is "swappiness 0" "$(file memory/memory.swappiness)" 0
	like "disableOOMKiller" "$(file memory/memory.oom_control)" 'oom_kill_disable 1'
	is "kernelTCP" "$(file memory/memory.kmem.tcp.limit_in_bytes)" $((16 * M))
	is "useHierarchy" "$(file memory/memory.use_hierarchy)" 1
	ok "update of memory" updated "{memory: {limit: $((96 * M)), reservation: $((48 * M)), swappiness: 70}}"
	is "limit and the others then" "$(file memory/memory.limit_in_bytes) $(file memory/memory.soft_limit_in_bytes) $(file memory/memory.swappiness)" "$((96 * M)) $((48 * M)) 70"
	ok "reservation -1" oci update --memory-reservation -1 "$name"
	like "is without one" "$(file memory/memory.soft_limit_in_bytes)" '^9223372036854'
	gone "memory: nothing is left"
	if [ -e $top/memory/memory.memsw.limit_in_bytes ]; then
		ok "memory and swap" limited "{memory: {limit: $((32 * M)), swap: $((64 * M))}}"
		is "swap" "$(file memory/memory.memsw.limit_in_bytes)" $((64 * M))
		ok "both are raised, the one above the other's old one" updated "{memory: {limit: $((96 * M)), swap: $((128 * M))}}"
		is "raised" "$(file memory/memory.limit_in_bytes) $(file memory/memory.memsw.limit_in_bytes)" "$((96 * M)) $((128 * M))"
		ok "and lowered" oci update --memory 32m --memory-swap 48m "$name"
		is "lowered" "$(file memory/memory.limit_in_bytes) $(file memory/memory.memsw.limit_in_bytes)" "$((32 * M)) $((48 * M))"
		ok "swap without end" oci update --memory-swap -1 "$name"
		like "is so" "$(file memory/memory.memsw.limit_in_bytes)" '^9223372036854'
		gone "swap: nothing is left"
	fi
	nothing_of "swap below the limit" 'memory.swap: is the sum of memory and swap' "{memory: {limit: $((32 * M)), swap: $M}}"
	nothing_of "swappiness of 101" 'swappiness: expected an integer from 0 to 100' '{memory: {swappiness: 101}}'
	# The kernel takes it, ignores it, or says that it knows it no longer.
	if output=$(limited "{memory: {kernel: $((32 * M))}}" 2>&1); then
		pass "kernel memory: taken"
	else
		like "kernel memory: refused with a sentence" "$output" 'linux.resources.memory.kernel: write 33554432 to .*: Operation not supported'
	fi
	gone "kernel memory: nothing is left"
	ok "TCP buffers" limited '{}'
	ok "by an option" oci update --kernel-memory-tcp 8m "$name"
	is "are limited" "$(file memory/memory.kmem.tcp.limit_in_bytes)" $((8 * M))
	refused "Intel RDT" 1 '--l3-cache-schema: Intel RDT is not supported' oci update --l3-cache-schema 'L3:0=f' "$name"
	gone "TCP buffers: nothing is left"

	ok "cpu" limited '{cpu: {shares: 512, quota: 50000, period: 200000, burst: 10000, cpus: "0", mems: "0"}}'
	is "shares" "$(file cpu/cpu.shares)" 512
	is "quota, period, burst" "$(file cpu/cpu.cfs_quota_us) $(file cpu/cpu.cfs_period_us) $(file cpu/cpu.cfs_burst_us)" "50000 200000 10000"
	is "cpus, mems" "$(file cpuset/cpuset.cpus) $(file cpuset/cpuset.mems)" "0 0"
	is "the process has them" "$(inside 'grep -o "Cpus_allowed_list:.*" /proc/1/status' | tr -d '\t')" Cpus_allowed_list:0
	ok "update of cpu" updated '{cpu: {shares: 2048, quota: 20000, period: 50000, burst: 5000, cpus: "0-1"}}'
	is "then" "$(file cpu/cpu.shares) $(file cpu/cpu.cfs_quota_us) $(file cpu/cpu.cfs_period_us) $(file cpu/cpu.cfs_burst_us) $(file cpuset/cpuset.cpus)" "2048 20000 50000 5000 0-1"
	ok "by options" oci update --cpu-share 100 --cpu-period 100000 --cpu-quota -1 --cpuset-cpus 1 --cpuset-mems 0 "$name"
	is "by them" "$(file cpu/cpu.shares) $(file cpu/cpu.cfs_quota_us) $(file cpu/cpu.cfs_period_us) $(file cpuset/cpuset.cpus)" "100 -1 100000 1"
	gone "cpu: nothing is left"
	nothing_of "a CPU that is not there" 'linux.resources.cpu.cpus: write 4000 to' '{cpu: {cpus: "4000"}}'
	nothing_of "a burst above the quota" 'linux.resources.cpu.(burst|quota): write' '{cpu: {quota: 10000, period: 100000, burst: 20000}}'
	if [ -e /sys/fs/cgroup/cpu/cpu.rt_runtime_us ]; then
		ok "realtime" limited '{}'
		ok "by options" oci update --cpu-rt-period 500000 --cpu-rt-runtime 0 "$name"
		is "has its period" "$(file cpu/cpu.rt_period_us) $(file cpu/cpu.rt_runtime_us)" "500000 0"
		gone "realtime: nothing is left"
	fi
	ok "cpu idle" limited '{cpu: {idle: 1}}'
	is "idle" "$(file cpu/cpu.idle)" 1
	ok "update of idle" updated '{cpu: {idle: 0}}'
	is "idle no more" "$(file cpu/cpu.idle)" 0
	gone "idle: nothing is left"
	if [ "$(cat $top/cpu/cpu.rt_runtime_us)" -gt 20000 ]; then
		ok "real time" limited '{cpu: {realtimePeriod: 500000, realtimeRuntime: 5000}}'
		is "period, runtime" "$(file cpu/cpu.rt_period_us) $(file cpu/cpu.rt_runtime_us)" "500000 5000"
		ok "update of real time" updated '{cpu: {realtimePeriod: 400000, realtimeRuntime: 2000}}'
		is "period, runtime then" "$(file cpu/cpu.rt_period_us) $(file cpu/cpu.rt_runtime_us)" "400000 2000"
		gone "real time: nothing is left"
	else
		nothing_of "real time where there is none" 'linux.resources.cpu.realtime(Runtime: write 5000|Period: write 500000) to' '{cpu: {realtimePeriod: 500000, realtimeRuntime: 5000}}'
	fi

	ok "pids" limited '{pids: {limit: 20}}'
	is "pids.max" "$(file pids/pids.max)" 20
	ok "update of pids" updated '{pids: {limit: 30}}'
	is "pids.max then" "$(file pids/pids.max)" 30
	ok "without end" oci update --pids-limit -1 "$name"
	is "is max" "$(file pids/pids.max)" max
	gone "pids: nothing is left"

	if [ -e /dev/loop7 ]; then
		rate='[{major: 7, minor: 7, rate: 1000000}]'
		ok "blockIO" limited "{blockIO: {throttleReadBpsDevice: $rate, throttleWriteBpsDevice: $rate, throttleReadIOPSDevice: $rate, throttleWriteIOPSDevice: $rate}}"
		for throttle in read_bps write_bps read_iops write_iops; do
			is "throttle $throttle" "$(file blkio/blkio.throttle.${throttle}_device)" "7:7 1000000"
		done
		ok "update of blockIO" updated '{blockIO: {throttleReadBpsDevice: [{major: 7, minor: 7, rate: 5000}], throttleWriteIOPSDevice: [{major: 7, minor: 7, rate: 0}]}}'
		is "blockIO then" "$(file blkio/blkio.throttle.read_bps_device), $(file blkio/blkio.throttle.write_iops_device)" "7:7 5000, "
		gone "blockIO: nothing is left"
	fi
	mkdir "$top/blkio/mntns-oci-$name" # the root has no weight
	weight=$(cd "$top/blkio/mntns-oci-$name" && ls -d blkio.weight blkio.bfq.weight 2>/dev/null | head -n 1)
	rmdir "$top/blkio/mntns-oci-$name"
	if [ -n "$weight" ]; then
		ok "blockIO.weight" limited '{blockIO: {weight: 500}}'
		is "$weight" "$(file "blkio/$weight")" 500
		ok "update of it" oci update --blkio-weight 200 "$name"
		is "$weight then" "$(file "blkio/$weight")" 200
		gone "blockIO.weight: nothing is left"
	else
		nothing_of "blockIO.weight where there is none" 'linux.resources.blockIO.weight: write 500 to .*: No such file' '{blockIO: {weight: 500}}'
	fi
	nothing_of "blockIO.weightDevice without a scheduler for it" 'linux.resources.blockIO.weightDevice: write 7:7 500 to .*/blkio.weight_device: ' '{blockIO: {weightDevice: [{major: 7, minor: 7, weight: 500}]}}'
	# missing KEY FILE RESOURCES: written where the kernel has it, else refused
	missing() {
		if [ -e "$top/$2" ]; then
			ok "$1: is there" limited "$3"
			gone "$1: nothing is left"
		else
			nothing_of "$1" "linux.resources.$1: (write .* to .*|no cgroup hierarchy here has the ${2%%/*} controller)" "$3"
		fi
	}
	missing blockIO.leafWeight blkio/blkio.leaf_weight '{blockIO: {leafWeight: 500}}'
	missing network.classID net_cls/net_cls.classid '{network: {classID: 1048577}}'
	missing network.priorities net_prio/net_prio.ifpriomap '{network: {priorities: [{name: "lo", priority: 5}]}}'
	missing rdma.mlx5_1 rdma/rdma.max '{rdma: {mlx5_1: {hcaHandles: 3, hcaObjects: 100}}}'
fi

# --- v1 hierarchies for network and huge pages, as machines with systemd's hybrid have them ---
# A hierarchy that nobody uses ends with its last mount; one with a directory that the kernel has not
# freed yet would stay for good.
no_directories() { [ "$(awk -v name="$1" '$1 == name { print $3 }' /proc/cgroups)" = 1 ]; }
unused() { [ "$(awk -v name="$1" '$1 == name { print $2 }' /proc/cgroups)" = 0 ]; }
# with_hierarchies CONTROLLERS…: each mounted on a tmpfs in place of the machine's, which stays as it is
with_hierarchies() {
	local dir
	mkdir -p "$work/top"
	mount --rbind $top "$work/top"
	mount -t tmpfs tmpfs $top
	for dir in "$work"/top/*/; do
		mkdir "$top/$(basename "$dir")"
		mount --rbind "$dir" "$top/$(basename "$dir")"
	done
	for dir; do
		mkdir "$top/$dir"
		mount -t cgroup -o "$dir" none "$top/$dir" || return 1
	done
}
without_hierarchies() {
	await no_directories net_cls
	await no_directories net_prio
	umount -R $top
	umount -R "$work/top"
	await unused net_cls
	await unused net_prio
}
# network VIEW CLASSES PRIORITIES: two directories, or one
network() {
	local prio
	ok "$1: classID and priorities" limited '{network: {classID: 1048577, priorities: [{name: "lo", priority: 5}]}}'
	is "$1: classID" "$(file "$2/net_cls.classid")" 1048577
	prio=" $(file "$3/net_prio.ifpriomap") "
	like "$1: priorities, of the runtime's interfaces" "$prio" ' lo 5 '
	is "$1: the process is there" "$(file "$2/cgroup.procs") $(file "$3/cgroup.procs")" "$(oci state "$name" | jq .pid) $(oci state "$name" | jq .pid)"
	oci exec --detach "$name" /bin/sleep 1000 </dev/null >/dev/null
	is "$1: and what exec adds" "$(file "$2/cgroup.procs" | wc -w) $(file "$3/cgroup.procs" | wc -w)" "2 2"
	ok "$1: update" updated '{network: {classID: 7, priorities: [{name: "lo", priority: 0}]}}'
	is "$1: classID then" "$(file "$2/net_cls.classid")" 7
	like "$1: priorities then" " $(file "$3/net_prio.ifpriomap") " ' lo 0 '
	ok "$1: update of something else" oci update --pids-limit 20 "$name"
	is "$1: leaves it" "$(file "$2/net_cls.classid")" 7
	refused "$1: update of an interface that is not there" 1 'linux.resources.network.priorities: write nope 5 to .*: No such device' updated '{network: {priorities: [{name: "nope", priority: 5}]}}'
	gone "$1: nothing is left"
	nothing_of "$1: create with one" 'linux.resources.network.priorities: write nope 5 to .*: No such device' '{network: {priorities: [{name: "nope", priority: 5}]}}'
	life "$1"
}
if [ -d $top/net_cls,net_prio ]; then
	network "net_cls,net_prio, as they are" net_cls,net_prio net_cls,net_prio
elif [ -d $top/memory ]; then
	if with_hierarchies net_cls net_prio; then
		network "net_cls, net_prio" net_cls net_prio
		mounts "net_cls, net_prio" cgroup net_cls/cgroup.procs
	else
		fail "net_cls and net_prio are mounted"
	fi
	without_hierarchies
	ok "net_cls is as before" unused net_cls
	ok "net_prio is as before" unused net_prio
	if with_hierarchies net_cls,net_prio; then
		network net_cls,net_prio net_cls,net_prio net_cls,net_prio
		mounts net_cls,net_prio cgroup net_cls/cgroup.procs
		await no_directories net_cls
		umount $top/net_cls,net_prio
		nothing_of "mounted nowhere" 'linux.resources.network.classID: no cgroup hierarchy here has the net_cls controller' '{network: {classID: 5}}'
	else
		fail "net_cls,net_prio are mounted"
	fi
	without_hierarchies
	ok "net_cls is as before" unused net_cls
	ok "net_prio is as before" unused net_prio
fi

# --- v1 only ---
if [ -d $top/memory ]; then
	umount $top/unified
	life "v1 only"
	devices "v1 only"
	mounts "v1 only" cgroup pids/cgroup.procs
	nothing_of "v1 only: unified" 'linux.resources.unified.memory.max: cgroup v1 has nothing like it' '{unified: {"memory.max": "1000000"}}'
fi
# --- v2 only ---
umount -R $top
mount -t cgroup2 cgroup2 $top
life "v2 only"
devices "v2 only"
mounts "v2 only" cgroup cgroup.procs
mounts "v2 only" cgroup2 cgroup.procs
# v2 CONTROLLER FILE VALUE RESOURCES: written where a cgroup below this one can have it
v2() {
	if grep -qw "$1" $top/cgroup.controllers && echo "+$1" >$top/cgroup.subtree_control; then
		ok "v2 only: $1" limited "$4"
		is "v2 only: $2" "$(cat "$top/mntns-oci-$name/$2")" "$3"
		gone "v2 only: $1: nothing is left"
	else
		nothing_of "v2 only: $1" "linux.resources.*: (no cgroup hierarchy here has the $1 controller|write .* to .*/$2)" "$4"
	fi
} 2>/dev/null
v2 hugetlb hugetlb.2MB.max 4194304 '{hugepageLimits: [{pageSize: "2MB", limit: 4194304}]}'
v2 hugetlb hugetlb.2MB.rsvd.max 4194304 '{hugepageLimits: [{pageSize: "2MB", limit: 4194304}]}'
v2 hugetlb hugetlb.2MB.max 2097152 '{unified: {"hugetlb.2MB.max": "2097152"}}'
v2 memory memory.max 67108864 '{memory: {limit: 67108864}}'
v2 memory memory.low 33554432 '{memory: {reservation: 33554432}}'
v2 memory memory.swap.max 1048576 '{memory: {limit: 1048576, swap: 2097152}}'
v2 pids pids.max 20 '{pids: {limit: 20}}'
v2 cpu cpu.max "50000 100000" '{cpu: {quota: 50000, period: 100000}}'
v2 cpuset cpuset.cpus 0 '{cpu: {cpus: "0"}}'
ok "v2 only: a file that needs no controller" limited '{unified: {"cgroup.max.depth": "5"}}'
is "v2 only: it is written" "$(cat "$top/mntns-oci-$name/cgroup.max.depth")" 5
ok "v2 only: update of it" updated '{unified: {"cgroup.max.depth": "7"}}'
is "v2 only: it is changed" "$(cat "$top/mntns-oci-$name/cgroup.max.depth")" 7
gone "v2 only: unified: nothing is left"
nothing_of "v2 only: what v2 has not" 'linux.resources.memory.swappiness: (cgroup v2 has nothing like it|no cgroup hierarchy here)' '{memory: {swappiness: 10}}'
ok "v2 only: without limits" limited '{memory: {limit: 0}, pids: {limit: 0}, cpu: {shares: 0}}'
gone "v2 only: without limits: nothing is left"

# --- nothing can be made ---
# unlimited VIEW: limits are refused, devices too; without them it runs
unlimited() {
	nothing_of "$1: a limit" 'linux.resources.pids.limit: ' '{pids: {limit: 10}}'
	nothing_of "$1: devices" 'linux.resources.devices: there is no cgroup that could enforce them' '{}'
	ok "$1: without either" started 'del(.linux.resources)'
	is "$1: exec" "$(inside 'echo there')" there
	refused "$1: pause" 1 'freezer|Read-only' oci pause "$name"
	ok "$1: kill" oci kill "$name" KILL
	gone "$1: nothing is left"
}
mount -o remount,bind,ro $top
unlimited "v2 read-only"
umount $top
unlimited none
finish
