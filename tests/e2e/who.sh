#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns who: each kind of holder alone, each way to name a file system, what it must not release.
PINS=yes
. "$(dirname "$0")/../lib/tap.sh"
who() { "$MNTNS" who "$@" 2>"$work/said"; }
# rows COLUMNS ARGUMENTS…: raw, without headings
rows() { who -r -n -o "$@"; }
both() { # SENTENCE PATTERN COLUMNS ARGUMENTS…: with what is newer in the kernel, and without
	like "$1" "$(rows "${@:3}")" "$2"
	like "$1, on an older kernel" "$(MNTNS_WITHOUT=nsfs,statmount rows "${@:3}")" "$2"
}
named() { until [ "$(cat "/proc/$1/comm")" = "$2" ]; do sleep 0.01; done; }
ended() { kill "$@"; wait "$@" 2>/dev/null; }
own=$(stat -L -c %i /proc/self/ns/mnt)
disk=$work/disk
mkdir "$disk"
mount -t tmpfs "who-$$" "$disk"
id=$(awk -v at="$disk" '$5 == at { print $1 }' /proc/self/mountinfo)
device=$(mountpoint -d "$disk")

like "a mount that nobody uses" "$(rows kind,ns,path,release "$disk")" "^mount $own $disk umount.x20$disk$"
is "that is an answer" "$(who "$disk" >/dev/null; echo $?)" 0
for name in "$disk" "$disk/" "id:$id" "$device" "who-$$"; do
	is "by ${name//$$/N}" "$(rows kind,path "$name")" "mount $disk"
done

exec 7>"$disk/file"
both "an open file" "^fd $$ $disk/file open.x20file,.x20descriptor.x207" kind,pid,path,reason "$disk"
rm "$disk/file"
both "that was removed" "^fd $$ $disk/file.x20.deleted." kind,pid,path "$disk"
like "of the shell that asks: it is not ended" "$(rows kind,reason,release "$disk")" '^fd .*not.x20to.x20be.x20ended.* $'
exec 7>&-
(cd "$disk" && exec sleep 3600) &
p=$!
named $p sleep
both "a working directory" "^cwd $p $disk kill.x20$p$" kind,pid,path,release "$disk"
ended $p
mkdir -p "$disk/root/bin"
cp /bin/busybox "$disk/root/bin/sleep"
chroot "$disk/root" /bin/sleep 3601 &
p=$!
named $p sleep
both "a root directory" "^root $p $disk/root " kind,pid,path,reason "$disk"
both "a program" "^exe $p $disk/root/bin/sleep program" kind,pid,path,reason "$disk"
is "its map is not told twice" "$(rows kind "$disk" | grep -c map)" 0
ended $p
python3 -c 'import mmap, os, sys, time
f = open(sys.argv[1], "w+b"); f.write(b"x" * 8192); f.flush()
m = mmap.mmap(f.fileno(), 8192); f.close(); os.unlink(sys.argv[1]); open(sys.argv[2], "w"); time.sleep(3600)' "$disk/mapped" "$work/up" &
p=$!
until [ -e "$work/up" ]; do sleep 0.01; done
both "a memory map of a file that is closed and removed" "^map $p $disk/mapped.x20.deleted. memory.x20map kill.x20$p$" kind,pid,path,reason,release "$disk"
like "of one mount" "$(rows kind,pid --mount "$disk")" "^map $p$"
ended $p

mkdir "$disk/top"
mount -t tmpfs top "$disk/top"
(cd "$disk/top" && exec sleep 3602) &
p=$!
named $p sleep
both "a mount on top, and who uses that" "^above $disk/top tmpfs.x20mounted.x20on.x20top" kind,path,reason "$disk"
like "(its user)" "$(rows kind,pid,path "$disk")" "^cwd $p $disk/top$"
ok "both are released, the mount itself too" who --mount --release --yes "$disk"
is "and are gone" "$(grep -c "$disk" /proc/self/mountinfo)" 0
wait $p 2>/dev/null
mount -t tmpfs "who-$$" "$disk"

