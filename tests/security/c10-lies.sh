#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# C10: a call that sets credentials says that it did, and did not.
#
# Each call of a start that sets user, groups, capabilities or no_new_privs is left out by a tracer that
# reports success: the program runs with exactly what was asked for, or there is none. Not the filter: it
# may forbid every call that could tell.
. "$(dirname "$0")/lib.sh"
FAULT=$(realpath "${FAULT:?the tracer, tests/tools/fault.c}")
PATIENCE=20
look='grep -E "^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp:)" /proc/self/status'
for who in user root; do
	sh_config "$look" '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["mkdirat"], action: "SCMP_ACT_ERRNO"}]}'"$([ $who = root ] ||
		echo '| .process.user = {uid: 1000, gid: 1000, additionalGids: [2000]}')"
	run=("$OCI_RUNTIME" --root "$states" run --bundle "$bundle" "$id")
	launch
	true_ones=$output
	like "$who: the control" "$true_ones" 'Seccomp:.2'
	"$FAULT" -t 20 -l "$work/calls" "${run[@]}" </dev/null >/dev/null 2>&1
	mapfile -t points < <(awk '$3 ~ /^(setres[ug]id|set[ug]id|setgroups|capset|prctl)$/ { print $1 ":" $2 ":" $3, $3 }' "$work/calls")
	like "$who: there are calls to leave out" "$(printf '%s\n' "${points[@]#* }" | sort -u | tr '\n' ' ')" 'capset prctl .*setgroups .*setresgid .*setresuid '
	for point in "${points[@]}"; do
		timeout -s KILL $PATIENCE "$FAULT" -t 10 -p "${point% *}" -e 0 "${run[@]}" </dev/null >"$work/launched" 2>&1
		status=$?
		output=$(tr -d '\0' <"$work/launched")
		[ -z "$(ls "$states" 2>/dev/null)" ] || rt delete --force "$id" >/dev/null 2>&1
		wrong=$(damage)
		[ $status != 0 ] || [ "$output" = "$true_ones" ] || wrong+="it runs with something else: $(diff <(echo "$true_ones") <(echo "$output"))"
		[ $status = 0 ] || ! grep -q ^Uid: <<<"$output" || wrong+="it ran and failed: $output"
		[ $status != 200 ] || wrong+="the call was not reached"
		if [ -z "$wrong" ]; then pass "$who: ${point#* } at ${point% *} ($status)"; else fail "$who: ${point#* } at ${point% *}" "$wrong"; fi
		restore_outside
	done
done
finish
