#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns run: binds, tmpfs, layers, propagation, id maps.
. "$(dirname "$0")/../lib/tap.sh"
make_root
mkdir -p "$work"/src/sub "$work/l1" "$work/l2"
echo hello >"$work/src/a"
mount -t tmpfs inner "$work/src/sub"
echo inner >"$work/src/sub/b"
options() { awk -v p="$1" '$5 == p {print $6}'; }
inside() { run "$@" "$root" cat /proc/self/mountinfo; }

is "--bind shows the source" "$(run --bind "$work/src:/mnt" "$root" cat /mnt/a)" hello
is "--bind leaves mounts below the source out" "$(run --bind "$work/src:/mnt" "$root" ls /mnt/sub)" ""
is "--rbind takes them along" "$(run --rbind "$work/src:/mnt" "$root" cat /mnt/sub/b)" inner
is "-v is docker's recursive bind" "$(run -v "$work/src:/mnt" "$root" cat /mnt/sub/b)" inner
is "a bind of a single file" "$(run --bind "$work/src/a:/etc/motd" "$root" cat /etc/motd)" hello
is "a write through a bind arrives outside" "$(run --bind "$work/src:/mnt" "$root" sh -c 'echo new >/mnt/c'; cat "$work/src/c")" new
is "ro refuses writes" "$(run --bind "$work/src:/mnt:ro" "$root" sh -c 'echo 2>/dev/null x >/mnt/d || echo no')" no
is "ro of an rbind is the top mount only" "$(run --rbind "$work/src:/mnt:ro" "$root" sh -c 'echo x >/mnt/sub/d && echo yes')" yes
is "rro is all of it" "$(run --rbind "$work/src:/mnt:rro" "$root" sh -c 'echo 2>/dev/null x >/mnt/sub/d || echo no')" no
like "nosuid,nodev,noexec" "$(inside --bind "$work/src:/mnt:nosuid,nodev,noexec,noatime" | options /mnt)" '^rw,nosuid,nodev,noexec,noatime$'
is "--mount type=bind in docker's long form" "$(run --mount "type=bind,src=$work/src,dst=/mnt,readonly" "$root" sh -c 'cat /mnt/a; echo 2>/dev/null x >/mnt/d || echo no' | tr '\n' ' ')" "hello no "
like "--tmpfs with size and mode" "$(run --tmpfs /mnt:size=64k,mode=711 "$root" sh -c 'stat -c %a /mnt; df /mnt | tail -1' | tr '\n' ' ')" '^711 .* 64 '
is "--private-tmp hides the root's /tmp" "$(touch "$root/tmp/seen"; run --private-tmp "$root" sh -c 'ls /tmp; stat -c %a /tmp')" 1777
ok "a missing destination is made" run --bind "$work/src:/new/deep/place" "$root" test -f /new/deep/place/a
ok "also for a file" run --bind "$work/src/a:/new/file" "$root" grep -q hello /new/file
rm -rf "$root/new"

is "--overlay throws writes away" "$(run --overlay "$root" sh -c 'echo x >/gone; cat /gone'; ls "$root" | grep -c gone)" "$(printf 'x\n0')"
echo one >"$work/l1/who"
echo two >"$work/l2/who"
is "the first --layer is on top" "$(run --layer "$work/l1" --layer "$work/l2" "$root" cat /who)" one
run --layer "$work/l1" --upper "$work/upper" "$root" sh -c 'echo kept >/kept; rm /who'
is "--upper keeps the writes" "$(cat "$work/upper/kept")" kept
is "and the next start sees them" "$(run --layer "$work/l1" --upper "$work/upper" "$root" sh -c 'cat /kept; ls /who 2>/dev/null')" kept
mkdir "$work/l,3:x"
echo odd >"$work/l,3:x/odd"
is "layer names with comma and colon are taken literally" "$(run --layer "$work/l,3:x" "$root" cat /odd)" odd
is "the same without lowerdir+ (before Linux 6.8)" "$(MNTNS_WITHOUT=lowerdir+ run --layer "$work/l,3:x" --layer "$work/l2" "$root" cat /odd /who | tr '\n' ' ')" "odd two "
long=$work/$(printf 'a%.0s' {1..200})/$(printf 'b%.0s' {1..100})
mkdir -p "$long"
echo far >"$long/far"
is "a layer's name may be longer than fsconfig(2) takes" "$(run --layer "$long" "$root" cat /far)" far
refused "a layer twice" 125 'a layer is the same directory as another layer' run --layer "$work/l1" --layer "$work/l1" "$root" true
refused "a layer that is a file" 125 '--layer: .*src/a is not a directory' run --layer "$work/src/a" "$root" true
refused "an upper that is a file" 125 '--upper: .*src/a is not a directory' run --upper "$work/src/a" "$root" true
refused "--work on another mount than --upper" 125 'src/sub is on another mount than .*must be two directories of one mount' \
	run --upper "$work/upper2" --work "$work/src/sub" "$root" true
is "--overlay has room for a mount point, also of a root that is --read-only" \
	"$(run --overlay --read-only --bind "$work/src:/fresh" "$root" sh -c 'cat /fresh/a; echo 2>/dev/null x >/x || echo no' | tr '\n' ' ')" "hello no "
