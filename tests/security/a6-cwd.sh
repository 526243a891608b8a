#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A6: the working directory or the program leads out of the root, by a descriptor the caller left open.
#
# Debian's crun 1.8.1 reads the host's file through the caller's descriptor 9 (CVE-2024-21626).
# Seen here: it fails 10 of the 80 checks, runc 1.1.5 none.
. "$(dirname "$0")/lib.sh"
exec 9<"$outside" 11<"$outside/dir"
for n in $(seq 3 12); do
	for cwd in "/proc/self/fd/$n" "/link" "/proc/self/fd/$n/../../.." "/proc/thread-self/fd/$n" "/proc/1/fd/$n"; do
		[ -h "$rootfs/link" ] && rm "$rootfs/link"
		ln -s "/proc/self/fd/$n" "$rootfs/link"
		sh_config 'cat file real 2>/dev/null; cat ./dir/real ../file 2>/dev/null; :' '.process.cwd = $cwd' --arg cwd "$cwd"
		resists "cwd $cwd, link being /proc/self/fd/$n"
	done
	config '.process.args = [$program]' --arg program "/proc/self/fd/$n/../../../bin/cat"
	resists "a program below /proc/self/fd/$n"
	config '.process.args = [$program, "readlink", "/proc/self/exe"]' --arg program "/proc/self/fd/$n/../../../../..$(realpath /bin/busybox)"
	denied "no program of the host by /proc/self/fd/$n"
done
rm "$rootfs/link"
for cwd in "../../../..$outside" "$outside" "relative" "" /etc/passwd /none/../..; do
	sh_config 'cat file 2>/dev/null; :' '.process.cwd = $cwd' --arg cwd "$cwd"
	resists "cwd '$cwd'"
done

# The same for one that joins. The container sleeps.
sh_config 'sleep 60'
ok "a container to join" begin
for n in $(seq 3 12); do
	jq '.process | .cwd = $cwd | .args = ["/bin/sh", "-c", "cat file real 2>/dev/null; :"]' \
		--arg cwd "/proc/self/fd/$n" "$bundle/config.json" >"$work/process"
	output=$(timeout -s KILL 10 "$OCI_RUNTIME" --root "$states" exec --process "$work/process" "$id" </dev/null 2>&1)
	unlike "exec with cwd /proc/self/fd/$n" "$output" secret-of-the-host
	output=$(timeout -s KILL 10 "$OCI_RUNTIME" --root "$states" exec --cwd "/proc/self/fd/$n" "$id" \
		/bin/sh -c 'cat file real 2>/dev/null; :' </dev/null 2>&1)
	unlike "exec --cwd /proc/self/fd/$n" "$output" secret-of-the-host
done
jq '.process | .args = ["/bin/sh", "-c", "echo joined"]' "$bundle/config.json" >"$work/process"
is "the control: exec joins" "$(rt exec --process "$work/process" "$id" </dev/null 2>&1)" joined
is "the control: exec --cwd enters what is inside" "$(rt exec --cwd /etc "$id" /bin/sh -c 'echo *' </dev/null 2>&1)" "group passwd"
ok "its end" end
finish
