#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The same as an ordinary user: through a user namespace, with one id or with those of /etc/subuid.
. "$(dirname "$0")/../lib/tap.sh"
make_root
mkdir -p "$work/user-run" "$work/l1" "$work/src"
echo one >"$work/l1/who"
echo content >"$work/src/a"
cp -a "$root" "$work/own"
chown -R 12345:12345 "$work/own" "$work/user-run" "$work/src"
chmod 700 "$work/user-run"
own=$work/own
before=$(table)
user() { as_user "$MNTNS" run "$@"; }
# Which ids an ordinary user may map is the machine's: here it is the test's.
mount --bind /etc "$work" 2>/dev/null && umount "$work"
printf '' >"$work/subid"
mount --bind "$work/subid" /etc/subuid
mount --bind "$work/subid" /etc/subgid
before=$(table)

is "PID 1, root inside" "$(user "$own" sh -c 'echo $$; id -u; id -g' | tr '\n' ' ')" "1 0 0 "
is "one id is mapped" "$(user "$own" cat /proc/self/uid_map | awk '{print $1, $2, $3}')" "0 12345 1"
is "a file made inside belongs to the user" \
	"$(user "$own" sh -c 'echo x >/made'; stat -c %u "$own/made")" 12345
is "the default mounts are there" "$(user "$own" awk '$5 ~ "^/((proc|sys|dev)(/pts|/shm)?)?$" {print $5}' /proc/self/mountinfo | sort | tr '\n' ' ')" \
	"/ /dev /dev/pts /dev/shm /proc /sys "
is "/dev/null works" "$(user "$own" sh -c 'echo x >/dev/null && head -c 4 /dev/zero | wc -c')" 4
is "/proc/keys is masked" "$(user "$own" stat -c %t:%T /proc/keys)" 1:3
is "/proc/sys is read-only" "$(user "$own" sh -c 'echo x 2>/dev/null >/proc/sys/kernel/hostname || echo no')" no
is "a bind" "$(user --bind "$work/src:/mnt" "$own" sh -c 'cat /mnt/a; echo y >/mnt/b'; cat "$work/src/b")" "$(printf 'content\ny')"
is "a read-only bind cannot be made writable again" \
	"$(user --bind "$work/src:/mnt:ro" "$own" sh -c 'mount -o remount,bind,rw /mnt 2>/dev/null; echo z 2>/dev/null >/mnt/c || echo no')" no
is "a tmpfs" "$(user --tmpfs /mnt:size=64k,mode=700 "$own" stat -c '%a %u' /mnt)" "700 0"
is "--private-tmp" "$(user --private-tmp "$own" sh -c 'ls /tmp | wc -l; stat -c %a /tmp' | tr '\n' ' ')" "0 1777 "
is "--read-only" "$(user --read-only "$own" sh -c 'echo x 2>/dev/null >/x || echo no')" no
is "--overlay on a root of somebody else" \
	"$(user --overlay "$root" sh -c 'echo x >/gone; cat /gone /etc/passwd | wc -l'; ls "$root" | grep -c gone)" "$(printf '3\n0')"
is "--layer" "$(user --layer "$work/l1" "$own" cat /who)" one
user --layer "$work/l1" --upper "$work/src/upper" "$own" sh -c 'echo kept >/kept; rm /who'
is "--upper keeps the writes" "$(cat "$work/src/upper/kept")" kept
is "a new network" "$(user --unshare net "$own" sh -c 'ip link show lo' | grep -c LOOPBACK,UP)" 1
is "--hostname" "$(user --hostname box "$own" hostname)" box
is "-t" "$(on_terminal "setpriv --reuid 12345 --regid 12345 --clear-groups env MNTNS_RUNTIME_DIR=$work/user-run $MNTNS run -t $own tty")" /dev/pts/0
is "--init" "$(user --init "$own" sh -c 'echo $$')" 2
is "ROOT=/ with a private /tmp" "$(user --private-tmp / sh -c 'ls /tmp | wc -l')" 0
is "the exit status" "$(user "$own" sh -c 'exit 42'; echo $?)" 42
like "set-user-ID files do not help" "$(cp "$own/bin/busybox" "$own/bin/su1"; chmod 4755 "$own/bin/su1"; user --user 0 "$own" grep CapEff /proc/self/status)" '0000'
is "the classic way gives the same view" \
	"$(MNTNS_WITHOUT=template user --bind "$work/src:/mnt:ro" "$own" awk '{print $5, $6}' /proc/self/mountinfo)" \
	"$(user --bind "$work/src:/mnt:ro" "$own" awk '{print $5, $6}' /proc/self/mountinfo)"
is "setgroups is denied" "$(user "$own" cat /proc/self/setgroups)" deny

refused "another user has no id" 125 "--user.*(id|map|subuid)" user --user 1000 "$own" true
refused "an owner's mount option is refused by the kernel, with the reason" 125 "may not be mounted by this user namespace" \
	user --mount type=securityfs,dst=/mnt "$own" true
refused "an idmapped bind is not for users" 125 "--bind .*idmap.*without privilege only ids" user --bind "$work/src:/mnt:idmap=0:1000:1" "$own" true
refused "keeping the user namespace is not possible" 125 "--share user: without privilege" user --share user,pid "$own" true
refused "limits without a delegated cgroup say so" 125 "memory: .*(permission denied|delegat)" user --memory 64m "$own" true
refused "a root that cannot be searched" 125 "ROOT .*[Pp]ermission denied" bash -c "
	mkdir -p $work/closed/root; chmod 700 $work/closed
	setpriv --reuid 12345 --regid 12345 --clear-groups env MNTNS_RUNTIME_DIR=$work/user-run $MNTNS run $work/closed/root true"
rm -rf "$work/closed"

# With ranges of /etc/subuid and newuidmap.
useradd_line=$(getent passwd 12345)
cp /etc/passwd "$work/passwd"
[ -n "$useradd_line" ] || echo 'boxer:x:12345:12345::/:/bin/sh' >>"$work/passwd"
mount --bind "$work/passwd" /etc/passwd
echo '12345:200000:65536' >"$work/subid"
is "ranges of /etc/subuid are mapped" \
	"$(user "$own" cat /proc/self/uid_map | awk '{print $1, $2, $3}' | tr '\n' ' ')" "0 12345 1 1 200000 65536 "
is "and /etc/subgid" "$(user "$own" cat /proc/self/gid_map | awk '{print $1, $2, $3}' | tr '\n' ' ')" "0 12345 1 1 200000 65536 "
is "another user is possible then" "$(user --user 1000:1000 "$own" sh -c 'id -u; id -g' | tr '\n' ' ')" "1000 1000 "
is "its files belong to the range" \
	"$(user "$own" sh -c 'echo x >/other; chown 1000 /other'; stat -c %u "$own/other")" 200999
printf 'boxer:200000:65536\n' >"$work/subid"
is "a range by the user's name" "$(user "$own" sh -c 'wc -l </proc/self/uid_map')" 2
printf 'garbage\n12345:x:y\n12345:200000:1000\n' >"$work/subid"
is "lines that are none are passed over" "$(user "$own" awk 'NR == 2 {print $3}' /proc/self/uid_map)" 1000

umount /etc/passwd
umount /etc/subuid
umount /etc/subgid
is "as root with --unshare user" "$(run --unshare user "$root" sh -c 'id -u; cat /proc/self/uid_map' | awk '{print $1, $2, $3}' | head -n 1)" "0  "
is "no process is left" "$(pgrep -u 12345 | wc -l)" 0
finish