ok "which is not left in ROOT" [ ! -e "$root/fresh" ]
mount -t tmpfs u "$work/l2"
refused "--upper that is a mount, with its work beside it" 125 'l2 is on another mount' run --upper "$work/l2" "$root" true
ok "with its work in it" run --upper "$work/l2/u" --work "$work/l2/w" "$root" true
umount "$work/l2"
is "layers are read-only without --upper or --overlay" "$(run --layer "$work/l1" "$root" sh -c 'echo 2>/dev/null x >/x || echo no')" no

mkdir "$work/shared"
mount -t tmpfs shared "$work/shared"
mount --make-shared "$work/shared"
tags() { awk '$5 == "/mnt" {for (i = 7; $i != "-"; i++) printf "%s ", $i}' | sed 's/[0-9]*//g'; }
is "a bind is private by default" "$(inside --bind "$work/shared:/mnt" | tags)" ""
is "slave" "$(inside --bind "$work/shared:/mnt:slave" | tags)" "master: "
is "rslave" "$(inside --rbind "$work/shared:/mnt:rslave" | tags)" "master: "
is "shared" "$(inside --bind "$work/shared:/mnt:shared" | tags)" "shared: "
is "--propagation slave is the default of all" "$(inside --propagation slave --bind "$work/shared:/mnt" | tags)" "master: "
is "--propagation unchanged keeps the group" "$(inside --propagation unchanged --bind "$work/shared:/mnt" | tags)" "shared: "
is "slave the classic way" "$(MNTNS_WITHOUT=template inside --bind "$work/shared:/mnt:slave" | tags)" "master: "
is "shared the classic way" "$(MNTNS_WITHOUT=template inside --bind "$work/shared:/mnt:shared" | tags)" "shared: "
# Of a tree: what is said without r is said of its topmost mount.
mkdir "$work/shared/below"
mount -t tmpfs below "$work/shared/below" # in a group of its own
mkdir "$work/shared/below/new"
of_both() { awk '$5 ~ "^/mnt" {printf "%s", $5; for (i = 7; $i != "-"; i++) printf " %s", $i; printf "; "}' | sed 's/:[0-9]*//g'; }
# arrives WORD: what a box mounts below such an --rbind is seen outside
arrives() {
	run --cap-add SYS_ADMIN --rbind "$work/shared:/mnt:$1" "$root" sh -c 'mount -t tmpfs box /mnt/below/new' &&
		grep -c " $work/shared/below/new " /proc/self/mountinfo
	umount "$work/shared/below/new" 2>/dev/null
}
for word in private:'' slave:' master' unbindable:' unbindable'; do
	is "--rbind :${word%:*} leaves what is below in the host's groups" \
		"$(inside --rbind "$work/shared:/mnt:${word%:*}" | of_both)" "/mnt${word#*:}; /mnt/below shared; "
	is "--rbind :r${word%:*} does not" \
		"$(inside --rbind "$work/shared:/mnt:r${word%:*}" | of_both)" "/mnt${word#*:}; /mnt/below${word#*:}; "
	is "what is mounted below :${word%:*} arrives outside" "$(arrives "${word%:*}")" 1
	is "below :r${word%:*} it does not" "$(arrives "r${word%:*}")" 0
done
is "-v and --mount bind the tree, too" "$(inside -v "$work/shared:/mnt:private" | of_both)$(inside --mount "type=bind,src=$work/shared,dst=/mnt,bind-propagation=private" | of_both)" \
	"/mnt; /mnt/below shared; /mnt; /mnt/below shared; "
is "without a word all of it is private" "$(inside --rbind "$work/shared:/mnt" | of_both)" "/mnt; /mnt/below; "
is "and stays inside" "$(arrives rw)" 0
umount "$work/shared/below"

is "idmap shows the files as other ids" \
	"$(run --bind "$work/src:/mnt:idmap=0:1000:1" "$root" stat -c %u /mnt/a)" 1000
is "the same the classic way, where /proc is of another PID namespace" \
	"$(MNTNS_WITHOUT=template run --bind "$work/src:/mnt:idmap=0:1000:1" "$root" stat -c %u /mnt/a)" 1000
is "and in a copy of the host's tree" \
	"$(run --unshare pid --bind "$work/src:$work/l1:idmap=0:1000:1" / stat -c %u "$work/l1/a")" 1000
chown 1000 "$work/src/a"
like "idmap with explicit ranges maps 1000 to 7" \
	"$(run --mount "type=bind,src=$work/src,dst=/mnt,\"idmap=1000:7:1\"" "$root" stat -c %u /mnt/a)" '^7$'
is "the classic way gives the same view" \
	"$(MNTNS_WITHOUT=template inside --bind "$work/src:/mnt:ro" | awk '{print $5, $6}')" \
	"$(inside --bind "$work/src:/mnt:ro" | awk '{print $5, $6}')"
like "a bind hidden by a later option is warned about" \
	"$(run --bind "$work/src:/mnt/x" --tmpfs /mnt "$root" true 2>&1)" 'hidden by'
umount "$work/src/sub" "$work/shared"
finish
