#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A1: destinations of mounts that lead out of the root, planted before or swapped while mounts are made.
#
# A runtime that resolves a destination as a string twice mounts, or makes the mount point, on the
# host: runc 1.1.5 changes `outside` about once in 150 starts of the race (CVE-2024-45310).
. "$(dirname "$0")/lib.sh"
mkdir "$work/src" "$work/volume" "$work/volume/real"
echo content >"$work/src/a"
look='cat /mnt/file /mnt/dir/real /tmp/file /proc/file /dev/file /sys/file 2>/dev/null; :'
add_all='add_mount(bind($src; "/mnt"; [])) | add_mount(plain("tmpfs"; "/tmp"; []))
	| add_mount(bind($src + "/a"; "/tmp/made"; []))'
traps=("$outside" "../../../../../../..$outside" "/../..$outside" /proc/self/root
	"/proc/self/root$outside" "/proc/self/cwd/../../..$outside" /no/such/place loop . /
	/proc/1/root "/proc/thread-self/fd/3")
sh_config "$look" "$add_all" --arg src "$work/src"
for place in proc dev sys tmp mnt; do
	for trap in "${traps[@]}"; do
		fresh
		rm -rf "${rootfs:?}/$place"
		ln -s "$trap" "$rootfs/$place"
		[ "$trap" != loop ] || ln -s "$place" "$rootfs/loop"
		resists "/$place -> $trap"
	done
done

# The volume is shared with a container that swaps a directory for a link to the outside.
fresh
ln -s "$outside/dir" "$work/volume/link"
config 'add_mount(bind($work + "/volume"; "/vol"; []))
	| add_mount(bind($work + "/src/a"; "/vol/real/deep-@N@/file"; []))
	| add_mount(plain("tmpfs"; "/vol/real/made-@N@"; []))
	| add_mount(bind($work + "/src"; "/vol/link/dir-@N@"; []))' --arg work "$work"
"$SWAP" "$work/volume/real" "$work/volume/link" &
attacker=$!
race
kill $attacker
is "of $STARTS starts against a swapping attacker none reaches the outside" \
	"$(find "$outside/dir" -mindepth 1 ! -name real | wc -l)" 0
like "some of them begin" "$began" '^[1-9]'
status=0
is "and nothing is left" "$(damage)" ""
finish
