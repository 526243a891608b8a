#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns-oci mounts: more mounts in a container that lives, and fewer; nothing of it on the host.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
make_bundle "$work/bundle" '.process.args = ["sleep", "600"] | .root.readonly = false'
start() { # ID [JQ-FILTER]
	[ $# = 1 ] || change "$2"
	oci run --detach --bundle "$bundle" "$1" </dev/null >/dev/null 2>&1
}
said() { # JSON: the file
	echo "$1" >"$work/mounts.json"
	echo "$work/mounts.json"
}
add() { oci mounts add "$1" "$(said "$2")"; }
remove() { oci mounts remove "$1" "$(said "$2")"; }
mounts_of() { # ID: all of the container's
	cat "/proc/$(oci state "$1" | jq .pid)/mountinfo"
}
options() { # ID TARGET: of the mount on top, and its type
	mounts_of "$1" | awk -v t="$2" '$5 == t { s = $6; for (i = 7; $i != "-"; i++); s = s " " $(i + 1) } END { print s }'
}
mkdir -p "$work/src/sub" "$work/outside"
echo data >"$work/src/file"
# The host's table at the beginning; it is held against that of each moment.
# The pin of the template is of no container.
table() { grep -v ' nsfs ' /proc/self/mountinfo; }
host=$(table)
same_host() { is "$1: the host's table is the same" "$(table)" "$host"; }

start a
before=$(mounts_of a)
like "a container with mounts" "$before" " /proc "

# --- add ---
ok "a bind" add a "[{\"destination\": \"/data\", \"source\": \"$work/src\", \"options\": [\"bind\"]}]"
is "its file, in the container" "$(oci exec a cat /data/file)" data
is "can be written to" "$(oci exec a touch /data/new && ls "$work/src/new")" "$work/src/new"
ok "a bind, read-only and more" add a "[{\"destination\": \"/deep/ro\", \"type\": \"bind\", \"source\": \"$work/src\", \"options\": [\"rbind\", \"ro\", \"nosuid\", \"nodev\", \"noexec\"]}]"
like "its attributes" "$(options a /deep/ro)" '^ro,nosuid,nodev,noexec'
refused "nothing is written there" 1 'Read-only' oci exec a touch /deep/ro/x
ok "a file" add a "[{\"destination\": \"/etc/one\", \"source\": \"$work/src/file\", \"options\": [\"bind\", \"ro\"]}]"
is "its content" "$(oci exec a cat /etc/one)" data
ok "a tmpfs" add a '[{"destination": "/scratch", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "size=64k", "mode=700"]}]'
like "its type and attributes" "$(options a /scratch)" '^rw,nosuid.* tmpfs$'
is "its size" "$(oci exec a df -k /scratch | awk 'NR == 2 { print $2 }')" 64
ok "two, one on the other" add a "[{\"destination\": \"/x\", \"type\": \"tmpfs\"}, {\"destination\": \"/x/y\", \"source\": \"$work/src\", \"options\": [\"bind\"]}]"
is "both" "$(oci exec a cat /x/y/file)" data
same_host "added"
is "the source's tree has no more mounts" "$(grep -c " $work/src" /proc/self/mountinfo)" 0

# --- all or nothing ---
now=$(mounts_of a)
refused "the second fails" 1 'mounts\[1\].*none.*No such file' add a "[{\"destination\": \"/n1\", \"type\": \"tmpfs\"}, {\"destination\": \"/n2\", \"source\": \"$work/none\", \"options\": [\"bind\"]}]"
is "and the first is not there" "$(mounts_of a)" "$now"
refused "the third fails where it is attached" 1 'mounts\[2\]' add a "[{\"destination\": \"/n1\", \"type\": \"tmpfs\"}, {\"destination\": \"/n1/file\", \"source\": \"$work/src/file\", \"options\": [\"bind\"]}, {\"destination\": \"/etc/passwd\", \"type\": \"tmpfs\"}]"
is "and the others are detached again" "$(mounts_of a)" "$now"
is "with the mount point that was made" "$(ls -d "$bundle/rootfs/n1" 2>&1)" "ls: cannot access '$bundle/rootfs/n1': No such file or directory"

# --- what is not reached ---
ln -s "$work/outside" "$bundle/rootfs/way"
ln -s ../../../../../../../.. "$bundle/rootfs/up"
for to in /way /way/new "/up$work/outside"; do
	refused "through a symbolic link: $to" 1 'mounts\[0\].*symbolic link' add a "[{\"destination\": \"$to\", \"type\": \"tmpfs\"}]"
done
is "nothing is made outside" "$(ls -A "$work/outside")" ""
refused "a destination with .." 1 'mounts\[0\].destination: may not contain \.\.' add a '[{"destination": "/../x", "type": "tmpfs"}]'
refused "the root" 1 'mounts\[0\].*root' add a '[{"destination": "/./", "type": "tmpfs"}]'
for type in proc sysfs mqueue devpts cgroup cgroup2; do
	refused "a $type" 1 "mounts\[0\].*$type.*namespaces" add a "[{\"destination\": \"/n\", \"type\": \"$type\"}]"
done
refused "on the container's proc" 1 'mounts\[0\].destination' add a '[{"destination": "/proc/sys", "type": "tmpfs"}]'
refused "an id map of a tmpfs" 1 'mounts\[0\].*id map' add a '[{"destination": "/n", "type": "tmpfs", "options": ["idmap"], "uidMappings": [{"containerID": 0, "hostID": 1, "size": 1}], "gidMappings": [{"containerID": 0, "hostID": 1, "size": 1}]}]'
grep -q selinuxfs /proc/filesystems ||
	refused "a label where there are none, though a ramfs would take it" 1 'mounts\[0\]: context=u:r:t:s0: this kernel runs without SELinux' add a '[{"destination": "/n", "type": "ramfs", "options": ["context=u:r:t:s0"]}]'
refused "no array" 1 'expected an array' add a '{}'
refused "no JSON" 1 'line [0-9]+, column' add a '['
refused "a file that is not there" 1 'No such file' oci mounts add a "$work/none"
refused "another word" 1 'expected add or remove' oci mounts list a "$work/mounts.json"
ok "none" add a '[]'
is "nothing is there of all this" "$(mounts_of a)" "$now"
same_host "refused"

# --- remove ---
refused "what is no mount point" 1 'mounts\[1\].*/etc is no mount point' remove a '[{"destination": "/data"}, {"destination": "/etc"}]'
is "and the first is still there" "$(mounts_of a)" "$now"
refused "what is not there" 1 'mounts\[0\].*No such file' remove a '[{"destination": "/none"}]'
refused "the root" 1 "mounts\[0\].*root stays" remove a '[{"destination": "//"}]'
ln -s /data "$bundle/rootfs/link"
ln -s / "$bundle/rootfs/top"
refused "a symbolic link to a mount point" 1 'no mount point' remove a '[{"destination": "/link"}]'
refused "a path through a symbolic link" 1 'symbolic link' remove a '[{"destination": "/top/data"}]'
oci exec --detach a sh -c 'cd /scratch && exec sleep 300' </dev/null >/dev/null 2>&1
ok "a busy tmpfs, with a file" remove a '[{"destination": "/scratch"}, {"destination": "/etc/one"}]'
ok "one with what is on it; the rest of the entry does not matter" remove a '[{"destination": "/x", "type": "nope", "options": 3}, {"destination": "/x/y"}]'
ok "the order does not matter" add a '[{"destination": "/x", "type": "tmpfs"}, {"destination": "/x/y", "type": "tmpfs"}]'
ok "the upper one first" remove a '[{"destination": "/x/y"}, {"destination": "/x"}]'
ok "the others" remove a '[{"destination": "/data"}, {"destination": "/deep/ro"}]'
is "all is as before" "$(mounts_of a)" "$before"
same_host "removed"
is "what was bound is not touched" "$(cat "$work/src/file")" data

# --- in which states ---
oci create --bundle "$bundle" b </dev/null >/dev/null 2>&1
is "one that is created, not started" "$(oci state b | jq -r .status)" created
ok "a tmpfs" add b '[{"destination": "/scratch", "type": "tmpfs"}]'
oci start b
like "is there when it runs" "$(options b /scratch)" 'tmpfs$'
oci kill b KILL
stopped() { [ "$(oci state b | jq -r .status)" = stopped ]; }
await stopped
refused "not in one that has stopped" 1 'stopped' add b '[{"destination": "/scratch", "type": "tmpfs"}]'
refused "not in none" 1 'none' add none '[]'
oci delete b

# --- with a user namespace ---
chmod 777 "$work/src"
make_bundle "$work/user" '.process.args = ["sleep", "600"] | .linux.namespaces += [{type: "user"}]
	| .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] | .linux.gidMappings = .linux.uidMappings'
