#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns peers: groups, members, slaves and what is above them, over real namespaces.
. "$(dirname "$0")/../lib/tap.sh"

peers() { "$MNTNS" peers "$@" 2>/dev/null; }
# new_ns COMMAND: a copy of this namespace, in which COMMAND ran before anybody looks
new_ns() {
	rm -f "$work/ready"
	unshare -m --propagation unchanged sh -c "$1"'
		touch "$2/ready"; exec sleep 3600' - "$1" "$work" &
	pid=$!
	until [ -e "$work/ready" ] && [ "$(cat /proc/$pid/comm)" = sleep ]; do sleep 0.01; done
	ns=$(stat -L -c %i "/proc/$pid/ns/mnt")
}
group() { # PID PATH [TAG]: the number behind shared: or master:
	awk -v path="$2" -v tag="${3:-shared}:" '$5 == path { for (i = 7; $i != "-"; i++)
		if (index($i, tag) == 1) print substr($i, length(tag) + 1) }' "/proc/$1/mountinfo"
}
# ns, kind and path of each row below
rows() { peers -n -r -o flow,kind,ns,path "$@"; }

t=$work/t
mkdir "$t"
mount -t tmpfs tree "$t"
mount --make-shared "$t"
mkdir -p "$t/a/b" "$work/narrow" "$work/alone"
mount --bind "$t/a" "$work/narrow"
mount --make-private "$work/narrow"
mount --make-shared "$work/narrow"
umount "$work/narrow"
mount --bind "$t/a" "$work/narrow"
own=$(stat -L -c %i /proc/self/ns/mnt)
new_ns :
peer=$ns peer_pid=$pid
new_ns "mount --make-slave '$t'; umount '$work/narrow'"
slave=$ns
new_ns "mount --make-slave '$t'; mount --make-shared '$t'; umount '$work/narrow'"
chain=$ns chain_pid=$pid
rm -f "$work/inner"
nsenter -t "$chain_pid" -m unshare -m --propagation unchanged sh -c "mount --make-slave '$t'; touch '$work/inner'; exec sleep 3600" &
until [ -e "$work/inner" ] && [ "$(cat /proc/$!/comm)" = sleep ]; do sleep 0.01; done
last=$(stat -L -c %i "/proc/$!/ns/mnt") last_pid=$!
new_ns "mount --make-private '$t'; umount '$work/narrow'"
private=$ns private_pid=$pid
g=$(group self "$t")

all=$(rows "$t")
for at in "peer $own $t" "peer $own $work/narrow" "peer $peer $t" "peer $peer $work/narrow" \
	"slave $slave $t" "peer $chain $t" "slave $last $t"; do
	like "of a path: $at" "$all" "^below $at$"
done
is "and nothing else: seven mounts, two groups" "$(wc -l <<<"$all")" 9
is "by number" "$(rows "$g")" "$all"
is "by shared:N" "$(rows "shared:$g")" "$all"
id=$(awk -v path="$t" '$5 == path { print $1 }' "/proc/$peer_pid/mountinfo")
is "by the id of a mount in another namespace" "$(rows "id:$id")" "$all"
is "a path in another namespace" "$(rows -N "$peer_pid" "$t/a/b")" "$all"
is "what is not there is the mount above" "$(rows -N "$peer_pid" "$t/none")" "$all"
MNTNS_WITHOUT=statmount,nsfs is "on an older kernel" "$(rows "$t" | sort)" "$(sort <<<"$all")"

up=$(rows -N "$last_pid" "$t")
like "upward: the group above" "$up" "^above peer $own $t$"
like "and the hop between" "$up" "^above peer $chain $t$"
like "then the mount itself" "$up" "^below slave $last $t$"
unlike "but no other slave" "$up" " $slave "
is "a group in the middle" "$(rows "$(group "$chain_pid" "$t")" | tail -n 3)" \
	"below group  
below peer $chain $t
below slave $last $t"
is "a private copy" "$(rows -N "$private_pid" "$t")" "below private $private $t"
like "the tree has lines" "$(peers "$g")" '^(├─|└─)'
like "what was asked for is said" "$(peers -n -r -o ns,path,note "$t")" "^$own $t asked"

narrow=$(peers -n -r -o ns,path,root "$t" | grep "^$own $work/narrow ")
is "the narrow peer shows its root" "$narrow" "$own $work/narrow /a"

# Where a mount would appear, and that it does.
mkdir -p "$t/a/deep" "$t/b"
arrives() { peers -n -r -o ns,path,arrives "$@" | sort; }
is "a mount within the narrow peer's root arrives there" "$(arrives "$t/a/deep" | grep "^$own $work/narrow ")" \
	"$own $work/narrow $work/narrow/deep"
is "one outside of it does not" "$(arrives "$t/b" | grep "^$own $work/narrow ")" "$own $work/narrow "
like "and is shown when a mount is asked for" "$(peers "$t" | head -n 1)" 'NOTE +ARRIVES'
unlike "but not for a group" "$(peers "$g" | head -n 1)" ARRIVES
want=$(arrives "$t/a/deep" | awk '$3 { print $1, $3 }')
mount -t tmpfs arrival "$t/a/deep"
"$MNTNS" snapshot 2>/dev/null | python3 -c 'import json,sys
for ns in json.load(sys.stdin)["namespaces"]:
	for m in ns.get("mounts", []):
		if m.get("source") == "arrival":
			print(ns["inode"], m["target"])' | sort >"$work/arrived"
umount "$t/a/deep"
is "as the kernel does it" "$(grep -v "^$own $t/a/deep$" "$work/arrived")" "$want"

check='import json,sys
rows=json.load(sys.stdin)["peers"]
assert len(rows)==1 and rows[0]["kind"]=="group" and rows[0]["group"]==int(sys.argv[1])
inner=[c for c in rows[0]["children"] if c["kind"]=="group"]
assert len(inner)==1 and inner[0]["master"]==int(sys.argv[1]) and len(inner[0]["children"])==2'
peers -J -o kind,group,master,ns "$t" >"$work/json"
ok "JSON nests" python3 -c "$check" "$g" <"$work/json"
"$MNTNS" snapshot >"$work/snapshot" 2>/dev/null
is "the same of a snapshot" "$(rows --from "$work/snapshot" "$g")" "$all"

# Only the master's slave is left of it where anybody looks.
mkdir "$work/gone"
mount -t tmpfs gone "$work/gone"
mount --make-shared "$work/gone"
lost=$(group self "$work/gone")
cp /proc/self/mountinfo "$work/before"
mount --bind "$work/gone" "$work/alone"
mount --make-slave "$work/alone"
sed "\\,^[0-9 :]* / $work/gone ,d" /proc/self/mountinfo >"$work/hidden"
like "a group that nobody is in" "$(peers --from "$work/hidden" -n -r -o what,note "$lost")" \
	'^shared:[0-9]+ asked.*no.x20member.x20is.x20visible'

refused "no such group" 1 'peer group 999999999' "$MNTNS" peers 999999999
refused "no such mount" 1 'id 4000000000' "$MNTNS" peers id:4000000000
refused "a bad id" 1 "'x'" "$MNTNS" peers id:x
refused "a path that is not there" 1 "$work/none" "$MNTNS" peers "$work/none"
refused "a relative path elsewhere" 1 'absolute path' "$MNTNS" peers -N "$peer_pid" t
refused "two arguments" 2 'expected one' "$MNTNS" peers 1 2
refused "no such namespace" 1 'no mount namespace' "$MNTNS" peers -N nowhere "$t"
finish
