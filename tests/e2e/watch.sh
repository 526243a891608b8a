#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns watch: what happens to mounts is said, once, with all places where it arrived; by the
# kernel's events and by polling.
PINS=yes
. "$(dirname "$0")/../lib/tap.sh"
mkdir "$work/m"
mount -t tmpfs m "$work/m"
mkdir "$work/m"/{a,b,c,d,old}
cd "$work/m" || exit 1

# watch WORDS…: in the background, until it looks; its lines are in the file `seen`.
watch() {
	"$MNTNS" watch "$@" >"$work/seen" 2>"$work/err" &
	watcher=$!
	# It looks when it sleeps.
	until grep -q 'ep_poll\|do_epoll_wait' "/proc/$watcher/stack" 2>/dev/null || [ ! -e "/proc/$watcher" ]; do sleep 0.02; done
}
stop() { kill -INT $watcher; wait $watcher; status=$?; }
# saw N [PATTERN]: so many lines have come, or it has taken too long. With `all` others of the machine
# are seen too.
saw() {
	for _ in {1..500}; do
		[ "$(grep -ac "${2:-}" "$work/seen")" -ge "$1" ] && return 0
		sleep 0.02
	done
	return 1
}
said() { sed "s#$work/m##g" "$work/seen"; }
columns="action,target,source,change"
mode=
each_mode() { # FUNCTION: with the kernel's events, and as before Linux 6.15
	mode="events: "
	"$@"
	mode="polling: "
	MNTNS_WITHOUT=fanotify "$@"
}

one_by_one() {
	watch -n -r -o "$columns"
	mount -t tmpfs one a; saw 1
	mount --move a b; saw 2
	mount -o remount,bind,ro,noexec b; saw 3
	mount --bind b c; saw 4
	umount c; saw 5
	umount b; saw 6
	stop
	is "${mode}attached, moved, changed, detached" "$(said)" "attached /a one 
moved /b one from\\x20/a
changed /b one rw,relatime\\x20->\\x20ro,noexec,relatime
attached /c one 
detached /c one 
detached /b one "
	is "${mode}an interrupt ends it well" "$status:$(cat "$work/err")" "0:"
}
each_mode one_by_one

trees() {
	mount -t tmpfs top a && mkdir a/x && mount -t tmpfs in a/x
	watch -n -r -o "$columns"
	mount --move a d; saw 1
	is "${mode}a tree that moves is one event" "$(said)" "moved /d top from\\x20/a"
	umount -l d; saw 3
	is "${mode}a lazy umount takes all of it" "$(said | tail -n 2 | sort)" "detached /d top 
detached /d/x in "
	stop
}
each_mode trees

attributes() {
	mount -t tmpfs attr a
	watch -n -r -o "$columns"
	"$MNTNS" ops --exec "set-attr $work/m/a nosuid"
	saw 1
	"$MNTNS" ops --exec "set-attr $work/m/a shared"
	saw 2
	mount -o remount,size=8k a
	saw 3
	stop
	like "${mode}mount_setattr of an attribute" "$(said | head -n 1)" '^changed /a attr rw,relatime.x20->.x20rw,nosuid,relatime$'
	like "${mode}mount_setattr of the propagation" "$(said | sed -n 2p)" '^changed /a attr private.x20->.x20shared:[0-9]+$'
	like "${mode}options of the file system" "$(said | tail -n 1)" 'size=8k'
	umount a
}
each_mode attributes

copies() {
	mount --make-shared .
	unshare -m --propagation unchanged sleep 3630 & local peer=$!
	unshare -m --propagation slave sleep 3631 & local slave=$!
	until grep -q sleep /proc/$peer/comm && grep -q sleep /proc/$slave/comm; do sleep 0.02; done
	watch all -J
	mount -t tmpfs copied a
	saw 1 copied
	umount a
	saw 2 copied
	stop
	is "${mode}copies in other namespaces are one entry" "$(python3 - "$work/seen" $peer $slave <<'END'
import json, os, sys
ns = {os.stat(f"/proc/{pid}/ns/mnt").st_ino: name for pid, name in [(os.getpid(), "own"), (sys.argv[2], "peer"), (sys.argv[3], "slave")]}
for line in open(sys.argv[1]):
    e = json.loads(line)
    if e.get("source") == "copied":
        print(e["action"], sorted(ns.get(n["ns"], "?") for n in e["namespaces"]), "slave last" if ns.get(e["namespaces"][-1]["ns"]) == "slave" else "")
END
)" "attached ['own', 'peer', 'slave'] slave last
detached ['own', 'peer', 'slave'] slave last"
	kill $peer $slave
	wait $peer $slave 2>/dev/null
	mount --make-private .
}
each_mode copies

# $1: "", or "shared": the mounts are all peers of each other then, and yet no copies.
burst() {
	"$MNTNS" watch -n -r -o action,copies -t 120 >"$work/seen" 2>"$work/err" &
	watcher=$!
	until grep -q 'ep_poll\|do_epoll_wait' "/proc/$watcher/stack" 2>/dev/null; do sleep 0.02; done
	mkdir -p burst source
	"$BURST" burst 10000 ${1:-}
	for _ in {1..600}; do
		grep -q lost "$work/seen" || [ "$(grep -c attached "$work/seen")" -ge 10000 ] && break
		sleep 0.05
	done
	stop
	if grep -q lost "$work/seen"; then
		pass "${mode}of a burst of 10,000${1:+ $1} some were lost, and it says so"
	else
		is "${mode}of a burst of 10,000${1:+ $1} none is lost" "$(grep -c '^attached 0$' "$work/seen")" 10000
	fi
	umount -l burst
}
each_mode burst
each_mode burst shared

