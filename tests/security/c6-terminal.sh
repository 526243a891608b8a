#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# C6: the container types into the caller's terminal, or writes escapes into its messages.
#
# TIOCSTI works on this kernel when it is allowed, as the control shows: a container in the caller's
# session types commands for the caller's shell (CVE-2017-5226, CVE-2019-10063).
. "$(dirname "$0")/lib.sh"
cp "$INTRUDER" "$rootfs/bin/intruder"
[ "$(cat /proc/sys/dev/tty/legacy_tiocsti 2>/dev/null || echo 1)" = 1 ] && live=1
if [ -n "${live:-}" ]; then
	like "the control: without a container it types" "$(on_terminal "$INTRUDER type")" 'typed into standard input'
fi
config '.process.args = ["/bin/intruder", "type"]'
output=$(on_terminal "$OCI_RUNTIME --root $states run --bundle $bundle $id")
like "it tried" "$output" tried
unlike "the caller's terminal cannot be typed into" "$output" 'typed into|pasted into'
sh_config 'echo $(cut -d " " -f 6,7 /proc/self/stat)'
output=$(on_terminal "$OCI_RUNTIME --root $states run --bundle $bundle $id")
unlike "no terminal controls it" "$output" '^[0-9]+ [1-9]'
sh_config 'sleep 60'
ok "a container to join" begin
jq '.process | .args = ["/bin/intruder", "type"]' "$bundle/config.json" >"$work/process"
output=$(on_terminal "$OCI_RUNTIME --root $states exec --process $work/process $id")
like "one that joins tried" "$output" tried
unlike "nor can one that joins type into it" "$output" 'typed into|pasted into'
end
escape=$'\e]0;pwn\a\e[2J'
for where in '.process.args = [$e]' '.process.cwd = "/" + $e' 'add_mount(bind($e; "/mnt"; []))' '.hostname = $e * 50' \
	'.linux.sysctl = {($e): "1"}' '.process.user.uid = $e' '.root.path = $e' 'add_mount(plain($e; "/mnt"; []))' \
	'add_mount(plain("tmpfs"; "/mnt"; [$e]))' '.linux.namespaces += [{type: $e}]' '.process.capabilities.bounding = [$e]'; do
	config "$where" --arg e "$escape"
	launch
	unlike "no escape in the message: $where" "$output" $'\e|\a'
done
status=0
output=$(rt state "x$escape" 2>&1; rt "$escape" 2>&1; rt run --bundle "/$escape" "$id" 2>&1; rt kill "$id" "$escape" 2>&1)
unlike "nor of the command line" "$output" $'\e|\a'
finish
