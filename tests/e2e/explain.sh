#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns explain: what it says of a path, of operations and of messages, held against what the kernel
# says to the same.
. "$(dirname "$0")/../lib/tap.sh"

# new_ns UNSHARE-OPTION…: a namespace with a process, in $pid
new_ns() {
	unshare -m "$@" sleep 3600 &
	pid=$!
	until [ "$(cat /proc/$pid/comm)" = sleep ]; do sleep 0.01; done
}
explain() { "$MNTNS" explain "$@" 2>/dev/null; }
field() { # FIELD ARGUMENT…: of the JSON
	local field=$1
	shift
	explain -J "$@" | python3 -c 'import json,sys; v=json.load(sys.stdin)[sys.argv[1]]
print(len(v) if isinstance(v, list) and v and isinstance(v[0], dict) else v)' "$field"
}
# says SENTENCE PATTERN ARGUMENT…: in one line
says() {
	local sentence=$1 pattern=$2
	shift 2
	like "$sentence" "$(explain "$@" | tr '\n' ' ')" "$pattern"
}
# reason SENTENCE REASON ARGUMENT…
reason() {
	local sentence=$1 want=$2
	shift 2
	is "$sentence" "$(field reason "$@")" "$want"
}

t=$work/t
mkdir "$t" "$work/e"
mount -t tmpfs tree "$t"
mkdir -p "$t"/{a,b,c}
mount --make-shared "$t"
new_ns --propagation unchanged
peer=$pid
new_ns --propagation slave
slave=$pid
mount -t tmpfs sub "$t/b"
new_ns -Ur --propagation unchanged
rootless=$pid

# a path
says "a mount point, and what it covers" "^$t is a mount point: tmpfs tree .mount [0-9]*.\. It covers [^ ]*$t of|It covers .* of " "$t"
says "a directory" "Nothing is mounted at $t/a: it is /a of tmpfs tree" "$t/a"
says "where a mount would arrive" "arrives at 3 other places.*$t/a in sleep .$peer.*by peer group" "$t/a"
is "the same as JSON" "$(field arrives "$t/a") $(field receives "$t/a")" "3 1"
says "a slave receives, and passes nothing on" "stays here, because the mount is a slave .* receives what is mounted at 2 places" "$t/a" --in "$slave"
says "what an umount takes along" "an umount of it is passed on to [0-9]* other places" "$t/b"
says "a private mount" "stays here, because the mount is private. For the same reason it receives nothing" "$work/e"
mkdir "$work/e/below"
mount -t tmpfs low "$work/e/below"
mount -t tmpfs high "$work/e"
says "what is hidden" "It hides 1 mount, .*hides tmpfs low .* on $work/e/below" "$work/e"
umount "$work/e"
umount "$work/e/below"
refused "no such path" 1 "No such file or directory" "$MNTNS" explain "$work/none"
refused "no such namespace" 1 "no mount namespace" "$MNTNS" explain / --in nowhere