# Namespaces: a peer, a slave, a descriptor, what only the kernel knows.
mount --make-shared "$disk"
group=$(grep " $disk " /proc/self/mountinfo | grep -o 'shared:[0-9]*')
unshare -m --propagation unchanged sleep 3603 &
peer=$!
unshare -m --propagation slave sleep 3604 &
slave=$!
named $peer sleep
named $slave sleep
both "a peer" "^mount $peer $disk peer,.x20$group umount.x20-N.x20$peer.x20$disk$" kind,pid,path,reason,release "$disk"
both "a slave" "^mount $slave $disk slave,.x20master:${group#*:} " kind,pid,path,reason,release "$disk"
like "--mount leaves them out" "$(rows kind,ns --mount "$disk" | tr '\n' ' ')" "^mount $own $"
# What stands on it was propagated: its copies go with it, unless one is in use.
nsenter -t "$peer" -m sh -c 'cd "$1" && exec sleep 3609' - "$disk" &
p=$!
named $p sleep
mkdir "$disk/on"
mount -t tmpfs on "$disk/on"
nsenter -t "$slave" -m sh -c 'cd "$1/on" && exec sleep 3610' - "$disk" &
user=$!
named $user sleep
refused "(a user of a copy keeps a mount busy)" 32 busy umount "$disk/on"
both "--mount names the copies" "^mount ($slave|$user) $disk/on slave,.x20master:[0-9]+;.x20goes.x20with.x20it,.x20if.x20nobody.x20uses.x20it $" kind,pid,path,reason,release --mount "$disk/on"
both "and who uses them" "^cwd $user $disk/on " kind,pid,path,reason --mount "$disk/on"
is "and nobody else" "$(rows kind,pid --mount "$disk/on" | grep -v ^mount)" "cwd $user"
ok "it is released" "$MNTNS" who --mount --release --yes "$disk/on"
is "everywhere" "$(grep -c "$disk/on" /proc/self/mountinfo "/proc/$slave/mountinfo" "/proc/$peer/mountinfo" | cut -d: -f2 | tr '\n' ' ')" "0 0 0 "
ended $p
wait $user 2>/dev/null
mount --make-private "$disk"
exec 7<"/proc/$peer/ns/mnt"
peer_ns=$(stat -L -c %i "/proc/$peer/ns/mnt")
ended $peer
both "a namespace that a descriptor keeps" "^ns $$ $peer_ns descriptor.x207.x20keeps" kind,pid,ns,reason "$disk"
like "the way to its mount leads through it" "$(rows ns,release "$disk")" "^$peer_ns umount.x20-N.x20/proc/[0-9]+/fd/7.x20$disk$"
ok "that command works" umount -N "/proc/$$/fd/7" "$disk"
unlike "and that mount is gone" "$(rows ns "$disk")" "^$peer_ns$"
exec 7<&-
"$HOLD" flight >"$work/flight" &
p=$!
until [ -s "$work/flight" ]; do sleep 0.01; done
# Whoever looks at all namespaces of the machine just now, another test of `watch` say, has it open, too.
matching() { rows "$1" "$disk" | grep -qE "$2"; }
ok "a namespace that only the kernel knows" await matching kind,ns,reason "^kernel $(cat "$work/flight") something.x20out.x20of.x20sight"
ok "mntns itself is the way to it" await matching ns,kind,release "^$(cat "$work/flight") mount mntns.x20who.x20--release.x20id:[0-9]+$"
ok "all of it is released there too" who --release --yes "$disk"
is "the process that had the slave lives, without it" "$(grep -c "$disk" /proc/$slave/mountinfo)" 0
ended $p $slave

mount -t tmpfs "who-$$" "$disk"
device=$(mountpoint -d "$disk")
mkdir "$disk/lost"
(cd "$disk/lost" && exec sleep 3605) &
p=$!
named $p sleep
umount -l "$disk"
both "a mount that was detached lazily, by its device" "^cwd $p .*in.x20no.x20table:.x20detached" kind,pid,reason "$device"
is "is released by the end of its user" "$(who --release --yes "$device" >/dev/null; echo $?)" 0
wait $p 2>/dev/null

