#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns diff: live namespaces and files, and what counts as a difference.
. "$(dirname "$0")/../lib/tap.sh"
compare() { "$MNTNS" diff "$@"; }
mkdir "$work/m"
mount -t tmpfs m "$work/m"
mount --make-shared "$work/m"
mkdir "$work/m/a" "$work/m/b" "$work/m/c"
mount -t tmpfs a "$work/m/a"
mount -t tmpfs c "$work/m/c"
mount --make-private "$work/m/c"
mount --make-unbindable "$work/m/c"

# Runs the script in a copy of this namespace that lasts as long as the test; sets pid.
copy() { # OPTIONS-OF-UNSHARE… -- SCRIPT
	local -a options=()
	while [ "$1" != -- ]; do options+=("$1"); shift; done
	rm -f "$work/up"
	unshare -m "${options[@]}" sh -c "$2; echo >'$work/up'; exec sleep 3630" &
	pid=$!
	until [ -e "$work/up" ]; do sleep 0.01; done
}
status() { "$@" >/dev/null 2>&1; echo $?; }
is "the same namespace" "$(compare self $$; echo $?)" 0
is "the same by its file" "$(compare self /proc/$$/ns/mnt; echo $?)" 0
cat /proc/self/mountinfo >"$work/before"
is "and by a copy of its mountinfo" "$(compare self "$work/before"; echo $?)" 0
cd "$work" || exit 1
is "a file of the working directory" "$(compare before self; echo $?)" 0
"$MNTNS" snapshot >"$work/snapshot" 2>/dev/null
is "a snapshot" "$(compare snapshot self; echo $?)" 0
is "with --from, as the first of the two" "$(compare --from snapshot self; echo $?)" 0
is "or as that of both" "$(compare --from snapshot self $$; echo $?)" 0

copy --propagation private -- :
is "a private copy differs" "$(compare -n -r -o change,field self "$pid" | sort -u)" "changed propagation"
is "in that: one that was shared, and one of them unbindable" \
	"$(compare -n -r -o target,before,after self "$pid" | sed "s#$work##; s/shared:[0-9]*/shared:N/")" \
	"$(printf '/m shared:N private\n/m/a shared:N private\n/m/c unbindable private')"
is "which is no difference with --copy-ok" "$(compare --copy-ok self "$pid"; echo $?)" 0
is "but the other way round it is" "$(status compare --copy-ok "$pid" self)" 1
for kind in "--propagation slave" "--propagation unchanged" "-U -r"; do
	# shellcheck disable=SC2086
	copy $kind -- :
	is "a copy by unshare $kind" "$(compare --copy-ok self "$pid"; echo $?)" 0
done
like "its mounts are locked, in another user namespace" "$("$MNTNS" tree -n -r -l -o target,marks "$pid" | grep "m/a ")" 'locked'
unlike "and nothing is in the own" "$("$MNTNS" tree -n -r -l -o marks)" 'locked'

m=$work/m
copy --propagation slave -- "mount -t tmpfs new $m/b && umount $m/c && mount --bind $m/a $m/c && mount -o remount,bind,ro $m/a"
is "added, replaced, and changed" "$(compare -n -r --copy-ok -o change,target,field self "$pid" | sed "s#$work##")" \
	"$(printf 'changed /m/a vfs-options\nadded /m/b \nchanged /m/c source\nchanged /m/c maj:min\nchanged /m/c propagation')"
is "removed, the other way round" "$(compare -n -r -o change,target "$pid" self | grep -c "^removed $m/b")" 1
like "for people" "$(compare --copy-ok self "$pid" | tr -s ' ')" "^changed $m/a vfs-options rw,relatime ro,relatime\$"
is "a list in JSON" "$(compare -J self "$pid" --copy-ok | python3 -c '
import json, sys
print([(c["change"], c["field"]) for c in json.load(sys.stdin)["changes"]][:2])')" "[('changed', 'vfs-options'), ('added', None)]"
is "and an empty one" "$(compare -J self self | tr -d ' \n')" '{"changes":[]}'
copy --propagation private -- "mount --move $m/c $m/b"
is "moved" "$(compare -n -r --copy-ok -o change,target,before self "$pid" | sed "s#$work##g")" "moved /m/b /m/c"

refused "one namespace is not enough" 2 'expected two namespaces or files, got 1' compare self
refused "nor are three fewer" 2 'got 3' compare self self self
refused "trouble is 2" 2 "there is no mount namespace 'nothing'" compare self nothing
refused "also in the first" 2 'there is no process 4000000' compare 4000000 self
printf 'x\n' >"$work/broken"
refused "a broken file" 2 'broken: it is something else: expected a snapshot' compare self "$work/broken"
printf '1 0 0:1 / / rw - a b c\n1 0 0:1 / /x rw - a b c\n' >"$work/twice"
refused "a table that lies" 2 'mount id 1 stands for two mounts' compare "$work/twice" self
refused "an unknown column" 2 "'x': expected columns of CHANGE, TARGET, FIELD" compare self self -o x
kill "$pid"
wait "$pid" 2>/dev/null
refused "a namespace that has ended" 2 "there is no process $pid" compare self "$pid"
as_user "$MNTNS" diff self $$ >/dev/null 2>"$work/err"
is "one that may not be read" "$?:$(grep -c 'Permission denied' "$work/err")" 2:1

# Any bytes, as long as they may be.
odd=$work/m/$(printf 'new\nline\ttab \377\033[31mred\302\2331m')
mkdir "$odd"
mount -t tmpfs "$(printf 'odd\n\033]0;title\007')" "$odd"
long=$work/m
while [ ${#long} -lt 3900 ]; do long=$long/$(printf 'x%.0s' {1..200}); mkdir "$long"; done
mount -t tmpfs long "$long"
for form in -n "-n -r"; do
	# shellcheck disable=SC2086
	is "a line for each with $form" "$(compare $form before self | wc -l)" 2
	# shellcheck disable=SC2086
	is "without a control character" "$(compare $form before self | LC_ALL=C tr -d '\n\040-\176\200-\377' | wc -c)" 0
done
ok "JSON is valid" python3 -c 'import json, sys; json.load(sys.stdin)' < <(compare -J before self)
narrow=$(on_terminal "stty cols 20; '$MNTNS' diff -o change,target before self")
is "on a terminal of 20 columns the lines fit" "$(python3 -c 'import sys; print(max(len(line.rstrip("\n")) for line in sys.stdin) <= 20)' <<<"$narrow")" True
refused "a full disk" 2 'No space left' sh -c '"$1" diff before self >/dev/full' - "$MNTNS"
umount -l "$work/m"
finish
