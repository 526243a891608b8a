#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# E1: ids as paths. A runtime that joins them to its directory makes, or removes, what they lead to.
. "$(dirname "$0")/lib.sh"
mkdir "$outside/victim"
echo '{}' >"$outside/victim/state.json"
mkdir -p "$states"
ln -s "$outside/victim" "$states/planted"
config '.process.args = ["/bin/sleep", "30"]'
restore_outside
long=$(printf 'x%.0s' $(seq 4096))
status=0 output=
for name in ../../pwn "../outside/victim" a/b . .. "" $'a\nb' "$long" -x --root "a b" "/$outside/victim" $'\e[2J' 'a;b' '$(id)' "../$(basename "$outside")" é 'a*' '%s' planted; do
	for command in create state start kill delete "delete --force" pause resume ps exec; do
		set -- # what comes after the id
		case $command in
		create) set -- ;;
		exec) set -- true ;;
		esac
		before_id=()
		[ "$command" = create ] && before_id=(--bundle "$bundle")
		status=0
		# shellcheck disable=SC2086
		timeout -s KILL 10 "$OCI_RUNTIME" --root "$states" $command "${before_id[@]}" -- "$name" "$@" </dev/null >"$work/out" 2>&1 || status=$?
		output=$(cat "$work/out")
		[ "$command" = "delete --force" ] || [ $status != 0 ] || fail "$command '${name:0:20}' is refused" "$output"
		[ "$(snap)" = "$before" ] || { fail "$command '${name:0:20}' leaves the outside" "$(diff <(echo "$before") <(snap))"; restore_outside; }
	done
	pass "the id $(printf %q "${name:0:20}")"
done
is "only what was planted is there" "$(ls -A "$states" | tr '\n' ' ')" "planted "
is "the victim is as it was" "$(cat "$outside/victim/state.json")" "{}"
finish
