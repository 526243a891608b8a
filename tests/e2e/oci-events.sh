#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# events as a stream, exec into cgroups below the container's, the help of each command.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
eventually() { # SENTENCE COMMAND…
	local sentence=$1
	shift
	await "$@" >/dev/null 2>&1
	ok "$sentence" "$@"
}
make_bundle "$work/b" '.process.args = ["/bin/sh", "-c", "while [ ! -e /go ]; do sleep 0.1; done; exec tail -c 200m /dev/zero"]
	| .linux.resources.memory = {limit: 16777216} | .root.readonly = false'
oci run --detach --bundle "$bundle" a </dev/null
oci events --interval 100ms a >"$work/events" &
stream=$!
lines() { [ "$(grep -c "\"type\":\"$1\"" "$work/events")" -ge "$2" ]; }
eventually "what it uses, again and again" lines stats 3
is "each is an object of a line" "$(jq -r 'select(.type == "stats") | .id' "$work/events" | sort -u)" a
ok "with its memory" [ "$(jq -s '.[0].data.memory.usage.usage' "$work/events")" -gt 0 ]
: >"$bundle/rootfs/go"
eventually "that its memory ran out" lines oom 1
wait "$stream"
is "the stream ends with the container" $? 0
refused "there is none of one that stopped" 1 'container a is stopped' oci events a
for bad in 0 -1 x 5h 1000000 ''; do
	refused "--interval '$bad'" 1 '--interval.*expected a time' oci events --interval "$bad" a
done
oci delete a

# --- cgroups below ---
make_bundle "$work/c" '.process.args = ["/bin/sleep", "1000"]'
oci run --detach --bundle "$bundle" c </dev/null
if [ -d /sys/fs/cgroup/memory ]; then
	one=memory: line=:memory:
	memory=$(jq -r '.cgroups[]? // empty' "$oci_root/c/state.json" | grep /memory/)
	[ -n "$memory" ] || memory=$(find /sys/fs/cgroup/memory -type d -name 'mntns-oci-c')
else # all is in the one hierarchy of v2, that has no name
	one= line=^0::
	memory=$(jq -r '.cgroups[0]' "$oci_root/c/state.json")
fi
mkdir "$memory/sub"
at() { oci exec "$@" c sh -c 'cat /proc/self/cgroup' | grep "$line"; }
like "exec --cgroup of one hierarchy" "$(at --cgroup $one/sub)" '/sub$'
unlike "leaves the others" "$(oci exec --cgroup $one/sub c cat /proc/self/cgroup | grep -v "$line")" '/sub$'
unlike "without it the container's own" "$(at)" '/sub$'
refused "one that is not there" 255 "expected a cgroup below the container's" oci exec --cgroup $one/none c true
refused "one outside" 255 'may not contain ..' oci exec --cgroup $one/../x c true
refused "a controller that is none" 255 'no nope hierarchy' oci exec --cgroup nope:/sub c true
[ -z "$one" ] || refused "all hierarchies, where one has none" 255 "expected a cgroup below the container's" oci exec --cgroup /sub c true
rmdir "$memory/sub"
oci pause c
refused "exec in one that is paused" 255 'cannot exec in a container that is paused' oci exec c true
oci exec --ignore-paused c true &
waiting=$!
sleep 0.3
ok "--ignore-paused waits" kill -0 "$waiting"
oci resume c
wait "$waiting"
is "until that ends" $? 0
oci delete --force c

# --- help ---
for command in create start run state kill delete list ps pause resume spec features exec update events; do
	like "$command --help" "$(oci "$command" --help)" "^Usage: mntns-oci $command"
done
refused "checkpoint --help tells that there is none" 1 'checkpoint is not supported' oci checkpoint --help
is "no state is left" "$(ls "$oci_root")" ""
finish
