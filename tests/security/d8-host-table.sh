#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Not a mount in the caller's namespace, even for an instant, by any command of a container's life.
#
# A runtime that mounts there and unmounts leaves it when it is killed between: crun 1.8.1 binds its own
# file. The kernel's mount events see what is too short for a look; before Linux 6.15 `mntns watch` polls.
. "$(dirname "$0")/lib.sh"
# Nothing of the test's own; nor may unpin unlink the machine's pin, which would end it there too.
unset MNTNS_RUNTIME_DIR
mount -t tmpfs tmpfs /run
config '.process.args = ["/bin/true"]'
# The pin of the template is once a boot.
launch
"$MNTNS" watch -n -r -o action,target,source self >"$work/seen" 2>"$work/err" &
watcher=$!
looks() { grep -q 'ep_poll\|do_epoll_wait' "/proc/$watcher/stack" 2>/dev/null; }
await looks
some='.mounts += [range(5) | plain("tmpfs"; "/mnt/\(.)"; [])] | .mounts += [bind($work + "/clean"; "/tmp/volume"; ["ro"])]'
config "$some"' | .linux.namespaces += [{type: "user"}] | del(.linux.resources) | .linux.uidMappings = [{containerID: 0, hostID: 0, size: 65536}]
	| .linux.gidMappings = .linux.uidMappings' --arg work "$work"
cp "$bundle/config.json" "$work/user.json"
config "$some" --arg work "$work"
cp "$bundle/config.json" "$work/plain.json"
began=0
for n in $(seq 100); do
	cp "$work/$([ $((n % 4)) = 0 ] && echo user || echo plain).json" "$bundle/config.json"
	timeout -s KILL 10 "$OCI_RUNTIME" --root "$states" run --bundle "$bundle" "$id" </dev/null >"$work/launched" 2>&1 && began=$((began + 1))
done
is "100 starts, a quarter with a user namespace" "$began $(cat "$work/launched")" "100 "
config '.process.args = ["/bin/sleep", "60"]'
ok "a container to join" begin
for n in $(seq 20); do rt exec "$id" /bin/true </dev/null >/dev/null 2>&1; done
rt pause "$id" 2>/dev/null && rt resume "$id"
end
# What it has seen is said before this. It looks after each event: a mount that is too short is "passed".
mkdir "$work/control"
seen() { grep -q "$1" "$work/seen"; }
mount -t tmpfs control "$work/control"
await seen attached.*control
umount "$work/control"
await seen detached.*control
is "nothing in the caller's namespace but the control" "$(awk '{ print $1, $NF }' "$work/seen")" "attached control
detached control"
for _ in $(seq 20); do mount -t tmpfs control "$work/control" && umount "$work/control"; done
await seen passed
like "the control: mounts that came and went are seen" "$(cat "$work/seen")" passed
kill -INT $watcher
wait $watcher
is "the watcher has no complaint" "$(cat "$work/err")" ""
finish