gone_at_once() {
	watch -n -r -o action,source
	for _ in {1..50}; do mount -t tmpfs quick a; umount a; done
	mount -t tmpfs last a
	for _ in {1..500}; do grep -q 'attached last' "$work/seen" && break; sleep 0.02; done
	sleep 0.2
	stop
	is "what came and went unseen is counted too" "$(($(grep -c passed "$work/seen") + $(grep -c detached "$work/seen")))" 50
	umount a
}
mode= gone_at_once

# Of another namespace, which must be able to end meanwhile.
ends() {
	unshare -m --propagation private sleep 3632 & local pid=$!
	until grep -q sleep "/proc/$pid/comm"; do sleep 0.02; done
	watch "$pid" -n -r -o action,source
	nsenter -t $pid -m mount -t tmpfs elsewhere "$work/m/a"
	saw 1
	is "${mode}of another namespace" "$(head -n 1 "$work/seen")" "attached elsewhere"
	id=$("$MNTNS" ls -n -r -o ns,id 2>/dev/null | sed -n "s/^$(stat -L -c %i /proc/$pid/ns/mnt) //p")
	kill $pid
	wait $pid 2>/dev/null
	wait $watcher
	status=$?
	like "${mode}it ends while it is watched, which is said" "$status:$(cat "$work/err")" '^1:.*the namespace has ended'
	is "${mode}nothing kept it" "$("$MNTNS" ls -n -r -o id 2>/dev/null | grep -cx "$id")" 0
}
each_mode ends

busy() {
	mount -t tmpfs busy a
	watch all -n
	ok "${mode}a file system can be unmounted while it is watched" umount a
	stop
}
each_mode busy

appears() {
	watch all -n -r -o action,namespaces
	unshare -m --propagation private sleep 3633 & local pid=$!
	for _ in {1..600}; do grep -q 'appeared.*sleep' "$work/seen" && break; sleep 0.05; done
	nsenter -t $pid -m mount -t tmpfs later "$work/m/a"
	for _ in {1..600}; do grep -q 'attached.*sleep' "$work/seen" && break; sleep 0.05; done
	like "a namespace that comes later" "$(grep -o 'appeared sleep' "$work/seen" | sort -u)" '^appeared sleep$'
	like "and what happens there" "$(cat "$work/seen")" '^attached sleep'
	kill $pid
	wait $pid 2>/dev/null
	for _ in {1..600}; do grep -q 'ended.*sleep' "$work/seen" && break; sleep 0.05; done
	like "and its end" "$(cat "$work/seen")" '^ended sleep'
	stop
}
appears

watch
read -r before _ <"/proc/$watcher/schedstat"
switches=$(awk '/ctxt/ { n += $2 } END { print n }' "/proc/$watcher/status")
sleep 3
read -r after _ <"/proc/$watcher/schedstat"
is "when nothing happens, nothing is done" "$((after - before)) $(awk '/ctxt/ { n += $2 } END { print n }' "/proc/$watcher/status")" "0 $switches"
stop

"$MNTNS" watch -n 2>"$work/err" | : &
for _ in {1..200}; do [ -z "$(jobs -r -p)" ] && break; sleep 0.05; done
is "nobody reads any more: it ends" "$(jobs -r -p)" ""
is "--count ends it" "$( ("$MNTNS" watch -n -c 1 -r -o action & w=$!; until grep -q 'ep_poll\|do_epoll_wait' "/proc/$w/stack" 2>/dev/null; do sleep 0.02; done; mount -t tmpfs c a; wait $w) 2>&1)" attached
umount a
ok "--for ends it" "$MNTNS" watch --for 1
refused "an unknown column" 2 "'x': expected columns of TIME, ACTION" sh -c '(sleep 0.5; mount -t tmpfs x a) & "$1" watch -c 1 -o x; rc=$?; wait; umount a; exit $rc' - "$MNTNS"
refused "--count 0" 2 '--count 0: expected a number from 1 on' "$MNTNS" watch --count 0
refused "--from" 2 'unknown option --from' "$MNTNS" watch --from x
refused "two namespaces" 2 "'2': expected one namespace, or all" "$MNTNS" watch 1 2
refused "a process that is not there" 1 'there is no process 4000000' "$MNTNS" watch 4000000
refused "a namespace that may not be read" 1 'Permission denied' as_user "$MNTNS" watch $$
odd=$(printf 'odd\n\033[31m')
mkdir "$odd"
watch -n -c 1
mount -t tmpfs odd "$odd"
wait $watcher
is "a mount point of any bytes stays in its line" "$(wc -l <"$work/seen"):$(LC_ALL=C tr -d '\n\040-\176\200-\377' <"$work/seen" | wc -c)" 1:0
umount "$odd"
cd /
umount -l "$work/m"
finish
