#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# C1: the container overwrites the runtime's own file through /proc/PID/exe.
#
# The runtime is a copy here: one that enters the container with its own executable, unsealed and not
# read-only, loses it (CVE-2019-5736; runc before 1.0-rc7). The control is an `nsenter` that joins: the
# intruder overwrites that one's file.
. "$(dirname "$0")/lib.sh"
copy=$work/$(basename "$OCI_RUNTIME")
cp "$OCI_RUNTIME" "$copy"
OCI_RUNTIME=$copy
cp "$INTRUDER" "$rootfs/bin/intruder"
wide='(["CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH"] | {bounding: ., effective: ., permitted: .}) as $caps
	| .process.capabilities = $caps'
sum=$(sha256sum <"$copy")
config ".process.args = [\"/bin/intruder\", \"exe\"] | $wide"
ok "an intruder waits" begin
await grep -q ready "$work/began"
jq '.process | .args = ["/bin/intruder", "idle"]' "$bundle/config.json" >"$work/process"
joined=0
for _ in $(seq 100); do
	rt exec --process "$work/process" "$id" </dev/null >"$work/join" 2>&1 && joined=$((joined + 1)) ||
		cat "$work/join" >>"$work/refused"
done
is "100 programs join it" "$joined $(sort -u "$work/refused" 2>/dev/null)" "100 "
for calls in fsopen open_tree fsopen,open_tree; do
	for _ in $(seq 10); do
		strace -o /dev/null -e trace="$calls" -e inject="$calls:error=EMFILE" \
			"$copy" --root "$states" exec --process "$work/process" "$id" </dev/null >/dev/null 2>&1
	done
done
unlike "what they came with was never overwritten" "$(cat "$work/began")" overwritten
like "the intruder had hold of it" "$(cat "$work/began")" '^held: '
is "the runtime is as it was" "$(sha256sum <"$copy")" "$sum"
# The control: a program that is nobody's runtime enters the same way.
cp /usr/bin/nsenter "$work/nsenter"
pid=$(rt state "$id" | jq .pid)
for _ in $(seq 100); do
	"$work/nsenter" -t "$pid" -m -p /bin/intruder idle 2>/dev/null
	grep -q overwritten "$work/began" && break
done
like "the control: the file of another program that enters is overwritten" "$(cat "$work/began")" 'overwritten: .*/nsenter'
end
config ".process.args = [\"/bin/intruder\", \"busy\"] | $wide"
ok "another keeps the file of who joins busy" begin
await grep -q ready "$work/began"
for _ in $(seq 20); do rt exec --process "$work/process" "$id" </dev/null >/dev/null 2>&1; done
ok "it was refused the right to write" await grep -q refused "$work/began"
joined=0
for _ in $(seq 1000); do "$copy" --version >/dev/null 2>&1 && joined=$((joined + 1)); done
is "the runtime starts 1,000 times" "$joined" 1000
end
for program in /proc/self/exe /proc/thread-self/exe; do
	config '.process.args = [$program]' --arg program "$program"
	resists "the program $program"
	printf '#!%s\n' "$program" >"$rootfs/bin/trap"
	chmod 755 "$rootfs/bin/trap"
	config '.process.args = ["/bin/trap"]'
	resists "a script whose interpreter is $program"
done
is "the runtime is still as it was" "$(sha256sum <"$copy")" "$sum"
finish