# Devices: an image on an image, a swap file.
truncate -s 24M "$work/outer"
mkfs.ext4 -q "$work/outer"
outer=$(losetup --find --show "$work/outer")
free_loops() { for l in "${inner:-}" "${outer:-}"; do [ -z "$l" ] || losetup -d "$l" 2>/dev/null; done; }
off() { swapoff "$disk/swap file" 2>/dev/null; }
trap 'off; at_exit; free_loops' EXIT
mount "$outer" "$disk"
truncate -s 4M "$disk/inner"
mkfs.ext4 -q "$disk/inner"
inner=$(losetup --find --show "$disk/inner")
mkdir "$work/in"
mount "$inner" "$work/in"
(cd "$work/in" && exec sleep 3606) &
p=$!
named $p sleep
both "a loop device whose file is on it" "^loop $inner its.x20file.x20is.x20$disk/inner losetup.x20-d.x20$inner$" kind,path,reason,release "$disk"
both "what is mounted from that" "^mount $work/in mount.x20of.x20${inner#/dev/} " kind,path,reason,release "$disk"
both "and who uses that" "^cwd $p $work/in " kind,pid,path,reason "$disk"
sleep 3611 7<"$outer" &
q=$!
named $q sleep
both "a process that has the device open" "^fd $q $outer open.x20device,.x20descriptor.x207 kill.x20$q$" kind,pid,path,reason,release "$disk"
unlike "which does not keep the mount busy" "$(rows kind,pid --mount "$disk")" "^fd $q$"
is "by the image the device is in the way itself" "$(rows kind,path "$work/outer" | grep "^loop $outer")" "loop $outer"
is "by the device it is not" "$(rows kind,path "$outer" | grep -c "^loop $outer")" 0
is "a device without /dev" "$(rows kind,path "${outer#/dev/}")" "$(rows kind,path "$outer")"
dd if=/dev/zero of="$disk/swap file" bs=1M count=4 status=none
chmod 600 "$disk/swap file"
mkswap -q "$disk/swap file"
ok "(a swap file is in use)" swapon "$disk/swap file"
both "a swap file" "^swap $disk/swap.x20file swap.x20file swapoff.x20'$disk/swap.x20file'$" kind,path,reason,release "$disk"
is "in the order of release" "$(rows kind --release --dry-run "$work/outer" | sed 's/^fd$/cwd/' | tr '\n' ' ')" "swap cwd cwd mount loop mount loop "
"$MNTNS" snapshot >"$work/snapshot" 2>/dev/null
is "all is released, the image's device too" "$(who --release --yes "$work/outer" >/dev/null; echo $?; grep "^not" "$work/said")" 0
is "no swap" "$(grep -c "$work" /proc/swaps)" 0
is "no device" "$(losetup -j "$work/outer"; losetup -a | grep -F "$work")" ""
is "now nothing holds it" "$(who "$outer" -n >/dev/null; echo $?)" 1
wait $p $q 2>/dev/null
# Whoever looked at the machine at that moment had a descriptor of the namespace.
is "a snapshot still tells" "$(who -r -n -o kind,path --from "$work/snapshot" "$disk" | grep -v '^ns ' | sort | tr '\n' ' ')" \
	"cwd $work/in fd $outer loop $inner mount $disk mount $work/in swap $disk/swap\\x20file "
is "by the image too" "$(rows kind,path --from "$work/snapshot" "$work/outer" | grep -cF "loop $outer")" 1
who --from /proc/self/mountinfo / >/dev/null
like "a copy of mountinfo has neither processes" "$(cat "$work/said")" 'what processes use is not known'
like "nor devices" "$(cat "$work/said")" 'what stands on which device is not known'

# Names that could do harm, and a terminal.
odd=$work/$'new\nline \033[31m\'quote'
mkdir "$odd"
mount -t tmpfs "odd-$$" "$odd"
is "a name with control characters" "$(who -n -o path "odd-$$" | LC_ALL=C grep -c "$(printf '[\001-\011\013-\037]')")" 0
is "the command for it is bash's" "$(who -J -o release "odd-$$" | python3 -c 'import json, sys; print(json.load(sys.stdin)["who"][0]["release"])')" \
	"umount \$'$work/new\\012line \\033[31m\\'quote'"
ok "and works" bash -c "$(who -J -o release "odd-$$" | python3 -c 'import json, sys; print(json.load(sys.stdin)["who"][0]["release"])')"
mount -t tmpfs "who-$$" "$disk"
printf 'n\n' >"$work/no"
printf 'y\n' >"$work/yes"
# script(1) hands its own input to the terminal that it makes.
terminal() { script -qec "$MNTNS who --release who-$$" /dev/null <"$1" | tr -d '\r'; }
terminal "$work/no" >"$work/asked"
like "on a terminal it asks" "$(cat "$work/asked")" 'Release all of this. .y/N.'
like "no is no" "$(cat "$work/asked")" 'nothing was released'
ok "(it is mounted)" mountpoint -q "$disk"
like "yes is yes" "$(terminal "$work/yes")" "released: umount $disk"
refused "(it is not mounted)" 32 '' mountpoint -q "$disk"

# What must not be touched.
mount -t tmpfs "who-$$" "$disk"
mkdir "$disk/part" "$work/part"
mount --bind "$disk/part" "$work/part"
release() { "$MNTNS" who --release --yes "$@"; }
refused "a directory below a mount point" 1 "is no mount point: it is on $disk" release "$disk/part"
refused "a bind of a part" 1 "shows only a directory of its file system, /part: --mount releases" release "$work/part"
ok "--mount releases the bind alone" release --mount "$work/part"
ok "(the file system stays)" mountpoint -q "$disk"
refused "the caller's own root" 1 'the root of this namespace is on it' release /
(trap '' TERM; cd "$disk"; exec sleep 3607) &
p=$!
named $p sleep
refused "a process that ignores SIGTERM" 1 "not released: kill $p .sleep.: it did not end within 5 seconds after SIGTERM; --kill" release "$disk"
ok "(it lives)" kill -0 $p
ok "with --kill it is killed" release --kill "$disk"
wait $p 2>/dev/null

mount -t tmpfs "who-$$" "$disk"
(cd "$disk" && "$MNTNS" who --release --yes "$disk" >"$work/out" 2>"$work/said"; echo $? >"$work/status")
is "the shell that it came from is not ended" "$(cat "$work/status")" 1
like "it says so" "$(cat "$work/said")" 'PID 1, and what this command came from, are not ended'
umount "$disk"
wait

refused "no argument" 2 'expected one argument: a path, a device, a source' "$MNTNS" who
refused "two" 2 'expected one argument' "$MNTNS" who / /tmp
refused "a path that is not there" 1 "'$work/nowhere': No such file" "$MNTNS" who "$work/nowhere"
refused "a path that is not absolute" 1 "'e2e' is no device and no source of a mount; a path begins with /" "$MNTNS" who e2e
refused "an id that is none" 1 "no mount in sight has the id 4000000000" "$MNTNS" who id:4000000000
refused "no number" 1 "id:x: " "$MNTNS" who id:x
refused "a device that is not there" 1 "there is no device 4000:7, and no mount of it" "$MNTNS" who 4000:7
refused "--mount with a device" 2 "names no mount: give a path or id:NUMBER" "$MNTNS" who --mount 8:1 --from <(echo '1 0 8:1 / / rw - ext4 /dev/sda1 rw')
refused "--release of a file" 2 'cannot be released; look at the live machine' "$MNTNS" who --release --from "$work/snapshot" /
refused "--kill alone" 2 '--kill: only together with --release' "$MNTNS" who --kill /
refused "a source of many" 1 "several file systems have the source 'many': give a path, or one of their devices .0:1, 0:2, …." \
	"$MNTNS" who many --from <(printf '1 0 0:1 / / rw - tmpfs many rw\n2 1 0:2 / /x rw - tmpfs many rw\n')
unshare -m --propagation private sleep 3608 &
p=$!
named $p sleep
as_user "$MNTNS" who / >"$work/out" 2>"$work/said"
like "an ordinary user sees its own namespace" "$(cat "$work/out")" "^mount +[0-9]+ .* $own +/ "
like "and is told what it may not see" "$(cat "$work/said")" 'may not be read'
ended $p
finish