# operations: refused by the kernel as is said
reason "what would be done has no reason" None "bind $t/a $t/c"
says "and where it arrives" "would succeed, and change 3 other namespaces by propagation" "bind $t/a $t/c"
says "a private place" "would succeed, and no other namespace" "tmpfs $work/e"
refused "the kernel refuses it" 32 "" mount --move "$t/b" "$t/c"
reason "a move off a shared mount" MOVE_PARENT_SHARED "move $t/b $t/c"
says "names the mount that is shared" "it is about tmpfs tree .mount [0-9]*., shared, in peer group [0-9]*, on $t " "move $t/b $t/c"
reason "the words need no quotes" MOVE_PARENT_SHARED move "$t/b" "$t/c"
# What is said to help does.
helps() { # SENTENCE COMMAND OP
	like "$1: what would help" "$(explain "$3" | grep -F "$2")" .
	$2
	reason "$1: it does" None "$3"
}
mount -t tmpfs outer "$work/e"
mkdir "$work/e/inner" "$work/e/to"
mount --make-shared "$work/e"
mount -t tmpfs inner "$work/e/inner"
helps "off a shared mount" "mount --make-private $work/e" "move $work/e/inner $work/e/to"
ok "and the kernel does it" mount --move "$work/e/inner" "$work/e/to"
like "what has mounts on it" "$(explain umount "$work/e" | grep umount)" "umount -R $work/e$"
umount -R "$work/e"
mount -t tmpfs outer "$work/e"
mkdir "$work/e/root"
helps "a root that is no mount" "mount --rbind $work/e/root $work/e/root" "pivot-root $work/e/root $work/e/root"
umount -R "$work/e"
reason "several operations, of which the second one is refused" MOVE_INTO_ITSELF "tmpfs $work/e" "move $work/e $work/e"
refused "the kernel refuses it, too" 32 "" umount "$t"
reason "an umount of what has mounts on it" UMOUNT_HAS_MOUNTS "umount $t"
(cd "$t/b" && exec sleep 3600) &
user=$!
until [ "$(cat /proc/$user/comm)" = sleep ]; do sleep 0.01; done
refused "and of what is in use" 32 "busy" umount "$t/b"
reason "is so" UMOUNT_IN_USE "umount $t/b"
says "who uses it is named, and how to let go" "cwd of process $user .sleep.: $t/b.*kill $user" "umount $t/b"
kill $user
wait $user 2>/dev/null
nsenter -m -t "$peer" sh -c "cd '$t/b' && exec sleep 3600" &
user=$!
until [ "$(readlink /proc/$user/cwd)" = "$t/b" ] && [ "$(cat /proc/$user/comm)" = sleep ]; do sleep 0.01; done
refused "a copy in a peer is in use" 32 "busy" umount "$t/b"
reason "is so, too" UMOUNT_COPY_IN_USE "umount $t/b"
says "and found there" "in sleep .*process $user" "umount $t/b"
kill $user
wait $user 2>/dev/null
reason "lazily it would be done" None "umount $t/b lazy"
refused "locked in a user namespace" 32 "" nsenter -U -m -t "$rootless" umount "$t/b"
reason "a locked mount" UMOUNT_LOCKED --in "$rootless" "umount $t/b"
says "which nothing reveals" "a locked mount cannot be revealed" --in "$rootless" "umount $t/b"
reason "a plain bind would reveal it" SOURCE_LOCKED_CHILD --in "$rootless" "bind $t $t/c"
reason "a recursive one does not" None --in "$rootless" "rbind $t $t/c"
mount -t tmpfs new "$work/e"
mkdir "$work/e/in"
reason "pivot_root: the new root is no mount point" PIVOT_NEW_NOT_ROOT "pivot-root $work/e/in $work/e/in"
reason "pivot_root that would be done" None "pivot-root $work/e $work/e/in"
umount "$work/e"
is "pivot_root on a shared mount" "$(field reason "pivot-root $t $t/a") $(field errno "pivot-root $t $t/a")" "PIVOT_PUT_SHARED 22"
refused "what is neither" 2 "unknown op 'frobnicate'.*--messages" "$MNTNS" explain frobnicate
refused "nothing at all" 2 "expected a path, operations, or a message" "$MNTNS" explain

