#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Both ways to read a table give the same, of any table, and of one that changes meanwhile.
. "$(dirname "$0")/../lib/tap.sh"
make_root
mkdir "$work/tables"
mount -t tmpfs tables "$work/tables"
seed=${SEED:-$RANDOM}
counts=$("$COMPARE_READERS" "$work/tables" "$seed" 25)
like "350 random tables are read alike, from inside and from outside (SEED=$seed)" "$counts" '^tables 350 '
for kind in propagate_from deleted idmapped unbindable shared_slaves quoted jails; do
	like "some of them with $kind" "$counts" " $kind [1-9]"
done

tree() { "$MNTNS" tree --list --raw -o target,source,fstype,options,propagation,marks "$@"; }
mkdir "$work/m"
for i in {1..20}; do mkdir "$work/m/$i"; mount -t tmpfs "s $i" "$work/m/$i"; done
both=$(MNTNS_WITHOUT=statmount tree | md5sum)
is "mntns tree shows the same by both" "$(MNTNS_WITHOUT=mountinfo tree | md5sum)" "$both"
is "and by whichever it takes itself" "$(tree | md5sum)" "$both"

# Other namespaces: by a process, and by a file when there is none.
taskset -c 0 unshare -m --propagation private taskset -c 0 unshare -m --propagation slave sleep 3610 &
pid=$!
until grep -q sleep "/proc/$pid/comm"; do sleep 0.01; done
exec 7<"/proc/$pid/ns/mnt"
there=$(nsenter -t "$pid" -m "$MNTNS" tree --list --raw | md5sum)
for without in none statmount mountinfo; do
	MNTNS_WITHOUT=$without is "of a process elsewhere, without $without" "$("$MNTNS" tree --list --raw "$pid" | md5sum)" "$there"
done
kill "$pid"
wait "$pid" 2>/dev/null
for without in none statmount mountinfo; do
	MNTNS_WITHOUT=$without is "of a namespace that has no process, without $without" \
		"$("$MNTNS" tree --list --raw /proc/$$/fd/7 | md5sum)" "$there"
done
refused "a process that is not there" 1 'there is no process 4000000' "$MNTNS" tree 4000000
refused "a file that is no mount namespace's" 1 'is no mount namespace' "$MNTNS" tree /proc/self/ns/net
exec 7<&-

# Mounts come and go, and their ids are used again, while they are read.
(while [ ! -e "$work/stop" ]; do
	for i in {1..8}; do mount -t tmpfs churn "$work/m/$i"; done
	for i in {1..8}; do umount "$work/m/$i"; done
done) &
churn=$!
for without in statmount mountinfo; do
	bad=0
	for _ in {1..150}; do MNTNS_WITHOUT=$without "$MNTNS" tree >"$work/out" 2>"$work/err" || { bad=1; cat "$work/err"; }; done
	is "a table that changes while it is read, without $without" "$bad" 0
done
touch "$work/stop"
wait $churn
ok "a table whose mounts change places, some thousand times" "$READ_CHURN" "$work/tables" 400

# A process in a chroot, and one over whose head something was mounted on /.
small() { "$MNTNS" tree -n -r -o target "$@" | wc -l; }
all=$(small self)
taskset -c 0 unshare -m --propagation slave chroot "$work/root" /bin/sleep 3611 &
pid=$!
until grep -q sleep "/proc/$pid/comm"; do sleep 0.01; done
for without in none statmount mountinfo; do
	MNTNS_WITHOUT=$without is "all mounts of a namespace whose process is in a chroot, without $without" \
		"$("$MNTNS" tree -n -r -o target "$pid" | grep -c "^$work/m")" 20
done
kill "$pid"
mount --make-rshared /
taskset -c 0 unshare -m --propagation slave sh -c 'mount -t tmpfs head /; exec sleep 3612' &
pid=$!
until grep -q sleep "/proc/$pid/comm"; do sleep 0.01; done
mount --make-rprivate /
for without in none statmount mountinfo; do
	MNTNS_WITHOUT=$without is "and below a mount on /, without $without" "$(small "$pid")" $((all + 1))
done
kill "$pid"
finish
