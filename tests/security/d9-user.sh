#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# D9, D10: an ordinary user's container asks for no more than the user has, and the program is not to be
# made setuid.
#
# A launcher with the setuid bit is attacked by its environment and arguments (CVE-2020-5291).
. "$(dirname "$0")/lib.sh"
chmod 777 "$work"
cp -a "$rootfs" "$work/user-root"
mkdir "$work/user" "$work/user/run"
mv "$work/user-root" "$work/user/rootfs"
rootless='no_namespace("network") | del(.linux.resources) | without("/dev/mqueue") | without("/sys") | .linux.namespaces += [{type: "user"}]
	| .linux.uidMappings = [{containerID: 0, hostID: 12345, size: 1}] | .linux.gidMappings = .linux.uidMappings'
sh_config 'cat /proc/self/setgroups; cut -d " " -f 1- /proc/self/uid_map | tr -s " "; cat /etc/none /proc/1/root'"$outside"'/file 2>/dev/null; :' "$rootless"
cp "$bundle/config.json" "$work/user/"
chown -R 12345:12345 "$work/user"
chmod 700 "$outside"
restore_outside
as=(setpriv --reuid 12345 --regid 12345 --clear-groups --inh-caps=-all env "HOME=$work/user" "XDG_RUNTIME_DIR=$work/user/run")
status=0
output=$(cd "$work/user" && timeout 10 "${as[@]}" "$OCI_RUNTIME" --root "$work/user/states" run --bundle "$work/user" "$id" </dev/null 2>&1) || status=$?
is "it runs, setgroups is denied, one user is mapped" "$status $(tr '\n' ' ' <<<"$output")" "0 deny  0 12345 1 "
is "the outside is as it was" "$(damage)" ""
output=$("${as[@]}" "$OCI_RUNTIME" --root "$states" state "$id" 2>&1) && fail "a user reads no state of root" "$output"
# 0 4294967295 is everybody.
jq '.linux.uidMappings[0] = {containerID: 0, hostID: 0, size: 1}' "$bundle/config.json" >"$work/user/config.json"
status=0
output=$(timeout 10 "${as[@]}" "$OCI_RUNTIME" --root "$work/user/states" run --bundle "$work/user" "$id" </dev/null 2>&1) || status=$?
unlike "the host's root cannot be mapped" "$status" '^0$'
jq '.linux.namespaces |= map(select(.type != "user")) | del(.linux.uidMappings, .linux.gidMappings)' "$bundle/config.json" >"$work/user/config.json"
status=0
output=$(timeout 10 "${as[@]}" "$OCI_RUNTIME" --root "$work/user/states" run --bundle "$work/user" "$id" </dev/null 2>&1) || status=$?
unlike "without a user namespace there is none, or the runtime makes one" "$status $output" '^0.* 0 4294967295'
case $OCI_RUNTIME in
*/mntns-oci)
	cp "$OCI_RUNTIME" "$work/setuid"
	chmod 4755 "$work/setuid"
	status=0
	output=$("${as[@]}" "$work/setuid" --root "$work/user/states" list 2>&1) || status=$?
	unlike "a setuid copy refuses to run" "$status" '^0$'
	like "and says so" "$output" setuid
	unlike "the installed one is not" "$(stat -c %a "$OCI_RUNTIME")" '^[24-7]...$'
	;;
esac
finish
