#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns-oci: whoever a container depends on dies: its caller, its supervisor, the console's peer, a hook.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
me=${work##*.}
id=death-$me
mounts=$(table)
make_bundle "$work/sleep" '.process.args = ["/bin/sleep", "1000"]'
make_bundle "$work/terminal" '.process.args = ["/bin/sleep", "1000"] | .process.terminal = true'
make_bundle "$work/look" '.process.args = ["/bin/sh", "-c", "trap \"exit 5\" TERM; echo up; while :; do sleep 0.05; done"]'
status_of() { oci state "$id" 2>/dev/null | jq -r .status; }
left() { compgen -G "/sys/fs/cgroup/*/mntns-oci-$id"; ls -A "$oci_root"; }
is_status() { [ "$(status_of)" = "$1" ]; }
ends_wholly() { # NAME: `delete --force` does
	pid=$(oci state "$id" 2>/dev/null | jq .pid)
	ok "$1: delete --force" timeout 20 "$OCI" --root "$oci_root" delete --force "$id"
	[ "${pid:-0}" = 0 ] || ok "$1: its process is gone" await process_is_gone "$pid"
	is "$1: nothing is left" "$(left)" ""
}

# --- the caller of create ---
bash -c '"$@"; kill -9 $$' - "$OCI" --root "$oci_root" create --bundle "$work/sleep" "$id" </dev/null >/dev/null 2>&1
is "the caller of create is dead: the container waits" "$(status_of)" created
ok "another starts it" oci start "$id"
is "and it runs" "$(status_of)" running
ends_wholly "after the caller's death"

# --- who runs it in the foreground ---
for signal in KILL TERM; do
	"$OCI" --root "$oci_root" run --bundle "$work/look" "$id" </dev/null >"$work/out" 2>"$work/err" &
	supervisor=$!
	await grep -q up "$work/out"
	kill -s $signal $supervisor
	wait $supervisor 2>/dev/null
	status=$?
	if [ $signal = TERM ]; then
		is "run passes SIGTERM on, and its status back" "$status" 5
	else
		is "run is killed" "$status" 137
		like "its container has a state" "$(status_of)" '^(running|stopped)$'
		echo "# run was killed: the container is $(status_of)"
	fi
	ends_wholly "run, $signal"
done

make_bundle "$work/five" '.process.args = ["sh", "-c", "exit 5"]'
is "run is told how it ended where its caller ignores SIGCHLD" \
	"$(timeout -s KILL 60 env --ignore-signal=CHLD "$OCI" --root "$oci_root" run --bundle "$work/five" "$id" </dev/null; echo $?)" 5

# --- who runs it holds nobody up ---
"$OCI" --root "$oci_root" run --bundle "$work/sleep" "$id" </dev/null 2>"$work/err" &
supervisor=$!
await is_status running
ok "pause beside run" timeout 10 "$OCI" --root "$oci_root" pause "$id"
ok "resume beside run" timeout 10 "$OCI" --root "$oci_root" resume "$id"
ends_wholly "beside run"
wait $supervisor
is "run tells how it ended" $? 137

# --- the console's peer ---
fails() { # NAME PATTERN COMMAND…: within 10 s, saying so, leaving nothing
	local name=$1 pattern=$2
	shift 2
	timeout -s KILL 10 "$OCI" --root "$oci_root" "$@" </dev/null >"$work/out" 2>"$work/err"
	is "$name: fails" $? 1
	like "$name: says so" "$(cat "$work/err")" "$pattern"
	is "$name: nothing is left" "$(left)" ""
}
fails "no console socket" "$work/nobody" create --bundle "$work/terminal" --console-socket "$work/nobody" "$id"
python3 -c 'import socket, sys; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen()' "$work/dead"
fails "a console socket whose owner is dead" "$work/dead" create --bundle "$work/terminal" --console-socket "$work/dead" "$id"
for peer in 'c.close(); s.close()' 'pass'; do # at once, and never reading
	rm -f "$work/peer"
	python3 -c "import socket, sys, time
s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen()
c = s.accept()[0]
$peer
time.sleep(100)" "$work/peer" &
	listener=$!
	await test -S "$work/peer"
	timeout -s KILL 10 "$OCI" --root "$oci_root" create --bundle "$work/terminal" --console-socket "$work/peer" "$id" \
		</dev/null >/dev/null 2>"$work/err"
	status=$?
	# Whether the terminal got away before the peer did is a race; a hang or silence is neither way.
	[ $status = 0 ] || { [ $status = 1 ] && [ -s "$work/err" ]; }
	is "peer does '$peer': success, or an error that says so" $? 0
	kill $listener
	wait $listener 2>/dev/null
	ends_wholly "peer does '$peer'"
done

# --- hooks ---
hook() { make_bundle "$work/hooked" ".process.args = [\"/bin/sleep\", \"1000\"] | .hooks.$1 = [$2]"; }
hook createRuntime '{path: "/bin/sleep", args: ["sleep", "1000"], timeout: 1}'
fails "a hook that hangs" 'createRuntime: hook /bin/sleep' create --bundle "$work/hooked" "$id"
hook createRuntime '{path: "/bin/sh", args: ["sh", "-c", "kill -9 $$"]}'
fails "a hook that is killed" 'createRuntime: hook /bin/sh.*(9|SIGKILL)' create --bundle "$work/hooked" "$id"
hook createRuntime "{path: \"/bin/sh\", args: [\"sh\", \"-c\", \"echo \$\$ >$work/hook.pid; exec sleep 1000\"]}"
"$OCI" --root "$oci_root" create --bundle "$work/hooked" "$id" </dev/null >/dev/null 2>&1 &
creator=$!
await test -s "$work/hook.pid"
kill -9 $creator
wait $creator 2>/dev/null
ok "create is killed while a hook hangs: the hook goes with it" await process_is_gone "$(cat "$work/hook.pid")"
ends_wholly "create is killed while a hook hangs"

# --- signals that end nobody ---
hook startContainer '{path: "/bin/sh", args: ["sh", "-c", "echo >/up; until [ -e /go ]; do sleep 0.05; done"]}'
change '.process.args = ["sh", "-c", "exit 5"] | .root.readonly = false'
"$OCI" --root "$oci_root" run --bundle "$work/hooked" "$id" </dev/null 2>"$work/err" &
supervisor=$!
await test -s "$bundle/rootfs/up"
kill -CONT $supervisor
kill -WINCH $supervisor
touch "$bundle/rootfs/go"
wait $supervisor
is "run is stopped and continued before its program: that runs" $? 5

# --- who works on it does not end: whoever must have it ends him ---
hangs() { # NAME COMMAND…: it runs the hook, which says its PID; `delete --force` is not kept waiting
	local name=$1
	shift
	rm -f "$work/hook.pid"
	timeout 100 "$OCI" --root "$oci_root" "$@" </dev/null >/dev/null 2>&1 &
	hanging=$!
	await test -s "$work/hook.pid" || fail "$name: its hook runs"
	is "$name: state is told" "$(timeout 5 "$OCI" --root "$oci_root" state "$id" | jq -r .id)" "$id"
	hook_pid=$(cat "$work/hook.pid")
	ends_wholly "$name"
	wait $hanging 2>/dev/null
	is "$name: who ran it was killed" $? 137
	[ "$hook_pid" = inside ] || ok "$name: the hook is gone" await process_is_gone "$hook_pid"
}
say_and_hang='{path: "/bin/sh", args: ["sh", "-c", "echo $$ >'$work/hook.pid'; exec sleep 3600"]}'
hook createRuntime "$say_and_hang"
hangs "create hangs in createRuntime" create --bundle "$work/hooked" "$id"
hangs "run hangs in createRuntime" run --bundle "$work/hooked" "$id"
hook createContainer "${say_and_hang/'$$'/inside}"
hangs "create hangs in createContainer" create --bundle "$work/hooked" "$id"
hook poststart "$say_and_hang"
oci create --bundle "$work/hooked" "$id" </dev/null >/dev/null
hangs "start hangs in poststart" start "$id"
hook poststop "$say_and_hang"
rm -f "$work/hook.pid"
oci create --bundle "$work/hooked" "$id" </dev/null >/dev/null
timeout 100 "$OCI" --root "$oci_root" delete --force "$id" &
deleter=$!
await test -s "$work/hook.pid"
ok "delete hangs in poststop: another has nothing to do" timeout 3 "$OCI" --root "$oci_root" delete --force "$id"
is "and nothing is left" "$(left)" ""
kill -9 "$(cat "$work/hook.pid")"
wait $deleter
is "a failed poststop hook fails no delete" $? 0

# --- the container's process is stopped before its start ---
oci create --bundle "$work/sleep" "$id" </dev/null >/dev/null 2>&1
kill -STOP "$(oci state "$id" | jq .pid)"
refused "start of what is stopped" 1 'did not answer in 10 s' timeout 20 "$OCI" --root "$oci_root" start "$id"
kill -CONT "$(oci state "$id" | jq .pid)"
is "it was not started by that" "$(sleep 0.2; status_of)" created
ok "and can be still" oci start "$id"
ends_wholly "stopped before its start"

# One that works and does not hang is waited for.
hook createRuntime '{path: "/bin/sleep", args: ["sleep", "2"]}'
"$OCI" --root "$oci_root" create --bundle "$work/hooked" "$id" </dev/null >/dev/null 2>&1 &
creator=$!
await test -e "$oci_root/$id/state.json"
ends_wholly "create is slow"
wait $creator
is "create is slow: it was not killed" $? 0
timeout 10 "$OCI" --root "$oci_root" run --bundle "$work/sleep" --detach "$id" </dev/null >/dev/null 2>&1
is "and the id is of use again" $? 0
ends_wholly "at last"

# --- a name that was left half-way ---
rm -f "$work/hook.pid"
hook createRuntime "$say_and_hang"
"$OCI" --root "$oci_root" create --bundle "$work/hooked" "$id" </dev/null >/dev/null 2>&1 &
creator=$!
await test -s "$work/hook.pid"
refused "the name of one that is being made" 1 'exists already' oci create --bundle "$work/sleep" "$id"
kill -9 $creator
wait $creator 2>/dev/null
again() { timeout 10 "$OCI" --root "$oci_root" run --bundle "$work/sleep" --detach "$id" </dev/null >/dev/null 2>"$work/err"; }
await again
is "a creation that was killed leaves the name free, once its process is gone" "$(status_of)" running
rm "$oci_root/$id/state.json"
again
is "but not one that runs and whose record is lost" "$? $(cat "$work/err")" \
	"1 mntns-oci: container with id $id exists already: '$oci_root/$id'"
ends_wholly "and it"
is "the caller's table is as it was" "$(table)" "$mounts"
finish
