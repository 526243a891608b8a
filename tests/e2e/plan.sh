#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns plan: what it says, and what then really happens, over real namespaces.
. "$(dirname "$0")/../lib/tap.sh"

t=$work/t
mkdir "$t"
mount -t tmpfs tree "$t"
mkdir "$t"/{a,b,c,d,new,old}
mount --make-shared "$t"

new_ns unchanged
peer=$pid
new_ns slave
slave=$pid
new_ns private
private=$pid

counts() { # of appeared and disappeared mounts: what diff has, or the plan
	python3 -c '
import json, sys
d = json.load(sys.stdin)
print(*("%s:+%d-%d" % (n["inode"], n["counts"]["appears"], n["counts"]["disappears"])
        for n in d["namespaces"] if n["counts"]["appears"] or n["counts"]["disappears"]))'
}
ids() { # of all four namespaces: their inode, and the unique ids where there are some
	for pid in $$ $peer $slave $private; do
		awk -v n="$(stat -Lc %i /proc/$pid/ns/mnt)" '{print n, $1}' /proc/$pid/mountinfo
	done
}
# plan_and_do SENTENCE OP…: the counts of the plan, and of what then happens
plan_and_do() {
	local sentence=$1 said before after
	shift
	said=$("$MNTNS" plan -J "$@" 2>"$work/err")
	is "$sentence: would succeed" "$? $(grep -v "may not be read" "$work/err")" "0 "
	before=$(ids | sort)
	ok "$sentence: succeeds" "$MNTNS" ops --exec "$@"
	after=$(ids | sort)
	is "$sentence: as planned" "$(counts <<<"$said")" "$(
		{
			comm -13 <(echo "$before") <(echo "$after") | sed 's/ .*/ +/'
			comm -23 <(echo "$before") <(echo "$after") | sed 's/ .*/ -/'
		} | sort | uniq -c | awk '{n[$2 $3] = $1; all[$2]} END {
			for (i in all) printf "%s:+%d-%d\n", i, n[i "+"], n[i "-"]}' | sort | paste -sd' '
	)"
}
# refused_both SENTENCE PATTERN OP…: the plan says so, and the kernel does so
refused_both() {
	local sentence=$1 pattern=$2 said
	shift 2
	said=$("$MNTNS" plan "$@" 2>/dev/null)
	is "$sentence: plan's status" $? 1
	like "$sentence: plan" "$said" "$pattern"
	refused "$sentence: kernel" 1 . "$MNTNS" ops --exec "$@"
}

plan_and_do "a mount into a shared mount" "tmpfs $t/a"
plan_and_do "a second one on it" "mount tmpfs $t/a source=second"
plan_and_do "umount that propagates" "umount $t/a"
refused_both "a move out of a shared mount" 'hangs on a shared mount' "move $t/a $t/d"
refused_both "nothing is mounted there" 'is no mount point' "umount $t/c"
cd "$t/a" || exit
refused_both "somebody is in it" 'something refers to it' "umount $t/a"
cd / || exit
plan_and_do "make-private" "make-private $t"
plan_and_do "a move" "move $t/a $t/d"
plan_and_do "attributes of several" "tmpfs $t/c ro nosuid" "make-shared $t/c" "remount $t/d noexec"

plan_and_do "make-shared again" "make-shared $t"
plan_and_do "rbind" "rbind $t $t/b"
plan_and_do "rbind once more" "rbind $t $t/b"
like "rbind into itself multiplies" "$("$MNTNS" plan "rbind $t $t/b" 2>/dev/null)" \
	"^Multiplies: rbind .* adds [0-9]+ mounts, and [0-9]+ when it is repeated.*fs.mount-max refuses round [0-9]+"
plan_and_do "lazy umount of it all" "rumount $t/b"

like "in another namespace, by PID" \
	"$("$MNTNS" plan --in "$slave" "tmpfs $t/new" 2>/dev/null)" "mnt:\[$(stat -Lc %i /proc/$slave/ns/mnt)\].*where the ops"
"$MNTNS" snapshot >"$work/snapshot" 2>/dev/null
is "a snapshot says the same as the machine" \
	"$("$MNTNS" plan --from "$work/snapshot" -J "tmpfs $t/new" 2>/dev/null | counts)" \
	"$("$MNTNS" plan -J "tmpfs $t/new" 2>"$work/err" | counts || cat "$work/err")"
is "nothing was touched" "$(grep -c " $t/new " /proc/self/mountinfo)" 0

# Paths are looked up where the ops would be.
ln -s "$t" "$work/link"
like "a symbolic link is followed" "$("$MNTNS" plan "tmpfs $work/link/new" 2>/dev/null)" "appears +$t/new: tmpfs"
like "up to what an op has changed" "$("$MNTNS" plan "tmpfs $work/link/new" "tmpfs $work/link/new/x create" 2>/dev/null)" \
	"appears +$t/new/x: tmpfs"
refused_both "a missing mount point" 'does not exist: create it' "tmpfs $work/missing"
refused_both "a missing source" 'source does not exist' "bind $work/missing $t/new"
refused_both "what is made is there already" 'exists already' "mkdir $t/new mode=755"
refused_both "no symbolic links" 'may not be followed' "h1 = fs-mount tmpfs" "move-mount h1 $work/link/new nosymlinks"
like "what an op makes is there for the next" \
	"$("$MNTNS" plan "mkdir $work/made mode=755" "tmpfs $work/made" "tmpfs $work/deep/er create" "bind $t/a $work/deep" 2>/dev/null)" \
	"^Would succeed"
like "optional and missing" "$("$MNTNS" plan "umount $work/missing optional" "h1 = open-tree $work/missing optional" "move-mount h1 $t/new" 2>/dev/null)" "^Would succeed"

refused "no ops" 2 'expected operations' "$MNTNS" plan
refused "no such namespace" 2 'no mount namespace' "$MNTNS" plan --in nowhere "tmpfs /mnt"
refused "nonsense" 2 'arguments:1' "$MNTNS" plan "frobnicate /mnt"

pivot='mount --make-private "$1"; "$2" plan "pivot-root $1/new $1/new/old" 2>/dev/null
	mount -t tmpfs new "$1/new"; mkdir "$1/new/old"
	"$2" plan "pivot-root $1/new $1/new/old" 2>/dev/null'
pivots=$(unshare -m --propagation private sh -c "$pivot" - "$t" "$MNTNS")
like "pivot onto a directory is refused" "$pivots" "Would be refused at op 1 of 1.*no mount"
like "pivot of a mount moves the root" "$pivots" "moves +/ -> /old"
like "and the new one becomes it" "$pivots" "moves +$t/new -> /:"
finish