chown -R 100000:100000 "$bundle/rootfs"
start u '.root.readonly = false'
ok "in a user namespace: a bind and a tmpfs" add u "[{\"destination\": \"/data\", \"source\": \"$work/src\", \"options\": [\"bind\", \"ro\"]}, {\"destination\": \"/scratch\", \"type\": \"tmpfs\"}]"
is "the bind" "$(oci exec u cat /data/file)" data
is "the tmpfs is of its root" "$(oci exec u stat -c %u /scratch)" 0
chown 0:0 "$work/src/file"
ok "with the container's id map" add u "[{\"destination\": \"/mapped\", \"source\": \"$work/src\", \"options\": [\"bind\", \"idmap\"]}]"
is "the host's root is the container's there" "$(oci exec u stat -c %u /mapped/file)" 0
now=$(mounts_of u)
refused "all or nothing there" 1 'mounts\[1\]' add u '[{"destination": "/n", "type": "tmpfs"}, {"destination": "/etc/passwd", "type": "tmpfs"}]'
is "nothing" "$(mounts_of u)" "$now"
ok "removed there" remove u '[{"destination": "/data"}, {"destination": "/scratch"}, {"destination": "/mapped"}]'
is "no more" "$(mounts_of u | grep -cE ' /(data|scratch|mapped) ')" 0
same_host "with a user namespace"

