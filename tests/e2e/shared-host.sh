#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns run on a host whose every mount is shared, as systemd makes it, with a second namespace in
# the same peer groups: nothing of a start or an end may travel there.
. "$(dirname "$0")/../lib/tap.sh"
make_root
mkdir -p "$work/src" "$work/upper" "$work/flag"
mount -t tmpfs src "$work/src"
mkdir "$work/src/sub" "$work/src/other"
mount -t tmpfs sub "$work/src/sub"
touch "$work/src/a"
mount --make-rshared /
mkfifo "$work/ready"
unshare -m --propagation unchanged sh -c "echo >'$work/ready'; exec sleep 1031" &
peer=$!
read -r _ <"$work/ready"
peer_table() { grep -v " $MNTNS_RUNTIME_DIR" "/proc/$peer/mountinfo"; }
run true "$root" true 2>/dev/null
"$MNTNS" run "$root" true
here=$(table)
there=$(peer_table)
# Where a pin would go to the peer, too, which the kernel refuses, its directory is a mount that is private.
is "the template is pinned" "$(stat -f -c %T "$MNTNS_RUNTIME_DIR/template")" nsfs
is "on a private mount, and once" "$(awk -v dir="$MNTNS_RUNTIME_DIR" 'index($5, dir) == 1 { print substr($5, length(dir) + 1), $7 }' /proc/self/mountinfo | tr '\n' ,)" " -,/template -,"
unchanged() { # SENTENCE
	ok "$1: this namespace's table is as it was" diff <(echo "$here") <(table)
	ok "$1: the peer's too" diff <(echo "$there") <(peer_table)
}

for way in template classic; do
	[ $way = classic ] && export MNTNS_WITHOUT=template
	ok "$way: a box runs" run "$root" true
	unchanged "$way: a usual box"
	ok "$way: binds" run --bind "$work/src:/a" --rbind "$work/src:/b:rslave" --bind "$work/src:/c:shared" "$root" test -f /c/a
	unchanged "$way: binds of every propagation"
	ok "$way: layers" run --layer "$work/src" --upper "$work/upper" "$root" test -f /a
	unchanged "$way: layers"
	ok "$way: --propagation unchanged" run --cap-add sys_admin --propagation unchanged "$root" mount -t tmpfs x /mnt
	unchanged "$way: --propagation unchanged"
	like "$way: its root is a slave" "$(run --propagation unchanged "$root" grep " / rw" /proc/self/mountinfo)" ' / rw[^ ]* master:[0-9]+ - '
	ok "$way: --propagation shared" run --cap-add sys_admin --propagation shared "$root" mount -t tmpfs x /mnt
	unchanged "$way: --propagation shared"
	like "$way: its root has a group of its own" "$(run --propagation shared "$root" grep " / rw" /proc/self/mountinfo)" ' / rw[^ ]* shared:[0-9]+ master:[0-9]+ - '
	is "$way: and the box's own mounts are private" "$(run --propagation shared "$root" grep -c ' /proc/kcore .* shared:' /proc/self/mountinfo)" 0
	like "$way: a shared overlay" "$(run --overlay --propagation shared "$root" grep " / rw" /proc/self/mountinfo)" ' / rw[^ ]* shared:[0-9]+ - overlay '
	refused "$way: a start that fails" 127 'nosuch' run "$root" nosuch
	unchanged "$way: a start that fails"
	refused "$way: a bind that fails" 125 'none' run --bind "$work/none:/mnt" "$root" true
	unchanged "$way: a bind that fails"
	ok "$way: mounts inside" run --cap-add sys_admin --bind "$work/src:/a" "$root" sh -c 'mount -t tmpfs x /a; mount -t tmpfs y /mnt; umount /a'
	unchanged "$way: mounts made inside"

	ok "$way: a mount made inside a shared bind" run --cap-add sys_admin --bind "$work/src:/a:shared" "$root" mount -t tmpfs up /a/other
	like "$way: appears in this namespace" "$(table)" "$work/src/other .* up "
	like "$way: and in the peer's" "$(peer_table)" "$work/src/other .* up "
	umount "$work/src/other"
	unchanged "$way: and goes with its umount"

	rm -f "$work"/flag/*
	run --bind "$work/flag:/flag" --rbind "$work/src:/a:rslave" "$root" sh -c '
		touch /flag/up; until [ -e /flag/go ]; do sleep 0.01; done; grep -c " /a/other .* down " /proc/self/mountinfo' >"$work/count" &
	box=$!
	until [ -e "$work/flag/up" ]; do sleep 0.01; done
	mount -t tmpfs down "$work/src/other"
	touch "$work/flag/go"
	wait $box
	is "$way: a later mount of the host arrives in a slave" "$(cat "$work/count")" 1
	umount "$work/src/other"
	unchanged "$way: a slave bind"
done
unset MNTNS_WITHOUT

ok "ROOT /: a private copy" run --share pid / mount -t tmpfs x "$work/src/sub"
unchanged "ROOT /: what is mounted in the copy"
ok "ROOT /: --private-tmp" run --private-tmp / true
unchanged "ROOT /: --private-tmp"
"$MNTNS" unpin --all
# As a start leaves it that is killed before the mount is private.
below() { awk -v dir="$MNTNS_RUNTIME_DIR" 'index($5, dir) == 1 { print substr($5, length(dir) + 1), $7 }' "/proc/${1:-self}/mountinfo" | sed 's/:.*//' | tr '\n' ,; }
mount --bind "$MNTNS_RUNTIME_DIR" "$MNTNS_RUNTIME_DIR"
is "a mount that stayed shared" "$(below)" " shared,"
ok "the next start" "$MNTNS" run "$root" true
is "takes it, and adds none" "$(below)" " -,/template -,"
"$MNTNS" unpin --all
mount --bind "$MNTNS_RUNTIME_DIR" "$MNTNS_RUNTIME_DIR"
"$MNTNS" unpin --all
is "unpin takes it down as well" "$(below)" ""
mkdir "$work/other"
mount --bind "$work/other" "$MNTNS_RUNTIME_DIR"
"$MNTNS" unpin --all
is "but no mount of the user's" "$(below)" " shared,"
umount "$MNTNS_RUNTIME_DIR"
is "unpin leaves nothing of the template, here or at the peer" "$(cat /proc/self/mountinfo "/proc/$peer/mountinfo" | grep -c " $MNTNS_RUNTIME_DIR")" 0
kill $peer
finish
