#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# linux.seccomp: actions, flags, and somebody outside who answers (SCMP_ACT_NOTIFY).
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
make_bundle

# rule ACTION [MORE] [NAMES]: of seccomp: all is allowed but mkdir
rule() {
	echo ".root.readonly = false | .linux.seccomp = ({defaultAction: \"SCMP_ACT_ALLOW\", syscalls: [{names: ${3:-[\"mkdir\", \"mkdirat\"]}, action: \"$1\"}]} + {${2:-}})"
}
rm -rf "$bundle/rootfs/tmp/d"
is "ERRNO without a number is EPERM" "$(sh_in 'mkdir /tmp/d' "$(rule SCMP_ACT_ERRNO)" 2>&1)" \
	"mkdir: can't create directory '/tmp/d': Operation not permitted"
for action in KILL KILL_THREAD KILL_PROCESS TRAP; do
	sh_in '(mkdir /tmp/d) 2>/dev/null; echo $?' "$(rule SCMP_ACT_$action)" >"$work/out"
	is "$action is SIGSYS" "$(cat "$work/out")" 159
done
is "TRACE without a tracer is ENOSYS" "$(sh_in 'mkdir /tmp/d' "$(rule SCMP_ACT_TRACE)" 2>&1)" \
	"mkdir: can't create directory '/tmp/d': Function not implemented"
for action in ALLOW LOG; do
	is "$action lets it be" "$(sh_in 'mkdir /tmp/d && rmdir /tmp/d && echo made' "$(rule SCMP_ACT_$action)")" made
done
is "a default action with its number" "$(sh_in 'mkdir /tmp/d 2>&1' '.root.readonly = false | .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["mkdirat", "mkdir"], action: "SCMP_ACT_ERRNO", errnoRet: 30}]}')" \
	"mkdir: can't create directory '/tmp/d': Read-only file system"
is "an argument" "$(sh_in 'kill -0 1; kill -0 2' '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["kill"], action: "SCMP_ACT_ERRNO", errnoRet: 95, args: [{index: 0, value: 1, op: "SCMP_CMP_EQ"}]}]}' 2>&1 |
	sed 's/.*: //' | tr '\n' ,)" "Operation not supported,No such process,"
is "other architectures too" "$(sh_in 'grep Seccomp_filters /proc/self/status | cut -f2' \
	"$(rule SCMP_ACT_ERRNO 'architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"]')")" 1
for flag in LOG SPEC_ALLOW TSYNC; do
	is "the flag $flag" "$(sh_in 'grep Seccomp: /proc/self/status | cut -f2' \
		"$(rule SCMP_ACT_ERRNO "flags: [\"SECCOMP_FILTER_FLAG_$flag\"]")")" 2
done
# What keeps speculation as it is shows: without the flag a filter turns the mitigation on.
is "SPEC_ALLOW leaves speculation as it was" "$(sh_in 'grep ^Speculation_Store_Bypass /proc/self/status' "$(rule SCMP_ACT_ERRNO 'flags: ["SECCOMP_FILTER_FLAG_SPEC_ALLOW"]')")" \
	"$(grep ^Speculation_Store_Bypass /proc/self/status)"

# --- notify ---
socket=$work/agent.sock states=$work/states
agent() { # CODE: one that answers with it
	rm -f "$socket" "$states"
	python3 "$source_root/tests/tools/seccomp-agent.py" "$socket" "$states" "$1" &
	agent=$!
	await test -S "$socket"
}
notify=$(rule SCMP_ACT_NOTIFY "listenerPath: \"$socket\", listenerMetadata: \"a=1\"")
agent 17
is "who listens answers" "$(sh_in 'mkdir /tmp/d' "$notify" 2>&1)" "mkdir: can't create directory '/tmp/d': File exists"
is "he is told of the process" "$(jq -r '.fds[0], .metadata, .ociVersion, (.state.id | split("-")[0]), .state.status, .state.bundle' "$states" | tr '\n' ,)" \
	"seccompFd,a=1,1.2.0,c$$,created,$bundle,"