# messages
shared="path $t/a is mounted on $t but it is not a shared mount"
reason "not a shared mount: a slave" IS_SLAVE "$shared" --for "$slave"
says "with the command that helps, in that namespace" "nsenter -m -t $slave -- mount --make-shared $t" "$shared" --for "$slave"
reason "it does not hold here" IS_SHARED "$shared"
reason "a private one" NOT_SHARED "is not a shared mount" "$work/e"
reason "not shared or slave" NOT_SHARED "path is mounted on / but it is not a shared or slave mount" "$work/e"
reason "not shared or slave: it is a slave" IS_SHARED "not a shared or slave mount" "$t" --for "$slave"
reason "EBUSY: not busy" NOT_BUSY EBUSY "$t/b"
reason "EBUSY: mounts on it" UMOUNT_HAS_MOUNTS "umount: $t: target is busy."
reason "EBUSY: no mount point" NO_MOUNT_POINT "rm: cannot remove: Device or resource busy" "$t/a"
nsenter -m -t "$slave" mount -t tmpfs x "$t/a"
says "but one elsewhere" "tmpfs x .* is mounted on $t/a in sleep .$slave" "umount: $t/a: not mounted."
nsenter -m -t "$slave" umount "$t/a"
reason "not mounted: locked" UMOUNT_LOCKED "umount: $t/b: not mounted." --for "$rootless"
reason "not permitted: locked" UMOUNT_LOCKED "umount $t/b: operation not permitted" --for "$rootless"
reason "not permitted: rights" MAY_NOT "umount $work/e: operation not permitted"
mount --make-private "$t/b"
reason "pivot_root: the parent is shared" PIVOT_NEW_PARENT_SHARED "pivot_root: invalid argument" "$t/b"
reason "invalid argument: no mount point" UMOUNT_NOT_ROOT "umount: $t/c: Invalid argument"
reason "no space: far from the limit" FS_FULL "mount: no space left on device" "$t"
reason "proc that is visible" FULLY_VISIBLE "mount proc: operation not permitted"
mount -t tmpfs cover /proc/fs
refused "the kernel: too revealing" 32 "" unshare -Ur -m -p -f mount -t proc proc "$work/e"
umount /proc/fs
mount --bind "$t/a" /proc/sys
reason "proc that is covered" TOO_REVEALING "error mounting \"proc\" to rootfs: operation not permitted"
says "by what" "tmpfs on /proc/sys covers a part of the proc on /proc" "mount proc: permission denied"
umount /proc/sys
mount -o remount,bind,ro "$t/b"
reason "read-only mount" READ_ONLY_MOUNT "touch: cannot touch '$t/b/x': Read-only file system"
mount -o remount,ro "$t/b"
reason "read-only file system" READ_ONLY_FS EROFS "$t/b"
reason "symbolic links" SYMLINKS "Too many levels of symbolic links" "$t"
uid=0a1b2c3d-1111-2222-3333-0123456789ab
mkdir -p "$work/e/pods/$uid/volumes/v"
mount -t tmpfs vol "$work/e/pods/$uid/volumes/v"
orphan="orphaned pod \"$uid\" found, but volume paths are still present on disk"
says "an orphaned pod" "1 mount of pod $uid still exists.*vol .*umount" "$orphan"
umount "$work/e/pods/$uid/volumes/v"
says "one without mounts" "No mount in sight belongs to pod $uid" "$orphan"
refused "a message without a path" 2 "expected a path behind the message" "$MNTNS" explain "target is busy"

# machines that are not here
cat >"$work/initramfs" <<-'END'
	1 1 0:2 / / rw - rootfs rootfs rw
	20 1 0:20 / /proc rw - proc proc rw
	21 1 0:21 / /net rw - autofs systemd-1 rw,fd=30,pgrp=1,direct
	22 1 0:22 / /fuse rw - fuse.sshfs host: rw
	23 1 0:23 / /nfs rw shared:4 - nfs4 host:/x rw
	24 23 0:23 /d /nfs/d rw shared:5 - nfs4 host:/x rw
END
reason "pivot_root in an initramfs" PIVOT_ROOTFS --from "$work/initramfs" "error jailing process inside rootfs: pivot_root .: invalid argument"
says "an automount that never arrives" "automount: its daemon mounts in its own namespace, and this copy of it is private, so what is mounted there never arrives" --from "$work/initramfs" ELOOP /net/x
reason "a dead FUSE server" SERVER_GONE --from "$work/initramfs" "ls: cannot access '/fuse': Transport endpoint is not connected"
reason "no FUSE" NO_SERVER --from "$work/initramfs" ENOTCONN /proc
says "a stale handle" "The server does not know the file any more" --from "$work/initramfs" "Stale file handle" /nfs/a
reason "a parent that is shared" PARENT_SHARED --from "$work/initramfs" "rootfs propagation" /nfs/d
"$MNTNS" snapshot 2>/dev/null >"$work/snapshot"
python3 - "$work/snapshot" "$slave" >"$work/unit" <<-'END'
	import json, sys
	world = json.load(open(sys.argv[1]))
	world["mount-max"] = 30
	for p in world["processes"]:
	    if p["pid"] == 1:
	        p["namespace"] = world["self"]
	    if p["pid"] == int(sys.argv[2]):
	        p["unit"] = "docker.service"
	json.dump(world, sys.stdout)
END
says "a unit by its name" "In docker.service, .* is a slave of peer group" "$shared" --for docker --from "$work/unit"
says "what it has to do with systemd" "one of unit docker.service.*systemd makes all mounts of a unit slaves.*MountFlags=shared" "$shared" --for docker.service --from "$work/unit"
reason "no space: near the limit" NS_FULL "no space left on device" --from "$work/unit" "$work/e"

