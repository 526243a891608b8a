#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Scenario files: all of them on the kernel and on the model, and what the command says of bad ones.
. "$(dirname "$0")/../lib/tap.sh"
before=$(table)
shopt -s nullglob
for topic in "$source_root"/tests/scenarios/*/; do
	files=("$topic"*.mnt)
	ok "$(basename "$topic"): ${#files[@]} scenarios on both" "$MNTNS" scenario --on both "${files[@]}"
done
all=("$source_root"/tests/scenarios/*/*.mnt)
ok "there are at least 250" test ${#all[@]} -ge 250
ok "all of them on the model, without privilege" as_user "$MNTNS" scenario --on model "${all[@]}"
ok "all of them on the kernel alone" "$MNTNS" scenario --on kernel "${all[@]}"
is "the caller's table is what it was" "$(table)" "$before"
missing=0
for file in "${all[@]}"; do
	grep -q '^expect ' "$file" || { missing=1; echo "# $file expects nothing of the tables"; }
done
is "each expects something of the tables" $missing 0
cp -r "$source_root/tests/scenarios" "$work/generated"
is "the matrices are as tests/tools/matrix.py makes them" \
	"$(cd "$source_root" && python3 tests/tools/matrix.py "$work/generated" && diff -r tests/scenarios "$work/generated")" ""

scenario() { # NAME LINE…: a file of this name
	printf '%s\n' "${@:2}" >"$work/$1.mnt"
}
said() { # FILE OPTIONS…: what is printed
	"$MNTNS" scenario "${@:2}" "$work/$1.mnt" 2>&1
}
scenario good '# Nothing happens.' 'expect 0 mounts 1' 'tmpfs /a' 'umount /b -> EINVAL' 'expect 0 /a mounted 1'
is "TAP has a plan, a line for each file, and comments" "$(cd "$work" && "$MNTNS" scenario --tap good.mnt)" \
	$'1..1\nok 1 - good.mnt: Nothing happens.\n# 1 scenarios: 2 statements, 2 expectations, 0 failed'
scenario wrong '# It is not so.' 'tmpfs /a' 'umount /a -> EBUSY' 'expect 0 /a type shared' 'expect 0 mounts 7'
refused "a failure is status 1" 1 '' "$MNTNS" scenario "$work/wrong.mnt"
like "an errno that does not come is shown" "$(said wrong)" 'wrong.mnt:3: umount /a -> EBUSY: got success'
like "so is an expectation, with what is" "$(said wrong --on model)" 'wrong.mnt:5: expect 0 mounts 7: got 1'
like "a failure is a diagnostic of TAP" "$(said wrong --tap)" '^# .*wrong.mnt:4: expect 0 /a type shared: got nothing is mounted there'
bad() { # SENTENCE PATTERN LINE…
	scenario bad '# It cannot be read.' "${@:3}"
	like "$1" "$(said bad --tap)" "^# .*bad.mnt:2: .*$2"
}
bad "a word that is none" "'jump /a': neither an op, see mntns-ops.5., nor a call" 'jump /a'
bad "an errno that is none" "'ENOSENSE' is no name of an errno" 'tmpfs /a -> ENOSENSE'
bad "a process that is not there" 'there is no such process' '3: tmpfs /a'
bad "a file that is not open" 'a file that it uses is not open' 'move-mount h1 /a'
bad "the machine's file systems are out of reach" 'only tmpfs and ramfs' 'mount sysfs /a'
bad "so are its devices" "one of the machine's" 'node /x b 8:0'
bad "an expectation that is none" "expected one of mounts NUMBER" 'expect 0 /a blue'
bad "an expectation without its operand" 'expected: expect PROCESS PATH shared-with PROCESS PATH' 'expect 0 /a shared-with 1'
printf 'tmpfs /a\n' >"$work/bare.mnt"
like "the first line says what happens" "$(said bare)" "bare.mnt:1: expected '# ' and a sentence"
refused "it wants to know on what" 2 "'paper': expected kernel.model.both" "$MNTNS" scenario --on paper "$work/good.mnt"
refused "without privilege it says so, once" 1 '^mntns scenario: .*Operation not permitted' as_user "$MNTNS" scenario "$work/good.mnt" "$work/wrong.mnt"
like "and in TAP's way" "$(as_user "$MNTNS" scenario --tap "$work/good.mnt" 2>/dev/null)" '^Bail out! .*Operation not permitted'
refused "a file that is not there is a failure of its own" 1 '' "$MNTNS" scenario "$work/good.mnt" "$work/none.mnt"
like "and the others are played" "$("$MNTNS" scenario --tap "$work/none.mnt" "$work/good.mnt")" '^ok 2 - '

finish
