#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Experiment 11: every operation of mount(2), by `mntns ops --exec`, seen in the kernel's table.
. "$(dirname "$0")/../lib/tap.sh"
mkdir -p "$work"/{a,b,c,lower1,lower2,upper,wd}
touch "$work/file" "$work/other"
echo one >"$work/lower1/who"
echo two >"$work/lower2/who"
before=$(table)
# Carries ops out in a namespace of their own and runs a shell script there.
ops() { # SCRIPT OP…
	local script=$1
	shift
	"$MNTNS" ops --exec 'unshare mnt' 'make-rprivate /' "$@" -- sh -c "cd $work; $script"
}
# Attributes, file system type and super block options of a mount point, from mountinfo.
cat >"$work/show" <<'EOF'
awk -v p="$1" '$5 == p { for (i = 7; $i != "-"; i++); line = $6 " " $(i + 1) " " $(i + 3) } END { print line }' /proc/self/mountinfo
EOF
show="sh $work/show"

for type in tmpfs ramfs proc sysfs mqueue devpts cgroup2; do
	like "new mount: $type" "$(ops "$show $work/a" "$type $work/a")" "^rw,relatime $type "
done
for type in debugfs tracefs securityfs bpf; do
	grep -qw $type /proc/filesystems || continue
	like "new mount: $type" "$(ops "$show $work/a" "$type $work/a")" "^rw,relatime $type "
done
like "new mount of any type" "$(ops "$show $work/a" "mount tmpfs $work/a source=x")" '^rw,relatime tmpfs '
like "options of the file system" "$(ops "$show $work/a; stat -c %a $work/a" "tmpfs $work/a size=64k mode=711" | tr '\n' ' ')" 'size=64k.*mode=711(,inode64)? 711 $'
is "overlay, first lower on top" "$(ops "cat a/who" "overlay $work/a lower=$work/lower1 lower=$work/lower2")" one
is "overlay with upper" "$(ops "echo x >a/new; cat upper/new" "overlay $work/a lower=$work/lower1 upper=$work/upper work=$work/wd")" x
rm -rf "$work/upper/new"
is "overlay before Linux 6.8" "$(MNTNS_WITHOUT=lowerdir+ ops "cat a/who" "overlay $work/a lower=$work/lower1 lower=$work/lower2")" one

# Images: the loop device is the caller's to set up.
make_image() {
	case $1 in
	ext4) truncate -s 1M "$work/img" && mkfs.ext4 -q -O ^has_journal "$work/img" ;;
	squashfs) mksquashfs "$work/lower1" "$work/img" -quiet -no-progress ;;
	erofs) mkfs.erofs --quiet "$work/img" "$work/lower1" ;;
	esac
}
for fs in ext4 squashfs erofs; do
	if ! grep -qw $fs /proc/filesystems || [ ! -e /dev/loop-control ]; then
		skip "new mount: $fs from an image" "this kernel has no $fs, or no loop devices"
		continue
	fi
	ok "an image of $fs" make_image $fs
	loop=$(losetup -f --show "$work/img")
	like "new mount: $fs from an image" "$(ops "$show $work/a" "mount $fs $work/a source=$loop ro")" "^ro,relatime $fs "
	losetup -d "$loop"
	rm -f "$work/img"
done

# The words of mount(8), each as an attribute of one mount.
while read -r word want; do
	like "attribute $word" "$(ops "$show $work/a" "tmpfs $work/a $word")" "^$want tmpfs"
	like "attribute $word, remounted" "$(ops "$show $work/a" "tmpfs $work/a" "remount $work/a $word")" "^$want tmpfs"
	like "attribute $word of a bind" "$(ops "$show $work/b" "tmpfs $work/a" "bind $work/a $work/b $word")" "^$want tmpfs"
done <<EOF
ro ro,relatime
nosuid rw,nosuid,relatime
nodev rw,nodev,relatime
noexec rw,noexec,relatime
noatime rw,noatime
strictatime rw
relatime rw,relatime
nodiratime rw,nodiratime,relatime
nosymfollow rw,relatime,nosymfollow|rw,nosymfollow,relatime
EOF
for word in sync dirsync lazytime; do
	like "super block option $word" "$(ops "$show $work/a" "tmpfs $work/a $word")" " tmpfs rw,$word"
	[ $word = dirsync ] || like "super block option $word, remounted" "$(ops "$show $work/a" "tmpfs $work/a" "remount $work/a $word")" " tmpfs rw,$word"
done
refused "the kernel has no dirsync for a remount" 1 "reconfigure" ops true "tmpfs $work/a" "remount $work/a dirsync"
like "the super block read-only" "$(ops "$show $work/a" "tmpfs $work/a" "remount $work/a sb:ro")" '^rw,relatime tmpfs ro'
like "and writable again" "$(ops "$show $work/a" "tmpfs $work/a sb:ro" "remount $work/a sb:rw")" '^rw,relatime tmpfs rw'
like "remount takes attributes off" "$(ops "$show $work/a" "tmpfs $work/a ro nosuid noatime" "remount $work/a rw suid relatime")" '^rw,relatime '
is "symbolic links are not followed with nosymfollow" \
	"$(ops "ln -s /etc/passwd a/l; cat a/l 2>&1" "tmpfs $work/a nosymfollow" | grep -c 'levels of symbolic links')" 1

is "bind shows the same" "$(ops "echo x >a/f; cat b/f" "tmpfs $work/a" "bind $work/a $work/b")" x
is "bind leaves out what is mounted below" \
	"$(ops "ls b/sub; ls c/sub" "tmpfs $work/a" "mkdir $work/a/sub" "tmpfs $work/a/sub" "file $work/a/sub/f" "bind $work/a $work/b" "rbind $work/a $work/c")" f
