#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns ls: every mount namespace of the machine is found, whatever holds it.
PINS=yes
. "$(dirname "$0")/../lib/tap.sh"
ls() { "$MNTNS" ls "$@" 2>"$work/gaps"; }
# row INODE COLUMNS: one namespace, raw
row() { ls -n -r -o "ns,$2" | sed -n "s/^$1 //p"; }
inode() { stat -L -c %i "$1"; }
# new_ns [OPTION]…: a process in a namespace of its own
new_ns() {
	unshare "${@:--m}" --propagation private sleep 3600 &
	pid=$!
	until [ "$(cat "/proc/$pid/comm")" = sleep ]; do sleep 0.01; done
	ns=$(inode "/proc/$pid/ns/mnt")
}
own=$(inode /proc/self/ns/mnt)
# An inode number is soon used again, by whoever makes a namespace meanwhile; an id is not.
is_gone() { ! ls -n -r -o id | grep -qx "$1"; }
both() { # SENTENCE COMMAND…: with the kernel's list of namespaces, and without
	ok "$1" "${@:2}"
	MNTNS_WITHOUT=nsfs,statmount ok "$1, on an older kernel" "${@:2}"
}
shows() { # INODE COLUMNS PATTERN
	row "$1" "$2" | grep -qE -- "$3" || { ls -r >&2; return 1; }
}

new_ns
both "a namespace with a process" shows "$ns" procs,pid,command "^1 $pid sleep.x203600$"
is "MOUNTS counts what is there" "$(row "$ns" mounts)" "$(wc -l <"/proc/$pid/mountinfo")"
first=$ns
nsenter -t "$pid" -m sleep 3601 &
second=$!
until [ "$(cat "/proc/$second/comm")" = sleep ]; do sleep 0.01; done
both "PROCS counts, PID is the lowest" shows "$ns" procs,pid "^2 $((pid < second ? pid : second))$"
both "HELD says so" shows "$ns" held '^2.x20processes$'

exec 9<"/proc/$pid/ns/mnt"
# Subshells have it too, and may have lower PIDs.
nine="(.*,.x20)?descriptor.x209.x20of.x20$$(,|$)"
both "a descriptor beside processes" shows "$ns" held "^2.x20processes,.x20$nine"
kill "$pid" "$second"
wait "$pid" "$second" 2>/dev/null
both "a descriptor alone" shows "$ns" procs,pid,command,held "^0   $nine"
id=$(row "$ns" id)
exec 9<&-
ok "and then it is gone" is_gone "$id"

mkdir "$work/pins"
touch "$work/pins/one" "$work/pins/two words"
mount -t tmpfs pins "$work/pins" && touch "$work/pins/one" "$work/pins/two words"
new_ns
mount --bind "/proc/$pid/ns/mnt" "$work/pins/two words"
kill "$pid"
wait "$pid" 2>/dev/null
both "a pin alone, with its name" shows "$ns" procs,name,held "^0 two.x20words pin.x20$work/pins/two.x20words$"
is "a pinned namespace's mounts are counted" "$(row "$ns" mounts)" "$(nsenter --mount="$work/pins/two words" wc -l /proc/self/mountinfo | cut -d' ' -f1)"
exec 8<"$work/pins/two words"
both "a descriptor of the bind" shows "$ns" held 'descriptor.x208.x20of'
exec 8<&-
# A pin inside of a pinned namespace, in whose table nobody looks by chance.
nsenter --mount="$work/pins/two words" sh -c 'taskset -c 0 unshare -m sleep 3602 & sleep 0.1; echo $! >"$1/inner"; mount -t tmpfs inner "$1/pins"; touch "$1/pins/deep"
	until [ "$(cat /proc/$!/comm)" = sleep ]; do :; done; stat -L -c %i /proc/$!/ns/mnt >"$1/inner-ns"; mount --bind /proc/$!/ns/mnt "$1/pins/deep"; kill $!' - "$work"
inner=$(cat "$work/inner-ns")
until [ ! -e "/proc/$(cat "$work/inner")" ]; do sleep 0.01; done
both "a pin inside of a pinned namespace" shows "$inner" procs,name '^0 deep$'
id=$(row "$ns" id) inner_id=$(row "$inner" id)
umount "$work/pins/two words"
ok "without its pin it is gone" is_gone "$id"
ok "and what it pinned" is_gone "$inner_id"

