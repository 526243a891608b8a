#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns why: each way in which propagation is cut, or never was, is found out over real namespaces.
. "$(dirname "$0")/../lib/tap.sh"

new_ns() { # COMMAND: a copy of this namespace, in which COMMAND ran before anybody looks
	rm -f "$work/ready"
	unshare -m --propagation unchanged sh -c "$1"'
		touch "$2/ready"; exec sleep 3600' - "$1" "$work" &
	pid=$!
	until [ -e "$work/ready" ] && [ "$(cat /proc/$pid/comm)" = sleep ]; do sleep 0.01; done
}
# why STATUS SENTENCE PATTERN PATH NS1 NS2
why() {
	local want=$1 sentence=$2 pattern=$3 output status
	shift 3
	output=$("$MNTNS" why "$@" 2>/dev/null)
	status=$?
	is "$sentence: status" $status "$want"
	like "$sentence" "$(tr '\n' ' ' <<<"$output")" "$pattern"
}
cut() { # PATH NS1 NS2: the word for the cut of each side
	"$MNTNS" why -J "$@" 2>/dev/null | python3 -c 'import json,sys
d=json.load(sys.stdin); print(*(s["cut"] or "-" for s in d["sides"]), d["tie"], d["agree"], d["part"])'
}
in_ns() { nsenter -t "$1" -m "${@:2}"; }

t=$work/t
mkdir "$t"
mount -t tmpfs tree "$t"
mkdir -p "$t"/{a,b,c,d,e}/in "$work/narrow"
mount --make-shared "$t"

new_ns :
peer=$pid
new_ns "mount --make-slave '$t'"
slave=$pid
new_ns "mount --make-slave '$t'"
sister=$pid
new_ns "mount --make-private '$t'"
private=$pid
new_ns "mount --make-private '$t'; mount --make-shared '$t'"
stranger=$pid
new_ns "mount --make-private '$t'; umount -l '$t'; mkdir -p '$work/x'; mount -t tmpfs other '$t'; mkdir '$t/a'"
other=$pid
why 0 "peers see the same" 'see the same at .*peer group [0-9]+' "$t/a" self "$peer"
is "and are peers" "$(cut "$t/a" self "$peer")" "- - peers $t/a None"
why 0 "a slave sees the same" "arrives in $slave, but not" "$t/a" self "$slave"
why 0 "a private copy sees the same" 'No propagation' "$t/a" self "$private"

mount -t tmpfs early "$t/a"
why 0 "a mount arrives at a peer" 'see the same' "$t/a/x" "$peer" "$slave"
why 1 "a private copy" "$private, mount [0-9]+ .*is private: it was cut off.*make-shared cannot join" "$t/a" self "$private"
is "deaf" "$(cut "$t/a" self "$private")" "deaf - none $t $t/a"
is "the other way round" "$(cut "$t/a" "$private" self)" "- deaf none $t $t/a"
is "strangers" "$(cut "$t/a" self "$stranger")" "strangers - none $t $t/a"
is "another file system there" "$(cut "$t/a" self "$other")" "mute mute none $work $t"

in_ns "$private" mount -t tmpfs own "$t/b"
is "mute" "$(cut "$t/b" self "$private")" "- mute none $t $t/b"
in_ns "$slave" mount -t tmpfs own "$t/c"
why 1 "a slave gives nothing back" "gives nothing back.*Mount it in self instead" "$t/c" self "$slave"
is "one way" "$(cut "$t/c" self "$slave")" "- one-way down $t $t/c"
is "sisters" "$(cut "$t/c" "$slave" "$sister")" "sisters - sisters $t $t/c"

# Before the copy, and gone from it since.
in_ns "$slave" umount "$t/a"
why 1 "unmounted there" "unmounted in $slave since.*once more" "$t/a" self "$slave"
is "time" "$(cut "$t/a" self "$slave")" "time - down $t $t/a"
mkdir "$work/late"
new_ns "mount --bind '$t' '$work/late'; mount --make-rprivate '$t'; umount -l '$t'; mount --bind '$work/late' '$t'"
why 1 "mounted before the bind" 'propagation brings only what is mounted afterwards' "$t/a" self "$pid"

# The same mount is on both sides, but one has something on it.
in_ns "$sister" mount -t tmpfs cover "$t/a"
why 1 "covered" "is in $sister too, but covered by mount.*cover.*umount $t/a" "$t/a" self "$sister"
is "covered" "$(cut "$t/a" self "$sister")" "covered - down $t $t/a"

# A bind of a directory of it.
new_ns "mount --bind '$t/d' '$work/late'; mount --make-rprivate '$t'; umount -l '$t'; mount --bind '$work/late' '$t'"
why 1 "outside of the root" 'shows /, .* shows /d\. What lies outside' "$t/e" self "$pid"
is "outside" "$(cut "$t/e" self "$pid")" "outside outside none $work $t"

"$MNTNS" snapshot >"$work/snapshot" 2>/dev/null
is "the same of a snapshot" "$("$MNTNS" why --from "$work/snapshot" "$t/c" "$peer" "$slave" 2>/dev/null)" \
	"$("$MNTNS" why "$t/c" "$peer" "$slave" 2>/dev/null)"
refused "one namespace" 2 'a path and two namespaces' "$MNTNS" why "$t" self
refused "no such namespace" 2 'no process' "$MNTNS" why "$t" self 99999999
refused "no such path" 2 "$work/none" "$MNTNS" why "$work/none" self "$peer"
refused "a relative path elsewhere" 2 'absolute path' "$MNTNS" why t "$peer" self
finish
