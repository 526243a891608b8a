#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# C3: processes of the runtime that join are traced or looked into from inside.
#
# A process that joins and can be dumped, or holds descriptors, gives the container the host
# (CVE-2016-9962). The control is an `nsenter`: the intruder traces it and has its directory.
. "$(dirname "$0")/lib.sh"
cp "$INTRUDER" "$rootfs/bin/intruder"
wide='.process.capabilities = (["CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE"] | {bounding: ., effective: ., permitted: .})'
for with in without with; do
	config ".process.args = [\"/bin/intruder\", \"peek\"]$([ $with = without ] || echo " | $wide")"
	ok "an intruder $with CAP_SYS_PTRACE waits" begin
	await grep -q ready "$work/began"
	jq '.process | .args = ["/bin/intruder"]' "$bundle/config.json" >"$work/process"
	for _ in $(seq "$((STARTS / 10))"); do
		rt exec --process "$work/process" "$id" </dev/null >/dev/null 2>&1
	done
	if [ $with = without ]; then
		is "$((STARTS / 10)) that join give nothing" "$(grep -v ready "$work/began")" ""
	else
		# It reads the container's own files of users.
		unlike "$((STARTS / 10)) that join give no descriptor of the host" \
			"$(grep -Ev ' -> /etc/(passwd|group)$' "$work/began")" '-> (/|.*states)'
		nsenter -t "$(rt state "$id" | jq .pid)" -p sleep 0.2
		await grep -q traced "$work/began"
		like "the control: another program that joins is traced" "$(cat "$work/began")" 'traced|opened: .*cwd'
	fi
	end
done
finish