"$HOLD" thread >"$work/thread" &
holder=$!
until [ -s "$work/thread" ]; do sleep 0.01; done
read -r ns tid <"$work/thread"
both "a thread that left its process's namespace" shows "$ns" procs,pid,held "^1 $tid 1.x20process$"
kill $holder
"$HOLD" flight >"$work/flight" &
holder=$!
until [ -s "$work/flight" ]; do sleep 0.01; done
read -r ns <"$work/flight"
ok "a descriptor that lies in a socket" shows "$ns" procs,held '^0 the.x20kernel:'
kill $holder
wait $holder 2>/dev/null

new_ns -Ur -m
user=$(inode "/proc/$pid/ns/user")
both "the user namespace that owns it" shows "$ns" userns "^$user$"
is "another owner than ours" "$(row "$own" userns)" "$(inode /proc/self/ns/user)"
kill "$pid"

# Owners by the names of their cgroups, in the hierarchy that any machine of ours has.
hierarchy=$(awk '$9 == "cgroup" && /name=systemd/ { print $5; exit }' /proc/self/mountinfo)
[ -n "$hierarchy" ] || hierarchy=$(awk '/ - cgroup2 / { print $5; exit }' /proc/self/mountinfo)
id=$(printf '%064d' 17)
group=$hierarchy/mntns-test-$$.slice/kubepods-pod0f1e2d3c_0000_4000_8000_0123456789ab.slice/cri-containerd-$id.scope
mkdir -p "$group"
new_ns
echo "$pid" >"$group/cgroup.procs"
both "engine, container, pod and unit from the cgroup" shows "$ns" engine,container,pod,unit,name \
	"^containerd $id 0f1e2d3c-0000-4000-8000-0123456789ab cri-containerd-$id.scope containerd:${id:0:12}$"
kill "$pid"
wait "$pid" 2>/dev/null
while [ "$group" != "$hierarchy" ]; do
	until rmdir "$group"; do sleep 0.05; done
	group=$(dirname "$group")
done

new_ns
mkdir -p "$work/jail"
chroot=$(nsenter -t "$pid" -m sh -c 'mount -t tmpfs jail "$1"; mkdir "$1/in"; echo done' - "$work/jail")
is "(a place for a chroot)" "$chroot" "done"
all=$(wc -l <"/proc/$pid/mountinfo")
nsenter -t "$pid" -m sh -c 'cp /bin/busybox "$1/in/"; exec chroot "$1/in" /busybox sleep 3603' - "$work/jail" &
jailed=$!
until [ "$(inode "/proc/$jailed/ns/mnt")" = "$ns" ] && grep -q busybox "/proc/$jailed/cmdline"; do sleep 0.01; done
kill "$pid"
wait "$pid" 2>/dev/null
both "a namespace is counted whole though all its processes are in a chroot" shows "$ns" mounts "^$all$"
kill $jailed

# Processes and namespaces that end during the scan.
(while [ ! -e "$work/stop" ]; do unshare -m true; done) &
churn=$!
bad=0
for _ in {1..40}; do ls >"$work/out" || bad=1; done
touch "$work/stop"
wait $churn
is "what ends during the scan is no error" "$bad" 0
is "nor a gap" "$(grep -v 'PID 1)' "$work/gaps")" ""

is "in JSON numbers are numbers" \
	"$(ls -J | python3 -c 'import json, sys; print([type(n["ns"]).__name__ for n in json.load(sys.stdin)["namespaces"] if n["ns"] == '"$own"'])')" "['int']"
new_ns
as_user "$MNTNS" ls >"$work/out" 2>"$work/gaps"
# Other tests may run as the same user in namespaces of their own.
like "an ordinary user sees its own namespace" "$(awk '{ print $1 }' "$work/out")" "^$own$"
unlike "but none of others" "$(awk '{ print $1 }' "$work/out")" "^$ns$"
like "and is told that there are others" "$(cat "$work/gaps")" 'the mount namespaces of [0-9]+ processes may not be read'
like "and what may be hidden from it" "$(cat "$work/gaps")" 'that no process in sight holds are not listed: that needs CAP_SYS_ADMIN'
kill "$pid"
ls_plain() { "$MNTNS" ls "$@"; }
refused "an argument" 2 "'x': expected no argument" ls_plain x
refused "an unknown column" 2 "'x': expected columns of NS, PROCS" ls_plain -o x
refused "a file that is not there" 1 '/nowhere: No such file' ls_plain --from /nowhere
is "options may stand anywhere, and -- ends them" "$("$MNTNS" ls -- -J 2>&1)" "mntns ls: '-J': expected no argument"
finish
