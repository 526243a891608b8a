#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns tree: live tables, every way to name a namespace, and what must not break the picture.
PINS=yes
. "$(dirname "$0")/../lib/tap.sh"
tree() { "$MNTNS" tree "$@"; }
mkdir "$work/m"
mount -t tmpfs m "$work/m"
mount --make-shared "$work/m"
mkdir "$work/m/a" "$work/m/b"
mount -t tmpfs -o ro,nosuid a "$work/m/a"
mount --bind "$work/m/a" "$work/m/b"
group=$(awk -v at="$work/m" '$5 == at { sub(/.*shared:/, "", $7); print $7 }' /proc/self/mountinfo)
is "the tree of one mount" "$(tree -n -o target,source,fstype,vfs-options,propagation,marks "$work/m" | sed -E "s#$work##; s/  +/ /g; s/(m|a)\$/&/; s/shared:[0-9]+/shared:N/")" \
	"/m m tmpfs rw,relatime shared:N rshared
├─/m/a a tmpfs ro,nosuid,relatime shared:N -
└─/m/b a tmpfs ro,nosuid,relatime shared:N -"
is "the group's number is the kernel's" "$(tree -n -r -o group "$work/m" | head -n 1)" "$group"
mount --make-private "$work/m/b"
unlike "not recursively shared any more" "$(tree -n -o marks "$work/m")" rshared
mkdir "$work/m/d"
ln -s b "$work/m/link"
is "a mount by any path on it" "$(tree -n -l -r -o target "$work/m/d" | head -n 1)" "$work/m"
is "symbolic links are followed" "$(tree -n -l -r -o target "$work/m/link")" "$work/m/b"
refused "a path that is not there" 1 "m/a/x/y: No such file" tree "$work/m/a/x/y"
mount -t tmpfs over "$work/m/a"
is "PATH is what a path gets to" "$(tree -n -r -o source,marks "$work/m/a")" "over "
is "what is covered says by whom" "$(tree -n -r -l -o source,marks,hidden-by "$work/m" | grep '^a covered')" \
	"a covered,rshared $(tree -n -r -o id "$work/m/a")"
