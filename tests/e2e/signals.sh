#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Signals, terminals, the background: what passes between the caller and the program.
. "$(dirname "$0")/../lib/tap.sh"
make_root
before=$(table)

# Starts a box in the background and waits until its program says that it is ready.
start() { # SCRIPT [OPTIONS]
	local script=$1
	shift
	rm -f "$root/tmp/ready"
	# A shell that cannot control jobs has the background ignore SIGINT and SIGQUIT.
	env --default-signal "$MNTNS" run "$@" "$root" sh -c "$script" &
	pid=$!
	await test -e "$root/tmp/ready" || fail "the program gets ready: $script"
}
for signal in HUP INT USR1 USR2 TERM; do
	number=$(kill -l $signal)
	start "trap 'exit 3' $signal; touch /tmp/ready; while :; do sleep 0.01; done"
	kill -$signal $pid
	wait $pid
	is "$signal reaches a handler" $? 3
	start "touch /tmp/ready; while :; do sleep 0.01; done"
	kill -$signal $pid
	wait $pid
	is "$signal ends a PID 1 that has no handler" $? $((128 + number))
	start "touch /tmp/ready; while :; do sleep 0.01; done" --share pid
	kill -$signal $pid
	wait $pid
	is "$signal ends a program that is not PID 1" $? $((128 + number))
	start "trap 'exit 4' $signal; touch /tmp/ready; while :; do sleep 0.01; done" --init
	kill -$signal $pid
	wait $pid
	is "$signal passes through --init" $? 4
done
start "trap '' TERM; touch /tmp/ready; sleep 0.3; exit 5"
kill -TERM $pid
wait $pid
is "an ignored signal stays ignored" $? 5
start "touch /tmp/ready; sleep 1017"
kill -KILL $pid
wait $pid 2>/dev/null
no_sleeper() { ! pgrep -f 'sleep 1017'; }
ok "a killed mntns takes its program along" await no_sleeper
is "a reader that goes away ends the program" "$(run "$root" yes 2>/dev/null | head -n 1)" y
is "a caller that ignores SIGCHLD is told how it ended" \
	"$(timeout -s KILL 60 env --ignore-signal=CHLD "$MNTNS" run "$root" sh -c 'exit 3'; echo $?)" 3
masks() { "$@" grep -E 'SigBlk|SigIgn' /proc/self/status; }
is "blocked and ignored inside is what the caller has" "$(masks run "$root")" "$(masks env)"

# Terminals. script(1) gives the caller one.
tty_run() { on_terminal "$MNTNS run $*"; }
is "-t gives the program a terminal of the box" "$(tty_run -t "$root" tty)" /dev/pts/0
like "without -t it is the caller's, but not the controlling one" \
	"$(tty_run "$root" sh -c "'test -t 0 && (: </dev/tty) 2>&1'")" "can't open /dev/tty"
is "the window has the caller's size" \
	"$(on_terminal "stty rows 33 cols 77; $MNTNS run -t $root stty size")" "33 77"
is "/dev/console is the terminal" "$(tty_run -t "$root" sh -c "'stat -c %t /dev/console; stat -c %t /dev/pts/0'" | uniq)" 88
is "the status passes" "$(on_terminal "$MNTNS run -t $root sh -c 'exit 6'; echo \$?")" 6
is "the terminal is as it was before" \
	"$(on_terminal "stty -g >$work/a; $MNTNS run -t $root true; stty -g >$work/b"; cmp "$work/a" "$work/b" && echo same)" same
is "TERM is passed on" "$(TERM=vt52 tty_run -t "$root" sh -c "'echo \$TERM'")" vt52
is "-t works without a terminal outside" "$(run -t "$root" tty </dev/null | tr -d '\r')" /dev/pts/0
is "input typed reaches it" "$(printf 'hello\n' | run -t "$root" sh -c 'read x; echo got-$x' | tr -d '\r' | tail -n 1)" got-hello
is "all of a long output arrives" "$(run -t "$root" seq 20000 </dev/null | tr -d '\r' | cksum)" "$(seq 20000 | cksum)"

# In the background.
pid=$(run --detach --name sleeper "$root" sleep 1017)
ok "--detach prints the program's PID" kill -0 "$pid"
is "it is the box's PID 1" "$(awk '/^NSpid/ {print $3}' "/proc/$pid/status")" 1
refused "its name is taken" 125 "a running box has the name 'sleeper'" run --name sleeper "$root" true
kill -KILL "$pid"
ok "and free when it ended" await run --name sleeper "$root" true
refused "--detach reports a failed start" 127 "command 'nonesuch' not found" run --detach "$root" nonesuch
pid=$(run --detach "$root" sh -c 'trap "exit 0" TERM; while :; do sleep 0.01; done')
supervisor=$(awk '/^PPid/ {print $2}' "/proc/$pid/status")
kill -KILL "$supervisor"
sleep 0.2
ok "--detach survives its supervisor" kill -0 "$pid"
kill -KILL "$pid"
is "the caller's table is as it was" "$(table)" "$before"
finish
