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
ends_wholly "create is killed while a hook hangs"
kill -9 "$(cat "$work/hook.pid")" 2>/dev/null
timeout 10 "$OCI" --root "$oci_root" run --bundle "$work/sleep" --detach "$id" </dev/null >/dev/null 2>&1
is "and the id is of use again" $? 0
ends_wholly "at last"

# --- a name that was left half-way ---
rm "$work/hook.pid"
"$OCI" --root "$oci_root" create --bundle "$work/hooked" "$id" </dev/null >/dev/null 2>&1 &
creator=$!
await test -s "$work/hook.pid"
refused "the name of one that is being made" 1 'exists already' oci create --bundle "$work/sleep" "$id"
kill -9 $creator
wait $creator 2>/dev/null
kill -9 "$(cat "$work/hook.pid")" 2>/dev/null
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
