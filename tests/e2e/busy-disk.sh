#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The busy disk, end to end: five kinds of holders of one loop-mounted image, found and released.
PINS=yes
. "$(dirname "$0")/../lib/tap.sh"
who() { "$MNTNS" who "$@"; }
disk=$work/disk
mkdir "$disk" "$work/pins" "$work/merged"
truncate -s 8M "$work/image"
mkfs.ext4 -q "$work/image"
loop=$(losetup --find --show "$work/image")
release_loop() { losetup -d "$loop" 2>/dev/null; }
trap 'at_exit; release_loop' EXIT
mount "$loop" "$disk"
mkdir "$disk/layer" "$disk/here"
echo text >"$disk/layer/file"

# others FILE: the tables of all namespaces but those of tests, ours too; they are compared where
# they were there before and after.
others() {
	for dir in /proc/[0-9]*; do
		inode=$(stat -L -c %i "$dir/ns/mnt" 2>/dev/null) || continue
		[ -e "$1/$inode" ] || cat "$dir/mountinfo" >"$1/$inode" 2>/dev/null
	done
}
# One namespace of our own that has nothing to do with it, which must stay as it is.
unshare -m --propagation private sh -c 'umount "$1"; umount -l "$1" 2>/dev/null; exec sleep 3600' - "$disk" &
bystander=$!
until [ "$(cat /proc/$bystander/comm)" = sleep ]; do sleep 0.01; done

# 1. a process in a private namespace that copied it
unshare -m --propagation private sleep 3601 &
copy=$!
until [ "$(cat /proc/$copy/comm)" = sleep ]; do sleep 0.01; done
# 2. a pinned namespace that holds it
mount -t tmpfs pins "$work/pins" && touch "$work/pins/kept"
unshare -m --propagation private sleep 3602 &
pinned=$!
until [ "$(cat /proc/$pinned/comm)" = sleep ]; do sleep 0.01; done
mount --bind "/proc/$pinned/ns/mnt" "$work/pins/kept"
kill "$pinned"
wait "$pinned" 2>/dev/null
pinned_ns=$(stat -L -c %i "$work/pins/kept")
# 3. an overlay that uses it as lower layer
mkdir "$work/empty"
mount -t overlay overlay -o "lowerdir=$disk/layer:$work/empty" "$work/merged"
# 4. and 5.: the mount itself, and a shell with its working directory on it
mkfifo "$work/typed-later"
(cd "$disk/here" && exec bash -c 'read -r line <"$1"' - "$work/typed-later") &
shell=$!
until [ "$(readlink /proc/$shell/cwd)" = "$disk/here" ] && grep -q read "/proc/$shell/cmdline"; do sleep 0.01; done

refused "umount says busy" 32 'busy' umount "$disk"
mkdir "$work/before" "$work/after"
others "$work/before"
before=$(cat "/proc/$bystander/mountinfo")
pins_before=$(nsenter --mount="$work/pins/kept" grep -v "$disk" /proc/self/mountinfo | sort)
own_before=$(grep -v -e " $disk " -e " $work/merged " /proc/self/mountinfo | sort)

who -r -n -o kind,pid,ns,path,reason,release "$disk" >"$work/rows"
status=$?
is "who finds holders" "$status" 0
row() { grep -E -- "$1" "$work/rows" || { cat "$work/rows" >&2; return 1; }; }
own_ns=$(stat -L -c %i /proc/self/ns/mnt)
copy_ns=$(stat -L -c %i "/proc/$copy/ns/mnt")
ok "it names the mount itself" row "^mount [0-9]+ $own_ns $disk the.x20mount.x20itself umount.x20$disk$"
ok "a process in a private namespace that copied it" row "^mount $copy $copy_ns $disk private.x20copy umount.x20-N.x20$copy.x20$disk$"
ok "a pinned namespace" row "^mount  $pinned_ns $disk private.x20copy;.x20no.x20process.x20is.x20there umount.x20-N.x20$work/pins/kept.x20$disk$"
ok "and its pin" row "^pin  $pinned_ns $work/pins/kept keeps"
ok "an overlay" row "^overlay [0-9]+ $own_ns $work/merged lowerdir=$disk/layer umount.x20$work/merged$"
ok "a shell" row "^cwd $shell $own_ns $disk/here working.x20directory kill.x20$shell$"
# Not by PID: a namespace is named by its lowest, which may be that of who itself.
is "by its device the same" "$(who -r -n -o kind,ns,path "$loop" | sort -u)" "$(who -r -n -o kind,ns,path "$disk" | sort -u)"
is "by its number too" "$(who -r -n -o kind,ns,path "$(mountpoint -d "$disk")" | sort -u)" "$(who -r -n -o kind,ns,path "$disk" | sort -u)"

refused "without a terminal it wants --yes" 1 'there is no terminal to ask on; give --yes' "$MNTNS" who --release "$disk"
rows=$(grep -c . "$work/rows")
is "--dry-run shows in the order of release" "$(who --release --dry-run -r -n -o kind "$disk" | head -1; who --release --dry-run -n "$disk" | grep -c .)" "$(printf 'cwd\n%s' "$rows")"
ok "and touches nothing" kill -0 "$shell"
is "the answer no" "$(printf 'n\n' >"$work/no"; on_terminal "$MNTNS who --release $disk <$work/no >/dev/null 2>&1; echo \$?")" 1
ok "and still nothing was touched" mountpoint -q "$disk"

who --release --yes "$disk" >/dev/null 2>"$work/said"
is "who --release frees it" "$?$(grep "^not released" "$work/said")" 0
others "$work/after"
ok "it said what it released" grep -qx "released: umount -N $copy $disk" "$work/said"
ok "losetup -d succeeds" losetup -d "$loop"
is "and the device is free" "$(losetup -j "$work/image")" ""
is "nothing holds it any more" "$(who "$loop" -n 2>/dev/null)" ""
kill "$shell" 2>/dev/null
is "the shell had ended" "$?" 1
wait "$shell" 2>/dev/null
ok "the process that had only a copy runs on" kill -0 "$copy"
ok "the pin stands" mountpoint -q "$work/pins/kept"
is "and its namespace has lost that mount alone" "$(nsenter --mount="$work/pins/kept" cat /proc/self/mountinfo | sort)" "$pins_before"
is "here too" "$(sort /proc/self/mountinfo)" "$own_before"
is "a bystander's namespace is as it was" "$(cat "/proc/$bystander/mountinfo")" "$before"
changed=""
compared=0
for table in "$work"/before/*; do
	again=$work/after/${table##*/}
	[ -e "$again" ] && ! grep -q mntns-test "$table" "$again" || continue
	cmp -s "$table" "$again" || changed="$changed ${table##*/}"
	compared=$((compared + 1))
done
is "and the tables of all other namespaces ($compared)" "$changed" ""
like "(there are some)" "$compared" '^[1-9]'
kill "$copy" "$bystander"
finish