cat >"$work/full.py" <<-'END'
	import json, sys
	world = json.load(open(sys.argv[1]))
	world["mount-max"] = 1 + max(len(n["mounts"]) for n in world["namespaces"] if n["inode"] == int(sys.argv[2]))
	json.dump(world, sys.stdout)
END
for i in 1 2 3; do nsenter -m -t "$peer" mount -t tmpfs more "$work/e"; done
"$MNTNS" snapshot 2>/dev/null >"$work/snapshot"
python3 "$work/full.py" "$work/snapshot" "$(stat -Lc %i "/proc/$peer/ns/mnt")" >"$work/full"
reason "a namespace that is full" NS_FULL --in "$peer" --from "$work/full" "tmpfs $work/e"
reason "a receiver that is full" RECEIVER_FULL --from "$work/full" "tmpfs $t/c"
mkdir "$work/e/x" "$work/e/y"
mount -t tmpfs below "$work/e/x"
reason "mounts below a directory" MOUNTS_BELOW "unlinkat: device or resource busy" "$work/e"
umount "$work/e/x"
for there in "$peer" "$rootless"; do
	says "where new mounts are" "a new mount is on $t/c in sleep .$there" "tmpfs $t/c"
done
says "a mount that is locked" "it is locked: it came with the namespace" "$t/b" --in "$rootless"
mount --make-shared "$t/b"
mount --make-private "$t/b"
reason "a move off a shared mount, as mount(8) says it" MOVE_PARENT_SHARED "mount: $work/e: bad option; moving a mount residing under a shared mount is unsupported." "$t/b"
says "docker's way to say it" "$t/a is a directory, and the other side is a file" "Are you trying to mount a directory onto a file (or vice-versa)?" "$t/a"
mkdir -p "$work/l/low" "$work/l/up" "$work/l/work" "$work/l/at"
mount -t tmpfs layers "$work/l"
mkdir -p "$work/l/low" "$work/l/up" "$work/l/work" "$work/l/at"
mount -t overlay over -o "lowerdir=$work/l/low,upperdir=$work/l/up,workdir=$work/l/work" "$work/l/at"
reason "an upper directory that is in use" UPPER_IN_USE "overlayfs: upperdir is in-use as upperdir/workdir of another mount" "$work/l/up"
umount "$work/l/at"
reason "one that is not" UPPER_FREE "upperdir is in-use" "$work/l/up"
reason "an upper directory on tmpfs" UPPER_FITS "failed to mount overlay: invalid argument" "$work/l/up"
mount -t overlay over -o "lowerdir=$work/l/low,upperdir=$work/l/up,workdir=$work/l/work" "$work/l/at"
mkdir "$work/l/at/up" "$work/l/at/work"
refused "the kernel: no overlay on an overlay" 32 "" mount -t overlay two -o "lowerdir=$work/l/low,upperdir=$work/l/at/up,workdir=$work/l/at/work" /mnt
reason "an upper directory on an overlay" UPPER_UNFIT "overlayfs: filesystem on $work/l/at/up not supported as upperdir"
says "overlays on overlays" "which is one already; its layers are.*lowerdir $work/l/low" "maximum fs stacking depth exceeded" "$work/l/at"
umount "$work/l/at"
umount "$work/l"
nsenter -m -t "$slave" mount -t tmpfs other "$work/e"
touch "$work/e/mine"
missing="bind source path does not exist: $work/e/mine"
reason "a source that is not there for the engine" ONLY_HERE "$missing" --for "$slave"
says "for something else is mounted there" "it is on tmpfs other" "$missing" --for "$slave"
reason "one that is there" IS_THERE "$missing"
reason "one that is nowhere" MISSING "no such file or directory" "$work/e/nothing"
rm "$work/e/mine"
nsenter -m -t "$slave" umount "$work/e"
says "what is mounted already" "mounted at 4 places.*$t in sleep .$slave" "mount: $t: tree already mounted on $t."
says "namespaces that cannot be made" "max_user_namespaces: [0-9]" "unshare: unshare failed: Operation not permitted"

like "all reasons are listed" "$(explain --reasons | grep -c '^[A-Z_]*:')" '^1[0-9][0-9]$'
like "and messages" "$(explain --messages)" 'not a shared mount'
finish
