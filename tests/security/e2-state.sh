#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# E2, E3: a state directory others can write, and a state whose pid is another's by now.
#
# A runtime that believes the file kills a foreign process. The container sleeps; its record is edited.
. "$(dirname "$0")/lib.sh"
sh_config 'sleep 60'
victim_of() { # a process that must not be signaled
	sleep 300 &
	victim=$!
}
victim_of
process_gone() { ! grep -q '^State:.[^ZX]' "/proc/$1/status" 2>/dev/null; }
edit() { # JQ-FILTER: of every json file of the record
	find "$states/$id" -name '*.json' ! -name config.json | while read -r f; do
		jq "$1" "$f" >"$work/new" 2>/dev/null && cat "$work/new" >"$f"
	done
}
for way in kill "kill KILL" "delete --force"; do
	ok "a container" begin
	pid=$(rt state "$id" | jq .pid)
	edit "walk(if . == $pid then $victim else . end)"
	case $way in
	kill) rt kill "$id" TERM ;;
	"kill KILL") rt kill "$id" KILL ;;
	*) rt delete --force "$id" ;;
	esac >/dev/null 2>&1
	sleep 0.05
	ok "$way with a foreign pid in the record signals nobody else" kill -0 $victim
	kill -0 $victim 2>/dev/null || victim_of
	rt delete --force "$id" >/dev/null 2>&1
	await process_gone "$pid"
	ok "and delete --force reaches the container's own ($way)" process_gone "$pid"
	kill -9 "$pid" 2>/dev/null
	rm -rf "$states"
done
kill $victim
case $OCI_RUNTIME in */runc | */crun) finish ;; esac # take any directory
for damage in 'chown 12345 $states' 'chmod 777 $states' 'mv $states $states.real; ln -s $states.real $states' 'chmod 1777 $states' 'rm -rf $states; echo >$states'; do
	rm -rf "$states" "$states.real"
	mkdir -m 700 "$states"
	eval "$damage"
	status=0
	rt create --bundle "$bundle" "$id" </dev/null >"$work/out" 2>&1 || status=$?
	like "refused as a state directory: $damage" "$status" '^[1-9]'
	[ $status != 0 ] || rt delete --force "$id"
done
rm -rf "$states" "$states.real"
finish
