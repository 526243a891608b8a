#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# --memory, --cpus, --pids: set, kept, and gone afterwards, whatever happened to mntns.
. "$(dirname "$0")/../lib/tap.sh"
make_root
before=$(table)
cgroups() { find /sys/fs/cgroup -type d -name 'mntns-*' ! -name 'mntns-oci*' 2>/dev/null | wc -l; }
cgroups_before=$(cgroups)
none_left() { [ "$(cgroups)" = "$cgroups_before" ]; }
# The value of a v1 or v2 file of the box NAME.
knob() { # NAME FILE…
	local dir file
	for dir in $(find /sys/fs/cgroup -type d -name "mntns-$1"); do
		for file in "${@:2}"; do [ -e "$dir/$file" ] && cat "$dir/$file"; done
	done
}
is "no limits, no cgroup" "$(run "$root" true; cgroups)" "$cgroups_before"

pid=$(run --detach --name limited --memory 64m --cpus 1.5 --pids 7 "$root" sleep 41017)
is "--memory" "$(knob limited memory.limit_in_bytes memory.max)" 67108864
like "--cpus" "$(knob limited cpu.cfs_quota_us cpu.max)" '^150000( 100000)?$'
is "--pids" "$(knob limited pids.max)" 7
is "the program is in all of them" "$(knob limited cgroup.procs | sort -u)" "$pid"
is "it sees itself at the top of its cgroup namespace" \
	"$( (grep -E '[:,](memory|cpu|pids)[,:]' "/proc/$pid/cgroup" || grep ^0:: "/proc/$pid/cgroup") | sed 's/.*mntns-limited$/below/' | sort -u)" below
kill -KILL "$pid"
await none_left
is "they are gone when it ended" "$(cgroups)" "$cgroups_before"
like "inside, the box's cgroup is the root" "$(run --memory 64m "$root" sh -c 'grep memory /proc/self/cgroup || cat /proc/self/cgroup')" ':/$'

like "more processes than --pids are refused" \
	"$(run --pids 3 "$root" sh -c 'sleep 1 & sleep 1 & sleep 1 & sleep 1 & wait; echo survived' 2>&1)" "can't fork"
is "more memory than --memory is not given" \
	"$(run --memory 16m "$root" sh -c 'head -c 100m /dev/zero | tail -c 100m | wc -c' 2>/dev/null | grep -c 104857600)" 0
pid=$(run --detach --name slow --cpus 0.1 "$root" sh -c 'while :; do :; done')
throttled() { knob slow cpu.stat | grep -q 'nr_throttled [1-9]'; }
ok "--cpus slows a busy program down" await throttled
kill -KILL "$pid"
await none_left
is "nothing is left" "$(cgroups)" "$cgroups_before"

# Killed at once: the program dies with it, the next command removes what is left.
"$MNTNS" run --name killed --memory 64m --pids 9 "$root" sleep 41017 &
victim=$!
there() { [ "$(knob killed pids.current | head -n 1)" ] && pgrep -f 'sleep 41017' >/dev/null; }
await there
kill -KILL $victim
wait $victim 2>/dev/null
no_sleeper() { ! pgrep -f 'sleep 4101[78]'; }
ok "a killed mntns takes its program along" await no_sleeper
is "its cgroups stay for a moment" "$([ "$(cgroups)" -gt "$cgroups_before" ] && echo stay)" stay
ok "the next mntns" run "$root" true
is "removes them" "$(cgroups)" "$cgroups_before"
is "and the record" "$(find "$MNTNS_RUNTIME_DIR/boxes" -type f | wc -l)" 0

pid=$(run --detach --memory 64m "$root" sh -c 'setsid sleep 41018 & sleep 41017')
supervisor=$(awk '/^PPid/ {print $2}' "/proc/$pid/status")
kill -KILL "$supervisor"
sleep 0.1
ok "a detached program outlives its killed supervisor" kill -0 "$pid"
ok "until the next mntns finds the box without one" run "$root" true
ok "and kills what is in its cgroups" await no_sleeper
is "no cgroup is left" "$(cgroups)" "$cgroups_before"

for damage in '' '{' '[]' '{"cgroups":5}' '{"version":1,"cgroups":["/etc/mntns-x"]}' "$(head -c 100000 /dev/zero | tr '\0' x)"; do
	printf '%s' "$damage" >"$MNTNS_RUNTIME_DIR/boxes/damaged"
	ok "a damaged record does not hurt: ${damage:0:30}" run --name damaged "$root" true
	is "and is gone" "$(ls "$MNTNS_RUNTIME_DIR/boxes")" ""
done
mkdir "$work/victim"
printf '{"version":1,"pid":1,"cgroups":["%s/mntns-evil"]}' "$work" >"$MNTNS_RUNTIME_DIR/boxes/evil"
mkdir "$work/mntns-evil"
ok "a record that names no cgroup" run "$root" true
ok "removes nothing" test -d "$work/mntns-evil"
refused "a runtime directory of somebody else" 125 "can be written by others|belongs to" \
	bash -c "mkdir -m 777 $work/open; MNTNS_RUNTIME_DIR=$work/open $MNTNS run --name x $root true"
refused "a runtime directory that is a link" 125 "symbolic link" \
	bash -c "ln -s $work $work/link; MNTNS_RUNTIME_DIR=$work/link $MNTNS run --name x $root true"

# Many at once, half of them killed.
for i in $(seq 20); do
	"$MNTNS" run --name "crowd-$i" --pids 20 "$root" sleep 0.2 &
	[ $((i % 2)) = 0 ] || { p=$!; (sleep 0.05; kill -KILL $p) & }
done 2>/dev/null
wait 2>/dev/null
ok "after a crowd" run "$root" true
is "nothing is left of a crowd" "$(cgroups)" "$cgroups_before"
is "nor of its records" "$(find "$MNTNS_RUNTIME_DIR/boxes" -name 'crowd*' | wc -l)" 0
is "the caller's table is as it was" "$(table)" "$before"
finish
