#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns-oci: exec, update, events, terminals.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
make_bundle "$work/bundle" '.process.args = ["sleep", "600"] | .root.readonly = false'
start() { # ID [JQ-FILTER]
	[ $# = 1 ] || change "$2"
	oci run --detach --bundle "$bundle" "$1" </dev/null >/dev/null 2>&1
}
# Takes the terminal of --console-socket, says what came through it.
cat >"$work/console.py" <<-'P'
	import array, os, socket, sys
	server = socket.socket(socket.AF_UNIX)
	server.bind(sys.argv[1])
	server.listen()
	connection = server.accept()[0]
	data, fds, _, _ = socket.recv_fds(connection, 100, 1)
	out = b""
	try:
	    while part := os.read(fds[0], 1000):
	        out += part
	except OSError:
	    pass
	sys.stdout.write(out.decode().replace("\r", ""))
P
console() { # starts the receiver, its output in $work/console
	rm -f "$work/socket"
	python3 "$work/console.py" "$work/socket" >"$work/console" &
	receiver=$!
	await test -S "$work/socket"
}

# --- exec ---
start a
init=$(oci state a | jq .pid)
is "its output and status" "$(oci exec a sh -c 'echo in; exit 5'; echo $?)" "in
5"
for kind in pid net ipc uts mnt cgroup; do
	is "the container's $kind namespace" "$(oci exec a readlink /proc/self/ns/$kind)" \
		"$(readlink "/proc/$init/ns/$kind")"
done
is "the container's cgroups" "$(oci exec a cat /proc/self/cgroup)" "$(oci exec a cat /proc/1/cgroup)"
is "the container's capabilities" "$(oci exec a grep Cap /proc/self/status)" "$(oci exec a grep Cap /proc/1/status)"
is "one more" "$(oci exec --cap CAP_SYS_PTRACE a grep CapEff /proc/self/status | cut -f2)" 0000000020080420
is "user, directory, variable" "$(oci exec --user 5:6 --cwd /etc --env A=b a sh -c 'id -u; id -g; pwd; echo $A' | tr '\n' ,)" "5,6,/etc,b,"
is "additional groups" "$(oci exec -u 5:6 -g 7 -g 8 a id -G)" "6 7 8"
echo '{"args": ["sh", "-c", "id -u; echo $X; pwd"], "cwd": "/bin", "user": {"uid": 9}, "env": ["X=y", "PATH=/bin"]}' >"$work/process"
is "a process from a file" "$(oci exec --process "$work/process" a | tr '\n' ,)" "9,y,/bin,"
refused "a program that is not there: 127" 127 'executable file not found' oci exec a nope
refused "one that cannot be executed: 126" 126 'permission denied' oci exec a /etc/passwd
refused "a file that is not there" 255 'No such file' oci exec --process "$work/none" a
echo '{"args": 3, "cwd": "/"}' >"$work/process"
refused "a process that is none" 255 'process.args: expected an array' oci exec --process "$work/process" a
refused "no program" 255 'expected a program' oci exec a
refused "what is not supported: another cgroup" 255 '--cgroup' oci exec --cgroup /x a true
oci exec --detach --pid-file "$work/pid" a sleep 300
is "detached, with its PID" "$(tr '\0' ' ' <"/proc/$(cat "$work/pid")/cmdline")" "sleep 300 "
is "is one of the container's" "$(oci ps --format json a | jq "index($(cat "$work/pid")) != null")" true
exec 7<"$work/process"
is "no descriptor is left over" "$(oci exec a sh -c 'ls /proc/self/fd | wc -l')" 4
exec 7<&-
is "but those that are to stay" "$(oci exec --preserve-fds 2 a sh -c 'cat <&3; cat <&4' 3<<<three 4<<<four | tr '\n' ,)" "three,four,"
oci pause a
refused "not in a paused one" 255 'container that is paused' oci exec a true
oci resume a
kill -STOP "$(oci ps --format json a | jq ".[1]")"
ok "one that is stopped does not matter" oci exec a true

# --- the program's own file ---
make_bundle "$work/waiting" '.process.args = ["true"]'
oci create --bundle "$work/waiting" --pid-file "$work/pid" w </dev/null >/dev/null 2>&1
waiting=$(cat "$work/pid")
refused "a process of ours cannot be written through its exe" 1 'Read-only file system' bash -c ": >/proc/$waiting/exe"
is "one that waits has no descriptor of the host's" "$(ls "/proc/$waiting/fd" | wc -l)" 4
refused "exec in one that was not started" 255 'container that is created' oci exec w true
oci delete w

# --- the first process ends while exec waits for its console's peer, and its PID is another's ---
cat >"$work/full.py" <<-'P'
	import os, socket, sys
	server = socket.socket(socket.AF_UNIX)
	server.bind(sys.argv[1])
	server.listen(0)
	first = socket.socket(socket.AF_UNIX)
	first.connect(sys.argv[1])
	open(sys.argv[2], "w").write("full")
	open(sys.argv[3]).read()
	server.accept()
	server.accept()[0].recv(1)
P
cat >"$work/again.py" <<-'P'
	import ctypes, os, sys
	tid = (ctypes.c_int * 1)(int(sys.argv[1]))
	# struct clone_args with exit_signal, set_tid, set_tid_size
	args = (ctypes.c_uint64 * 11)(0, 0, 0, 0, 17, 0, 0, 0, ctypes.addressof(tid), 1, 0)
	if ctypes.CDLL(None).syscall(435, args, ctypes.sizeof(args)) == 0:
	    os.execvp("sleep", ["sleep", "3601"])
	os.wait()
P
comm_is() { [ "$(cat "/proc/$init/comm" 2>/dev/null)" = "$1" ]; }
waits_for_peer() { grep -q unix_wait_for_peer "/proc/$execs/stack"; }
bundle=$work/bundle
start again
init=$(oci state again | jq .pid)
mkfifo "$work/go"
python3 "$work/full.py" "$work/full" "$work/is-full" "$work/go" &
await test -s "$work/is-full"
"$OCI" --root "$oci_root" exec --detach --tty --console-socket "$work/full" again sleep 3602 >"$work/out" 2>&1 &
execs=$!
ok "(exec waits)" await waits_for_peer
kill -9 "$init"
await comm_is ""
python3 "$work/again.py" "$init" &
ok "(the PID is another's)" await comm_is sleep
echo >"$work/go"
wait $execs
is "exec enters no other process" $? 255
like "and says why" "$(cat "$work/out")" "container not running"
kill -9 "$init"
oci delete --force again

# --- terminals ---
is "a terminal of its own" "$(on_terminal "$OCI --root $oci_root exec --tty a tty" </dev/null | tr -d '\000^@')" /dev/pts/0
console
ok "exec with a console socket" oci exec --detach --tty --console-socket "$work/socket" a sh -c 'tty; stty size'
wait $receiver
like "hands the terminal over" "$(cat "$work/console")" '^/dev/pts/[0-9]'
refused "a terminal that nobody holds" 255 'give --console-socket' oci exec --detach --tty a true
make_bundle "$work/terminal" '.process.terminal = true | .process.consoleSize = {height: 33, width: 99} | .process.args = ["sh", "-c", "tty; stty size; ls -l /dev/console | cut -c1"]'
refused "create with a terminal wants a socket" 1 'give --console-socket' oci create --bundle "$work/terminal" t
console
ok "create with a console socket" oci create --bundle "$work/terminal" --console-socket "$work/socket" t
oci start t
wait $receiver
is "the program has it, in the size that was given, and as /dev/console" "$(tr '\n' , <"$work/console")" "/dev/pts/0,33 99,c,"
oci delete --force t
is "run on the caller's terminal" "$(on_terminal "$OCI --root $oci_root run --bundle $work/terminal t2" </dev/null | tr -d '\000^@' | head -1)" /dev/pts/0
make_bundle "$work/terminal"
refused "a socket without a terminal" 1 'only with a terminal' oci create --bundle "$work/terminal" --console-socket /x t

# --- update, events ---
limit() { oci events --stats a | jq "$1"; }
ok "update by options" oci update --memory 64m --pids-limit 50 a
is "memory" "$(limit .data.memory.usage.limit)" 67108864
is "pids" "$(limit .data.pids.limit)" 50
echo '{"memory": {"limit": 33554432}, "pids": {"limit": 40}}' >"$work/resources"
ok "update from a file" oci update --resources "$work/resources" a
is "memory changed" "$(limit .data.memory.usage.limit)" 33554432
ok "update from standard input" sh -c "echo '{\"pids\": {\"limit\": 30}}' | '$OCI' --root '$oci_root' update -r - a"
is "pids changed" "$(limit .data.pids.limit)" 30
refused "a resource that is none" 1 'resources.pids.limit: expected an integer' \
	sh -c "echo '{\"pids\": {\"limit\": \"x\"}}' | '$OCI' --root '$oci_root' update -r - a"
ok "events are JSON" sh -c "'$OCI' --root '$oci_root' events --stats a | jq -e '.data.cpu.usage.total > 0'"
oci delete --force a

# --- exec in a user namespace, and under the container's filter ---
make_bundle "$work/bundle" '.process.args = ["sleep", "600"]'
chmod -R a+rX "$bundle"
start u '.linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 1000}] | .linux.gidMappings = .linux.uidMappings'
is "root of its user namespace" "$(oci exec u sh -c 'id -u; cat /proc/self/uid_map | tr -s " "' | tr '\n' ,)" "0, 0 100000 1000,"
oci delete --force u
make_bundle "$work/bundle" '.process.args = ["sleep", "600"] | .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO", errnoRet: 38}]}'
start s
like "the filter of the container holds for exec" "$(oci exec s mkdir /dev/x 2>&1)" 'Function not implemented'
oci delete --force s
for word in checkpoint restore; do
	refused "$word is refused, and its --help too" 1 'no CRIU' "$OCI" $word --help
done
is "nothing is left" "$(ls "$oci_root")" ""
finish
