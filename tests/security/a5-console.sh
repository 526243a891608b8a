#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A5: the console is made or bound through links of the root, or the peer is opened by its path inside.
#
# A runtime that opens /dev/pts/N or makes /dev/console by path opens, binds over or truncates what is
# planted there (CVE-2025-52565). The control sees a terminal that works.
. "$(dirname "$0")/lib.sh"
"$CONSOLE" "$work/socket" >"$work/said" &
await test -S "$work/socket"
terminal='.process.terminal = true'
# create and start with the console; `output` is what the container wrote on it.
launch() {
	: >"$work/said"
	timeout -s KILL 10 "$OCI_RUNTIME" --root "$states" create --bundle "$bundle" \
		--console-socket "$work/socket" "$id" </dev/null >"$work/launched" 2>&1
	status=$?
	output=$(tr -d '\0' <"$work/launched")
	if [ $status = 0 ]; then
		rt start "$id" || status=$?
		await stopped
		sleep 0.05
		output+=$(tr -d '\r\0' <"$work/said")
	fi
	[ -z "$(ls "$states" 2>/dev/null)" ] || rt delete --force "$id" >/dev/null 2>&1
}
stopped() { rt state "$id" | grep -q '"status": *"stopped"'; }
look='stat -c %t /dev/console; tty; test -t 0 && test -t 1 && test -t 2 && echo terminal; cat /dev/console </dev/null 2>/dev/null & sleep 0.02; kill $! 2>/dev/null; :'
sh_config 'test -t 0 && test -t 1 && test -t 2 && stat -c %t /dev/console && tty' "$terminal"
launch
like "a terminal works" "$output" '^88'
for to in "$outside/file" "$outside/new" "../../../../../..$outside/file" /etc/passwd /proc/self/environ loop; do
	fresh
	ln -s "$to" "$rootfs/dev/console"
	ln -s console "$rootfs/dev/loop"
	sh_config "$look" "$terminal"
	resists "below a /dev: a planted console -> $to"
	sh_config "$look" "$terminal | without(\"/dev\")"
	resists "no /dev: a planted console -> $to"
done
for kind in fifo file dir zero; do
	fresh
	case $kind in
	fifo) mkfifo "$rootfs/dev/console" ;;
	file) echo FAKE >"$rootfs/dev/console" ;;
	dir) mkdir "$rootfs/dev/console" ;;
	zero) mknod "$rootfs/dev/console" c 1 5 ;;
	esac
	sh_config "$look" "$terminal | without(\"/dev\")"
	resists "no /dev: a planted console that is a $kind"
done
fresh
mkdir -p "$work/pts"
for n in 0 1 2 3 4 ptmx; do ln -s "$outside/file" "$work/pts/$n"; done
sh_config "$look" "$terminal"' | without("/dev/pts") | add_mount(bind($pts; "/dev/pts"; []))' --arg pts "$work/pts"
resists "a volume as /dev/pts whose 0, 1, … lead out"
mkdir -p "$work"/volume/{pts,shm,mqueue}
: >"$work/volume/console"
ln -s "$outside/file" "$work/volume/other"
sh_config 'cat /dev/console </dev/null' \
	"$terminal"' | .mounts |= map(if .destination == "/dev" then bind($volume; "/dev"; []) else . end)' --arg volume "$work/volume"
"$SWAP" "$work/volume/console" "$work/volume/other" &
attacker=$!
# Four at a time: each says when one was made and when the file outside was written.
maker() { # FIRST
	local n name=$id-$1
	for ((n = $1; n <= STARTS; n += 4)); do
		timeout -s KILL 10 "$OCI_RUNTIME" --root "$states" create --bundle "$bundle" --console-socket "$work/socket" "$name" \
			</dev/null >/dev/null 2>&1 && echo made
		[ ! -e "$states/$name" ] || rt delete --force "$name" 2>/dev/null
		[ "$(<"$outside/file")" = secret-of-the-host ] || echo wrong
	done
}
makers=()
for first in 1 2 3 4; do
	maker $first >"$work/maker-$first" &
	makers+=($!)
done
wait "${makers[@]}"
kill $attacker
like "with a console that is swapped for a link out of the root some begin" "$(cat "$work"/maker-? | grep -c made)" '^[1-9]'
is "and of $STARTS none opens what is outside" "$(cat "$work"/maker-? | grep -c wrong)" 0
status=0 output=
is "and nothing is left" "$(damage)" ""
finish