ok "and which it is" test "$(jq .pid "$states")" -gt 1
is "which is the container's" "$(jq .pid "$states")" "$(jq .state.pid "$states")"
: >"$states"
make_bundle "$bundle" "$notify | .process.args = [\"/bin/sh\", \"-c\", \"mkdir /tmp/d; sleep 100\"]"
oci create --bundle "$bundle" n1 </dev/null 2>"$work/errors"
is "by create: nothing is sent yet" "$(cat "$states")" ""
oci start n1
await test -s "$work/errors"
is "by start" "$(cat "$work/errors")" "mkdir: can't create directory '/tmp/d': File exists"
is "with one message" "$(jq -r .state.id "$states")" n1
is "exec has a listener of its own" "$(oci exec n1 mkdir /tmp/e 2>&1 | head -1)" "mkdir: can't create directory '/tmp/e': File exists"
is "with the status of then" "$(tail -1 "$states" | jq -r .state.status)" running
ok "and its own PID" test "$(tail -1 "$states" | jq .pid)" != "$(tail -1 "$states" | jq .state.pid)"
oci delete --force n1
is "a startContainer hook is asked for as well" \
	"$(sh_in true "$notify | .hooks.startContainer = [{path: \"/bin/mkdir\", args: [\"mkdir\", \"/tmp/h\"]}]" 2>&1 | grep -c 'File exists')" 1
for more in WAIT_KILLABLE_RECV TSYNC LOG; do
	is "with the flag $more" "$(sh_in 'mkdir /tmp/d' "$notify | .linux.seccomp.flags = [\"SECCOMP_FILTER_FLAG_$more\"]" 2>&1)" \
		"mkdir: can't create directory '/tmp/d': File exists"
done
is "with capabilities given up behind it" "$(sh_in 'mkdir /tmp/d' "$notify | .process.noNewPrivileges = false" 2>&1)" \
	"mkdir: can't create directory '/tmp/d': File exists"
kill "$agent"; wait "$agent" 2>/dev/null
agent 0
is "all that the runtime itself calls may be asked for" \
	"$(sh_in 'echo alive' "$notify | .process.noNewPrivileges = false | .linux.seccomp.syscalls[0].names = [\"sendmsg\", \"write\", \"recvmsg\", \"close\", \"capset\", \"prctl\", \"wait4\", \"execve\", \"munmap\", \"exit_group\"]" 2>&1)" alive
is "or all there is" "$(sh_in 'echo alive' "$notify | .linux.seccomp |= (.defaultAction = \"SCMP_ACT_NOTIFY\" | del(.syscalls))" 2>&1)" alive
kill "$agent"; wait "$agent" 2>/dev/null
refused "nobody listens: run says so" 1 "linux.seccomp.listenerPath: $socket: Connection refused" sh_in true "$notify"
make_bundle "$bundle" "$notify"
oci create --bundle "$bundle" n2 </dev/null
refused "nor with start" 1 "linux.seccomp.listenerPath: $socket: Connection refused" oci start n2
sleep 0.2
is "which stops the container" "$(oci state n2 | jq -r .status)" stopped
oci delete n2
refused "notify wants a listener" 1 'linux.seccomp.listenerPath: is missing' sh_in true "$(rule SCMP_ACT_NOTIFY)"
refused "metadata too" 1 'linux.seccomp.listenerMetadata: needs a listenerPath' sh_in true "$(rule SCMP_ACT_ERRNO 'listenerMetadata: "x"')"
refused "its path is absolute" 1 'listenerPath: expected an absolute path' sh_in true "$(rule SCMP_ACT_NOTIFY 'listenerPath: "x"')"
is "without notify the path is of no matter" "$(sh_in 'echo alive' "$(rule SCMP_ACT_ERRNO 'listenerPath: "/no/such"')")" alive
refused "flags that are none" 1 "linux.seccomp.flags\[0\]: 'X' is no flag" sh_in true "$(rule SCMP_ACT_ERRNO 'flags: ["X"]')"
is "a flag for listeners only is left out where there is none" \
	"$(sh_in 'echo alive' "$(rule SCMP_ACT_ERRNO 'flags: ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]')" 2>/dev/null)" alive

# --- programs that are kept ---
rm -rf "$oci_root/.filters"
denies() { sh_in 'mkdir /tmp/kept 2>&1; rmdir /tmp/kept 2>/dev/null; :' "$(rule SCMP_ACT_ERRNO)" 2>&1; }
kept=$oci_root/.filters
like "a filter is made" "$(denies)" 'not permitted'
deny=$(ls "$kept")
is "and kept, for the runtime's user alone" "$(stat -c %a "$kept" "$kept/$deny" | xargs)" "700 600"
before=$(stat -c %i "$kept/$deny")
like "the next start takes it" "$(denies)" 'not permitted'
is "as it is" "$(stat -c %i "$kept/$deny")" "$before"
for byte in 0 8 16 40 -9 -1; do
	python3 -c 'import sys; f = open(sys.argv[1], "r+b"); at = int(sys.argv[2]); f.seek(at, 2 if at < 0 else 0); b = f.read(1); f.seek(-1, 1); f.write(bytes([b[0] ^ 1]))' "$kept/$deny" "$byte"
	like "one with a damaged byte $byte is made anew" "$(denies)" 'not permitted'
done
for size in 0 10 100; do
	truncate -s "$size" "$kept/$deny"
	like "likewise one that was cut to $size" "$(denies)" 'not permitted'
done
sh_in true "$(rule SCMP_ACT_LOG)" 2>/dev/null
other=$(ls "$kept" | grep -v "$deny")
cp "$kept/$other" "$kept/$deny"
like "one of other rules is not taken" "$(denies)" 'not permitted'
# A start that is killed in the middle of it: by a limit of a file's size, before the last byte.
size=$(stat -c %s "$kept/$deny")
rm "$kept"/*
make_bundle "$bundle" "$(rule SCMP_ACT_ERRNO)"
(ulimit -c 0; prlimit --fsize=$((size - 1)) "$OCI" --root "$oci_root" run --bundle "$bundle" cut </dev/null >/dev/null 2>&1)
is "one that is killed while it writes dies of that" $? $((128 + $(kill -l XFSZ)))
is "and leaves nothing" "$(ls -A "$kept")" ""
: >"$kept/.$deny.77"
like "what an older version left" "$(denies)" 'not permitted'
is "goes with the next that is kept" "$(ls -A "$kept")" "$deny"
rm -rf "$kept"
mkdir -m 777 "$kept"
chmod 777 "$kept"
denies >/dev/null
is "nor is anything kept where others may write" "$(ls "$kept")" ""
rm -rf "$kept"
mkdir -m 700 "$kept"
for i in {1..40}; do : >"$kept/$i"; done
denies >/dev/null
is "there is an end to how many are kept" "$(ls "$kept" | wc -l)" 1
is "no state is left" "$(ls "$oci_root")" ""
finish