is "bind of a file" "$(ops "echo x >other; cat file" "bind $work/other $work/file"; : >"$work/other")" x
is "bind, read-only" "$(ops "echo x 2>/dev/null >b/f || echo no; echo y >a/f && echo yes" "tmpfs $work/a" "bind $work/a $work/b ro" | tr '\n' ' ')" "no yes "
is "rro is the whole tree" "$(ops "echo x 2>/dev/null >b/sub/f || echo no" "tmpfs $work/a" "mkdir $work/a/sub" "tmpfs $work/a/sub" "rbind $work/a $work/b rro")" no
is "ro is the top mount alone" "$(ops "echo x >b/sub/f && echo yes" "tmpfs $work/a" "mkdir $work/a/sub" "tmpfs $work/a/sub" "rbind $work/a $work/b ro")" yes
is "move takes the subtree along" \
	"$(ops "ls a; ls b/sub" "tmpfs $work/a" "mkdir $work/a/sub" "tmpfs $work/a/sub" "file $work/a/sub/f" "move $work/a $work/b")" f
like "move-mount beneath" "$(ops "ls a" "tmpfs $work/a" "file $work/a/top" "h1 = fs-mount tmpfs" "file h1:/below" "move-mount h1 $work/a beneath" "umount $work/a" 2>&1)" "$(since 6.5 '^below$' 'attaching beneath a mount needs Linux 6.5')"

tags='awk -v p="'$work'/a" '\''$5 == p { printf "tags"; for (i = 7; $i != "-"; i++) { sub(/:.*/, "", $i); printf " %s", $i } print "" }'\'' /proc/self/mountinfo'
is "make-shared" "$(ops "$tags" "tmpfs $work/a" "make-shared $work/a")" "tags shared"
is "make-private" "$(ops "$tags" "tmpfs $work/a shared" "make-private $work/a")" "tags"
is "make-slave of a group of one is private" "$(ops "$tags" "tmpfs $work/a shared" "make-slave $work/a")" "tags"
is "make-slave of a peer" "$(ops "$tags" "tmpfs $work/b shared" "bind $work/b $work/a" "make-slave $work/a")" "tags master"
is "a slave that is shared" "$(ops "$tags" "tmpfs $work/b shared" "bind $work/b $work/a" "make-slave $work/a" "make-shared $work/a")" "tags shared master"
is "make-unbindable" "$(ops "$tags" "tmpfs $work/a" "make-unbindable $work/a")" "tags unbindable"
is "make-rshared reaches below" "$(ops "$tags" "tmpfs $work" "mkdir $work/a" "tmpfs $work/a" "make-rshared $work" 2>/dev/null || true)" "tags shared"
refused "an unbindable mount cannot be bound" 1 "unbindable" ops true "tmpfs $work/a unbindable" "bind $work/a $work/b"

is "umount" "$(ops "$show $work/a; echo done" "tmpfs $work/a" "umount $work/a")" "$(printf '\ndone')"
refused "umount of what is busy" 1 "in use.*lazy" ops true "tmpfs $work/a" "chdir $work/a" "umount $work/a"
is "lazy umount of what is busy" "$(ops "$show $work/a; echo done" "tmpfs $work/a" "chdir $work/a" "umount $work/a lazy" 2>/dev/null)" "$(printf '\ndone')"
is "forced umount" "$(ops "$show $work/a; echo done" "tmpfs $work/a" "umount $work/a force")" "$(printf '\ndone')"
is "recursive umount" "$(ops "grep -c ' $work/a' /proc/self/mountinfo" "tmpfs $work/a" "mkdir $work/a/sub" "tmpfs $work/a/sub" "rumount $work/a")" 0
refused "umount of what is no mount" 1 "not a mount point" ops true "umount $work/a"
refused "a target that is missing" 1 "does not exist: create it" ops true "tmpfs $work/none"
is "a target that is made" "$(ops "ls -d $work/a/new" "tmpfs $work/a" "tmpfs $work/a/new create")" "$work/a/new"
is "preparing a root" \
	"$(ops "ls -l a | awk 'NR > 1 {print \$1, \$NF}'; cat a/link 2>&1 >/dev/null | grep -c 'No such'" "tmpfs $work/a" "mkdir $work/a/dir mode=700" "file $work/a/file mode=600" "symlink target $work/a/link" "node $work/a/null c 1:3 mode=666" | tr '\n' ' ')" \
	"drwx------ dir -rw------- file lrwxrwxrwx target crw-rw-rw- null 1 "
for ns in uts ipc net pid cgroup time; do
	is "unshare $ns" "$([ "$(ops "readlink /proc/self/ns/${ns}$(case $ns in pid | time) echo _for_children ;; esac)" "unshare $ns")" != "$(readlink /proc/self/ns/$ns)" ] && echo new)" new
done
is "an existing namespace" "$(ops "readlink /proc/self/ns/mnt" "setns mnt /proc/$$/ns/mnt")" "$(readlink /proc/$$/ns/mnt)"
is "what fails leaves the made mount points as they were" "$(ops true "tmpfs $work/c/new create" "umount /none" 2>/dev/null; ls "$work/c")" ""
is "the caller's table is as it was" "$(table)" "$before"
is "an op that fails is named once" \
	"$("$MNTNS" ops --exec "unshare mnt" "umount /nowhere" -- true 2>&1)" "mntns ops: umount /nowhere: No such file or directory"
refused "an overlay of one layer" 1 'at least two lower layers' "$MNTNS" ops --exec "overlay $work lower=/etc" -- true
finish
