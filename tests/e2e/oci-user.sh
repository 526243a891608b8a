#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What an ordinary user's containers can do: hooks inside, a seccomp listener, namespaces that are there.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
chmod 755 "$work"
make_root "$work/bundle/rootfs"
bundle=$work/bundle
chown -R 12345:12345 "$work"
user() { setpriv --reuid 12345 --regid 12345 --clear-groups --inh-caps=-all "$@"; }
# user_sh SCRIPT [JQ-FILTER]
user_sh() {
	rm -f "$bundle/config.json"
	user "$OCI" spec --rootless --bundle "$bundle"
	change ".process.terminal = false | .process.args = [\"/bin/sh\", \"-c\", $(jq -Rn --arg s "$1" '$s')]${2:+ | $2}"
	user "$OCI" --root "$work/state" --cgroup-manager disabled run --bundle "$bundle" "u$$-$((++containers))" </dev/null
}
if ! user unshare -U true 2>/dev/null; then
	skip "an ordinary user's container" "no user namespaces for users here"
	finish
fi

is "a container" "$(user_sh 'id -u')" 0
is "createContainer" "$(user_sh 'echo program' \
	".hooks.createContainer = [{path: \"/bin/sh\", args: [\"sh\", \"-c\", \"id -u; ls $bundle/rootfs/dev/null\"]}]" | tr '\n' ' ')" \
	"0 $bundle/rootfs/dev/null program "
is "startContainer" "$(user_sh 'echo program' '.hooks.startContainer = [{path: "/bin/echo", args: ["echo", "hook"]}]' | tr '\n' ' ')" "hook program "
# A function in the background would be one shell more.
setpriv --reuid 12345 --regid 12345 --clear-groups /usr/bin/python3 "$source_root/tests/tools/seccomp-agent.py" "$work/agent" "$work/states" 17 &
agent=$!
await test -S "$work/agent"
is "a seccomp listener" "$(user_sh 'mkdir /tmp/d' ".linux.seccomp = {defaultAction: \"SCMP_ACT_ALLOW\", listenerPath: \"$work/agent\", syscalls: [{names: [\"mkdir\", \"mkdirat\"], action: \"SCMP_ACT_NOTIFY\"}]}" 2>&1)" \
	"mkdir: can't create directory '/tmp/d': File exists"
kill $agent
is "priorities that need no privilege, a personality" "$(user_sh 'uname -m; cut -d" " -f19 /proc/self/stat' \
	'.linux.personality = {domain: "LINUX32"} | .process.scheduler = {policy: "SCHED_BATCH", nice: 19} | .process.ioPriority = {class: "IOPRIO_CLASS_BE", priority: 7}' | tr '\n' ,)" "i686,19,"
refused "not those that do" 1 'process.scheduler: ' user_sh true '.process.scheduler = {policy: "SCHED_OTHER", nice: -3}'
is "a FIFO" "$(user_sh 'stat -c %F /dev/p' '.linux.devices = [{path: "/dev/p", type: "p"}]')" fifo
mkdir "$work/other"
cp -a "$bundle/rootfs/." "$work/other"
echo other >"$work/other/etc/which"
is "a mount on /" "$(user_sh 'cat /etc/which' ".mounts |= [{destination: \"/\", type: \"bind\", source: \"$work/other\", options: [\"bind\"]}] + .")" other
setpriv --reuid 12345 --regid 12345 --clear-groups unshare -U -r sleep 600 &
holder=$!
mapped() { [ -n "$(cat /proc/$holder/uid_map)" ] && [ "$(readlink /proc/$holder/ns/user)" != "$(readlink /proc/self/ns/user)" ]; }
await mapped
is "a user namespace by path" "$(user_sh 'id -u; readlink /proc/self/ns/user' \
	"del(.linux.uidMappings, .linux.gidMappings) | (.linux.namespaces[] | select(.type == \"user\")).path = \"/proc/$holder/ns/user\"" | tr '\n' ,)" \
	"0,$(readlink /proc/$holder/ns/user),"
refused "not one that is another's" 1 'namespaces: user: ' user_sh true \
	"del(.linux.uidMappings, .linux.gidMappings) | (.linux.namespaces[] | select(.type == \"user\")).path = \"/proc/1/ns/user\""
kill $holder
# As below podman; where a template may be pinned, as nothing of procfs would be in sight of it.
user_sh true 'del(.linux.uidMappings, .linux.gidMappings) | .linux.namespaces |= map(select(.type != "user"))'
user mkdir -m 700 "$work/template"
is "by root of a user namespace" "$(user unshare -U -r -m env MNTNS_RUNTIME_DIR="$work/template" "$OCI" --root "$work/state" --cgroup-manager disabled \
	run --bundle "$bundle" r </dev/null 2>&1)" ""
# The rules that nothing can enforce for it are no error, and none is left to be told at the end.
user_sh true 'del(.linux.uidMappings, .linux.gidMappings) | .linux.namespaces |= map(select(.type != "user"))
	| .linux.resources.devices = [{allow: false, access: "rwm"}]'
ok "with rules about devices" user unshare -U -r -m env MNTNS_RUNTIME_DIR="$work/template" "$OCI" --root "$work/state" \
	run --bundle "$bundle" r
is "no state is left" "$(ls "$work/state")" ""
finish