rmdir "$work/m/b" 2>/dev/null
umount "$work/m/a"
is "all mounts are there" "$(tree -n -l | wc -l)" "$(wc -l </proc/self/mountinfo)"
is "and in the tree" "$(tree -n | wc -l)" "$(wc -l </proc/self/mountinfo)"
ids() { python3 -c '
import json, sys
def walk(rows):
    for row in rows:
        yield row["id"]
        yield from walk(row.get("children", []))
print(sorted(walk(json.load(sys.stdin)["filesystems"])))'; }
is "JSON has the same mounts nested and flat" "$(tree -J -o id | ids)" "$(tree -J -l -o id | ids)"

# Every name of a namespace.
mkdir "$work/pins"
mount -t tmpfs pins "$work/pins"
touch "$work/pins/the-pin"
unshare -m --propagation private sh -c 'mount -t tmpfs inside "$1" && exec sleep 3620' - "$work/m" &
pid=$!
until grep -q sleep "/proc/$pid/comm"; do sleep 0.01; done
mount --bind "/proc/$pid/ns/mnt" "$work/pins/the-pin"
link=$(readlink "/proc/$pid/ns/mnt")
inode=${link//[^0-9]/}
for name in "$pid" "$link" "$inode" "/proc/$pid/ns/mnt" "$work/pins/the-pin" the-pin; do
	is "a namespace by ${name#"$work"/}" "$(tree -n -r -l -o source "$name" 2>/dev/null | tail -n 1)" inside
done
"$MNTNS" snapshot >"$work/snapshot" 2>/dev/null
for name in "$pid" "$link" "$inode" "/proc/$pid/ns/mnt" the-pin; do
	is "the same in a snapshot by ${name#"$work"/}" "$(tree -n -r -l -o source "$name" --from "$work/snapshot" | tail -n 1)" inside
done
is "self" "$(tree self | md5sum)" "$(tree | md5sum)"
is "self in a snapshot is whose it was" "$(tree self -r -o id --from "$work/snapshot" | md5sum)" "$(tree -r -o id | md5sum)"
is "a snapshot as the namespace" "$(tree -r -o id "$work/snapshot" | md5sum)" "$(tree -r -o id | md5sum)"
is "a mountinfo file as the namespace" "$(tree -r -o id "/proc/$pid/mountinfo" | md5sum)" "$(tree -r -o id "$pid" | md5sum)"
kill "$pid"
wait "$pid" 2>/dev/null
refused "a process that has ended" 1 "there is no process $pid" tree "$pid"
refused "a name that nothing has" 1 "there is no mount namespace 'nothing': expected a PID, self" tree nothing
refused "an inode that nothing has" 1 "there is no mount namespace '4026599999'" tree 4026599999
refused "a name in a snapshot that has it not" 1 "no process 1234567 is in sight" tree 1234567 --from "$work/snapshot"
umount "$work/pins/the-pin"

refused "a path that is not absolute" 2 "'m/a': expected an absolute path" tree self m/a
refused "too many words" 2 "'x': expected a namespace and a path" tree self / x
refused "an unknown option" 2 'unknown option --lists; did you mean --list' tree --lists
printf '{"version": 1, "namespaces": [{' >"$work/broken"
refused "a broken snapshot" 1 "broken:1: no JSON" tree --from "$work/broken"
printf '1 0 0:1 / / rw - a b c\n2 3 0:1 / /x rw - a b c\n3 2 0:1 / /y rw - a b c\n' >"$work/cycle"
refused "a table that is no tree" 1 '2 mounts hang on each other' tree --from "$work/cycle"
refused "an empty namespace" 1 "/nowhere: No such file" tree --from /nowhere
as_user "$MNTNS" tree $$ >/dev/null 2>"$work/err"
like "a namespace that may not be read" "$(cat "$work/err")" "open /proc/$$/ns/mnt: Permission denied"

# Mount points of any bytes, as long as they may be.
odd=$work/m/$(printf 'new\nline\ttab \377\033[31mred\302\2331m')
mkdir "$odd"
mount -t tmpfs "$(printf 'odd\n\033]0;title\007')" "$odd"
long=$work/m
while [ ${#long} -lt 3900 ]; do long=$long/$(printf 'x%.0s' {1..200}); mkdir "$long"; done
mount -t tmpfs long "$long"
lines=$(wc -l </proc/self/mountinfo)
for form in -n "-n -l" "-n -r"; do
	# shellcheck disable=SC2086
	is "a line for each with $form" "$(tree $form | wc -l)" "$lines"
	# shellcheck disable=SC2086
	is "without a control character" "$(tree $form | LC_ALL=C tr -d '\n\040-\176\200-\377' | wc -c)" 0
done
unlike "nor one beyond ASCII" "$(tree -n -l | od -An -tx1 | tr -d ' \n')" 'c29b'
is "raw has as many columns in each line" "$(tree -r -l -o target,source,fstype,vfs-options | awk 'NF > 4' | wc -l)" 0
is "JSON is valid, and says what it can" "$(tree -J -l | python3 -c '
import json, sys
print([f["source"] for f in json.load(sys.stdin)["filesystems"]][-2:])')" "['odd\\n\\x1b]0;title\\x07', 'long']"
narrow=$(on_terminal "stty cols 20; '$MNTNS' tree -o target,source")
is "on a terminal of 20 columns the lines fit" "$(python3 -c 'import sys; print(max(len(line.rstrip("\n")) for line in sys.stdin) <= 20)' <<<"$narrow")" True
like "and say that they are cut" "$narrow" '…'
is "what does not fit for its headings is not cut off" "$(on_terminal "stty cols 5; '$MNTNS' tree -o fstype,propagation" | wc -l)" "$((lines + 1))"
umount -l "$work/m" "$work/pins"
refused "a full disk" 1 'standard output: No space left' sh -c '"$1" tree >/dev/full' - "$MNTNS"
finish
