#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A7: the source of a copy or bind is in a hostile tree.
#
# OCI has no path below a volume: the source of a bind is the engine's own choice. What the runtime
# reads out of a hostile tree is the directory below a tmpfs with tmpcopyup, and there a link, a fifo
# or a swapped directory leads out of it, hangs, or has a file of the host copied (CVE-2017-1002101).
# A start that copies takes long: 500 of each race here, 2,000 by `make faults`.
STARTS=${STARTS:-500}
. "$(dirname "$0")/lib.sh"
copyup='add_mount(plain("tmpfs"; "/mnt"; ["tmpcopyup", "size=1m"]))'
find_all='find /mnt -type f | while read -r f; do cat "$f"; done'
for to in "$outside" "../../../../../..$outside" "/proc/self/root$outside"; do
	fresh
	ln -s "$to" "$rootfs/mnt/link"
	ln -s "$to/file" "$rootfs/mnt/file"
	sh_config "$find_all; cat /mnt/file /mnt/link/file 2>/dev/null; :" "$copyup"
	resists "tmpcopyup of links -> $to"
	fresh
	rmdir "$rootfs/mnt"
	ln -s "$to" "$rootfs/mnt"
	sh_config "$find_all" "$copyup"
	resists "tmpcopyup at /mnt -> $to"
done
for kind in fifo zero sparse deep; do
	fresh
	case $kind in
	fifo) mkfifo "$rootfs/mnt/x" ;;
	zero) mknod "$rootfs/mnt/x" c 1 5 ;;
	sparse) truncate -s 100T "$rootfs/mnt/x" ;;
	deep) (cd "$rootfs/mnt" && for _ in $(seq 600); do mkdir d && cd d || exit; done) ;;
	esac
	config "$copyup"
	resists "tmpcopyup of a tree with a $kind"
done
fresh
echo seen >"$rootfs/mnt/file"
sh_config 'cat /mnt/file; echo more >/mnt/more' "$copyup"
launch
is "the control: tmpcopyup copies, or is refused" "$([ $status != 0 ] || echo "$output")" "$([ $status != 0 ] || echo seen)"
is "and the root has no new file" "$(ls "$rootfs/mnt")" file
mkdir "$rootfs/mnt/real"
echo inside >"$rootfs/mnt/real/real"
ln -s "$outside/dir" "$rootfs/mnt/link"
for i in $(seq 10); do echo "$i" >"$rootfs/mnt/real/f$i"; done
sh_config "$find_all" "$copyup"
"$SWAP" "$rootfs/mnt/real" "$rootfs/mnt/link" &
attacker=$!
race
kill $attacker
like "with a tree that is swapped some begin" "$began" '^[1-9]'
is "of $STARTS copies of a tree that is swapped none has a file of the host" "$(grep -c secret-of-the-host <<<"$output")" 0

# A source that is now a directory, now a file: one of the two is mounted where it fits.
mkdir "$work/volume" "$work/volume/real"
echo content >"$work/volume/file"
sh_config 'ls -d /mnt; cat /mnt 2>/dev/null; :' 'add_mount(bind($volume + "/real"; "/mnt/@N@"; []))' --arg volume "$work/volume"
"$SWAP" "$work/volume/real" "$work/volume/file" &
attacker=$!
fresh
race
kill $attacker
like "with a source that changes its type some begin" "$began" '^[1-9]'
status=0 output=
is "and nothing is left" "$(damage)" ""
finish
