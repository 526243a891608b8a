#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns apply, with random operations: see tests/tools/apply-random.py.
. "$(dirname "$0")/../lib/tap.sh"

mkdir "$work/top"
worlds=2
[ -z "${SANITIZED:-}" ] || worlds=1
output=$(python3 "$source_root/tests/tools/apply-random.py" "$MNTNS" "$work/top" 1 $worlds 30)
is "all worlds were played" "$(grep -cE '^(not )?ok' <<<"$output")" $worlds
unlike "nothing is wrong" "$output" '^not ok'
like "some were applied" "$output" '[0-9] applied'
like "some were undone" "$output" '[0-9] undone'
finish
