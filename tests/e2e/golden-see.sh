#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What commands say of stored tables: in each directory of tests/golden/see, `from` is a snapshot or
# a mountinfo file, NAME.cmd the words behind `mntns` (a line; --from is added), and NAME.out what is
# expected: standard output, standard error behind "! ", and the exit status in the last line.
#
#     tests/e2e/golden-see.sh --update      writes all NAME.out anew, to be read as a diff
. "$(dirname "$0")/../lib/tap.sh"
cd "$source_root/tests/golden/see" || exit 1
for cmd in */*.cmd; do
	read -r -a words <"$cmd"
	out=${cmd%.cmd}.out
	# In its directory, so that a case can name files beside `from`.
	(cd "$(dirname "$cmd")" && "$MNTNS" "${words[@]}" --from from >"$work/out" 2>"$work/err"; echo $? >"$work/status")
	{ cat "$work/out"; sed 's/^/! /' "$work/err"; cat "$work/status"; } >"$work/got"
	[ "${1:-}" != --update ] || cp "$work/got" "$out"
	if cmp -s "$work/got" "$out"; then pass "$cmd"; else fail "$cmd" "$(diff "$out" "$work/got")"; fi
done
finish
