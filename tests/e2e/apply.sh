#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns apply: all or nothing, over real namespaces, and held against the plan.
. "$(dirname "$0")/../lib/tap.sh"

t=$work/t
mkdir "$t"
mount -t tmpfs tree "$t"
mkdir "$t"/{a,b,c,d}
mount --make-shared "$t"
mount -t tmpfs there "$t/a"
mkdir "$t/a/in"

new_ns unchanged
peer=$pid
new_ns slave
slave=$pid

# All three tables, with ids: a mount that went and came back would show. Others on the machine take
# numbers of groups; what counts is which of them are equal.
tables() {
	cat /proc/{$$,$peer,$slave}/mountinfo | python3 -c '
import re, sys
groups = {}
for line in sys.stdin:
    print(re.sub(r"\b(shared|master|propagate_from):(\d+)\b",
                 lambda m: m[1] + ":" + str(groups.setdefault(m[2], len(groups))), line), end="")'
}
has() { # PATH: in how many of the three namespaces
	tables | awk -v p="$1" '$5 == p' | wc -l
}
# applies SENTENCE OP…: succeeds, and the tables are as planned
applies() {
	local sentence=$1 output status
	shift
	output=$("$MNTNS" apply "$@" 2>&1)
	status=$?
	is "$sentence: status" $status 0
	like "$sentence: as planned" "$output" '^Carried out: .*, as planned\.$'
}
# undoes SENTENCE OP…: the last op is refused by the kernel alone, and nothing is left
undoes() {
	local sentence=$1 before
	shift
	before=$(tables; ls -R "$t")
	refused "$sentence: refused" 1 'nosuchfs.*what was done before it is undone' \
		"$MNTNS" apply "$@" "mount nosuchfs $t/b"
	is "$sentence: nothing is left" "$(diff <(echo "$before") <(tables; ls -R "$t"))" ""
}

applies "a mount" "tmpfs $t/b ro"
is "it is everywhere" "$(has "$t/b")" 3
applies "umount" "umount $t/b"
is "it is gone everywhere" "$(has "$t/b")" 0
applies "several" "mkdir $t/new mode=755" "bind $t/a $t/new nosuid" "rbind $t/new $t/new/in" "tmpfs $t/x/y create"
applies "away with it" "rumount $t/new" "umount $t/x/y"
rmdir "$t/new" "$t/x/y" "$t/x"
applies "in another namespace, by PID" --in "$slave" "tmpfs $t/c" "remount $t/a noexec"
is "only there" "$(has "$t/c")" 1
like "its attributes" "$(grep " $t/a " /proc/$slave/mountinfo)" ' rw,noexec,relatime '
applies "from a file" -f - --in "$slave" <<<"umount $t/c"

undoes "a mount" "tmpfs $t/b"
undoes "mounts on mounts" "tmpfs $t/b" "tmpfs $t/b/in create" "bind $t/a $t/c" "rbind $t $t/d"
undoes "what is made for them" "mkdir $t/new mode=700" "file $t/new/file" "symlink nowhere $t/new/link" \
	"tmpfs $t/deep/er create" "bind $t/a/in $t/bound create"
undoes "a copy of the tree, by which the originals go as well" "rbind $t $t/d" "rbind $t/a $t/b"
undoes "attributes" "remount $t/a ro nosuid noatime" "set-attr $t rec noexec nodiratime"
detached=("h1 = fs-mount tmpfs" "mkdir h1:/etc mode=755" "h2 = open-tree $t/a"
	"move-mount h2 h1:/etc/x create" "move-mount h1 $t/b" "set-attr $t/b rec ro")
if [ "$(since 6.15 yes no)" = yes ]; then
	undoes "a tree built detached" "${detached[@]}"
else
	refused "a tree cannot be built detached" 1 'not begun, as op 4 of 6 .* nothing can be mounted before Linux 6.15' \
		"$MNTNS" apply "${detached[@]}"
fi
undoes "a directory of a real tree, by its handle" "h1 = open-tree $t/a" "mkdir h1:/made mode=755" "move-mount h1 $t/b"

# In a private corner, where mounts can be moved.
p=$work/p
mkdir "$p"
mount -t tmpfs corner "$p"
mkdir "$p"/{from,to,s}
mount -t tmpfs moved "$p/from"
mkdir "$p/from/in"
mount -t tmpfs on-it "$p/from/in"
mount -t tmpfs s "$p/s"
mount --make-shared "$p/s"
undoes "a move" "move $p/from $p/to"
undoes "a move and back again" "move $p/from $p/to" "move $p/to $p/from"
undoes "made shared" "make-shared $p/from" "make-rshared $p/from"
undoes "out of a group of its own" "make-private $p/s"
mkdir "$p/peer"
mount --bind "$p/s" "$p/peer"
undoes "out of a group with a peer in sight" "make-private $p/s"
undoes "made a slave of it" "make-slave $p/s"
mount --make-slave "$p/peer"
undoes "a slave made private" "make-private $p/peer"
undoes "a slave made shared" "make-shared $p/peer"

# What cannot be undone is said first.
refused "a peer in another namespace" 1 'cannot be undone:.*' \
	"$MNTNS" apply "make-private $t" "mount nosuchfs $t/b"
output=$("$MNTNS" apply "make-shared $t" "umount $t/a" "mount nosuchfs $t/b" 2>&1)
like "umount: said before" "$output" 'op 2, umount .*1 mount would be gone for good'
like "umount: and afterwards" "$output" "Not undone: mnt:.* $t/a: it is not there"
is "it is gone" "$(grep -c " $t/a " /proc/self/mountinfo)" 0
output=$("$MNTNS" apply "umount $p/from/in" 2>&1)
unlike "the last op needs no undoing" "$output" 'undone'

# A refusal in the middle, and a death.
if [ -z "${SANITIZED:-}" ]; then
	at() { # INJECTION: of the third move_mount
		strace -f -qq -o "$work/trace" -e trace=move_mount -e inject="move_mount:$1:when=3" \
			"$MNTNS" apply "tmpfs $p/k create" "tmpfs $p/k/l create" "rbind $t/c $p/k/m create" \
			"tmpfs $p/k/n create"
	}
	before=$(tables)
	refused "refused in the middle" 1 'rbind .*Cannot allocate memory; what was done before it is undone' \
		at error=ENOMEM
	is "nothing is left of it" "$(tables; ls -d "$p/k" 2>/dev/null)" "$before"
	refused "killed in the middle" 1 'it was killed: [0-9]+ ops of [0-9]+, or one more, hold' at signal=SIGKILL
	is "what was done holds" "$(grep -c " $p/k" /proc/self/mountinfo)" 2
	umount -l "$p/k"
fi

before=$(tables)
refused "not begun if it is known to fail" 1 'not begun, as op 2 of 2 would be refused.*is no mount point' \
	"$MNTNS" apply "make-shared $t" "umount $t/c"
refused "unshare" 2 'would end with mntns' "$MNTNS" apply "unshare mnt"
refused "--confirm: no" 1 'not begun' "$MNTNS" apply --confirm "tmpfs $t/b" <<<n
is "nothing is left of these" "$(tables)" "$before"
ok "--confirm: yes" sh -c 'echo y | "$@"' - "$MNTNS" apply --confirm "tmpfs $t/b"
json=$("$MNTNS" apply -J "umount $t/b" 2>/dev/null)
is "JSON" "$(python3 -c 'import json,sys
d = json.load(sys.stdin); print(d["applied"], d["error"], d["left"], [e for e in d["differences"] if e["ours"]])' <<<"$json")" "True None [] []"
finish