# --- an ordinary user's ---
user() { setpriv --reuid 12345 --regid 12345 --clear-groups --inh-caps=-all "$OCI" --root "$work/user-state" --cgroup-manager disabled "$@"; }
if setpriv --reuid 12345 --regid 12345 --clear-groups unshare -U true 2>/dev/null; then
	mkdir "$work/user-state"
	make_bundle "$work/own"
	rm "$bundle/config.json"
	chown -R 12345:12345 "$bundle" "$work/user-state"
	user spec --rootless --bundle "$bundle"
	change '.process.terminal = false | .process.args = ["sleep", "600"] | .root.readonly = false'
	user run --detach --bundle "$bundle" o </dev/null >/dev/null 2>&1
	said "[{\"destination\": \"/data\", \"source\": \"$work/src\", \"options\": [\"bind\", \"ro\"]}, {\"destination\": \"/scratch\", \"type\": \"tmpfs\"}]" >/dev/null
	ok "an ordinary user's: a bind and a tmpfs" user mounts add o "$work/mounts.json"
	is "the bind of an ordinary user" "$(user exec o cat /data/file)" data
	is "its tmpfs" "$(user exec o stat -f -c %T /scratch)" tmpfs
	ok "removed by him" user mounts remove o "$work/mounts.json"
	refused "once" 1 'mounts\[0\].*no mount point' user mounts remove o "$work/mounts.json"
	same_host "an ordinary user"
	user delete --force o
else
	skip "an ordinary user's" "no user namespaces for users here"
fi

# --- without a mount namespace of its own ---
make_bundle "$work/shared" '.process.args = ["sleep", "600"] | .root.readonly = false | .mounts = []
	| .linux.namespaces |= map(select(.type != "mount")) | del(.linux.maskedPaths, .linux.readonlyPaths)'
start s
is "a container in the host's mount namespace" "$(oci state s | jq -r .status)" running
refused "nothing is mounted in it" 1 'no mount namespace of its own' add s '[{"destination": "/scratch", "type": "tmpfs"}]'
refused "nor unmounted" 1 'no mount namespace of its own' remove s '[{"destination": "/proc"}]'
same_host "without one"
for id in a u s; do oci delete --force $id; done
finish
