#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# C10: a call that sets credentials says that it did, and did not.
#
# Each call of run, of create, of start, of exec and of mounts add that sets user, groups, capabilities or
# no_new_privs is left out by a tracer that reports success: the program runs with exactly what was asked
# for and the mount is as it was asked for, or there is none. Not the filter: it may forbid every call that
# could tell.
. "$(dirname "$0")/lib.sh"
FAULT=$(realpath "${FAULT:?the tracer, tests/tools/fault.c}")
PATIENCE=20
look='grep -E "^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp:)" /proc/self/status'
filter='.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["mkdirat"], action: "SCMP_ACT_ERRNO"}]}'
user='.process.user = {uid: 1000, gid: 1000, additionalGids: [2000]}'
mapped='.linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
	| .linux.gidMappings = .linux.uidMappings'
jq -n '[{type: "tmpfs", source: "tmpfs", destination: "/mnt", options: ["nosuid", "nodev", "noexec", "mode=700"]}]' >"$work/mounts.json"

patient() { timeout -s KILL $PATIENCE "$@"; }
traced() { # ARGUMENTS OF THE TRACER -- COMMAND: of the runtime; without arguments, without it
	local tracer=()
	while [ "$1" != -- ]; do tracer+=("$1") && shift; done
	shift
	[ ${#tracer[@]} = 0 ] || tracer=("$FAULT" -t 10 "${tracer[@]}")
	patient "${tracer[@]}" "$OCI_RUNTIME" --root "$states" "$@" </dev/null >"$work/launched" 2>&1
	status=$?
}
first_process() { rt state "$id" | jq .pid; }
# Each is given the tracer's arguments, and does its operation; what was asked for is seen by then.
do_run() { traced "$@" -- run --bundle "$bundle" "$id"; }
do_create() {
	traced "$@" -- create --bundle "$bundle" "$id"
	[ $status != 0 ] || [ "${1:-}" = -l ] || say_start
}
do_start() {
	patient "$OCI_RUNTIME" --root "$states" create --bundle "$bundle" "$id" </dev/null >"$work/started" 2>&1
	traced ${1:+-a "$(first_process)"} "$@" -- start "$id"
	await stopped
	cat "$work/started" >>"$work/launched"
}
say_start() {
	patient "$OCI_RUNTIME" --root "$states" start "$id" >>"$work/launched" 2>&1
	status=$?
	await stopped
}
stopped() { [ "$(rt state "$id" 2>/dev/null | jq -r .status)" != running ]; }
do_exec() {
	[ -e "$states/$id" ] || begin
	traced "$@" -- exec "${exec_as[@]}" "$id" /bin/sh -c "$look"
}
do_add() {
	begin
	traced "$@" -- mounts add "$id" "$work/mounts.json"
	[ $status != 0 ] || rt exec "$id" /bin/sh -c 'stat -c "%u:%g %a" /mnt; grep " /mnt " /proc/self/mountinfo | cut -d " " -f 5,6' \
		</dev/null >>"$work/launched" 2>&1
}
performed() { # OPERATION ARGUMENTS OF THE TRACER…: also sets `output`
	local op=$1
	shift
	"do_$op" "$@"
	output=$(tr -d '\0' <"$work/launched")
	[ "$op" = exec ] || [ -z "$(ls "$states" 2>/dev/null)" ] || rt delete --force "$id" >/dev/null 2>&1
}
# lies OPERATION WHO PATTERN-OF-THE-CONTROL CALLS-THERE-MUST-BE
lies() {
	local op=$1 name="$1, $2" true_ones points point wrong
	performed "$op"
	true_ones=$output
	like "$name: the control" "$true_ones" "$3"
	performed "$op" -l "$work/calls"
	mapfile -t points < <(awk '$3 ~ /^(setres[ug]id|set[ug]id|setgroups|capset|prctl)$/ { print $1 ":" $2 ":" $3, $3 }' "$work/calls")
	like "$name: there are calls to leave out" "$(printf '%s\n' "${points[@]#* }" | sort -u | tr '\n' ' ')" "$4"
	for point in "${points[@]}"; do
		performed "$op" -p "${point% *}" -e 0
		[ "$op" != exec ] || output=${output//$'\r'/}
		wrong=$(damage_of "$op")
		[ $status != 0 ] || [ "$output" = "$true_ones" ] || wrong+="it runs with something else: $(diff <(echo "$true_ones") <(echo "$output"))"
		[ $status = 0 ] || ! grep -qE '^Uid:|/mnt' <<<"$output" || wrong+="it ran and failed: $output"
		[ $status != 200 ] || wrong+="the call was not reached"
		if [ -z "$wrong" ]; then pass "$name: ${point% *} ($status)"; else fail "$name: ${point% *}" "$wrong"; fi
	done
	[ "$op" != exec ] || rt delete --force "$id"
	restore_outside
}
damage_of() { if [ "$1" = exec ]; then :; else damage; fi; } # its container is there
both='capset prctl .*setgroups .*setresgid .*setresuid '
for who in user root; do
	sh_config "$look" "$filter$([ $who = root ] || echo "| $user")"
	lies run $who 'Seccomp:.2' "$both"
	lies create $who 'Seccomp:.2' '^(capset )?prctl .*setgroups .*setresgid .*setresuid '
	lies start $who 'Seccomp:.2' 'capset prctl'
	config ".process.args = [\"/bin/sleep\", \"1000\"] | $filter$([ $who = root ] || echo "| $user")"
	exec_as=()
	[ $who = root ] || exec_as=(--user 1000:1000 --additional-gids 2000)
	lies exec $who 'Seccomp:.2' "$both"
done
config '.process.args = ["/bin/sleep", "1000"]'
lies add "the host's users" '^0:0 700' prctl
config ".process.args = [\"/bin/sleep\", \"1000\"] | $mapped"
chown -R 100000:100000 "$rootfs"
lies add "users of its own" '^0:0 700' 'prctl .*setresgid setresuid '
finish
