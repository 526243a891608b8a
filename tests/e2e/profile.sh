#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns run --file: a profile says what options say, and a command line may say more.
. "$(dirname "$0")/../lib/tap.sh"
make_root
mkdir "$work/src"
echo hello >"$work/src/a"
cat >"$work/box.json" <<END
{
	"root": "$root",
	"bind": ["$work/src:/mnt:ro"],
	"tmpfs": ["/scratch:size=64k"],
	"hostname": "profiled",
	"env": ["COLOUR=green"],
	"workdir": "/mnt",
	"pids": 32,
	"init": true,
	"mask": false,
	"command": ["sh", "-c", "cat a; hostname; echo \$COLOUR; pwd"]
}
END
is "all of it is taken" "$(run --file "$work/box.json")" "$(printf 'hello\nprofiled\ngreen\n/mnt')"
is "from standard input" "$(run --file - <"$work/box.json" | head -n 1)" hello
is "another command may be given" "$(run --file "$work/box.json" -- hostname)" profiled
is "an option behind it wins" "$(run --file "$work/box.json" --hostname other -- hostname)" other
is "and those that repeat add up" \
	"$(run --file "$work/box.json" --bind "$work/src:/more" -- ls /more /mnt | tr '\n' ' ')" "/mnt: a  /more: a "
is "false negates what is on by default" \
	"$(run --file "$work/box.json" -- grep -c ' /proc/kcore ' /proc/self/mountinfo)" 0
is "a profile and the same options give the same ops" \
	"$(run --file "$work/box.json" --dry-run)" \
	"$(run --bind "$work/src:/mnt:ro" --tmpfs /scratch:size=64k --no-mask --dry-run "$root" true)"
refused "two profiles" 2 'only one profile' run --file "$work/box.json" --file "$work/box.json"
refused "a profile without root or command" 2 'ROOT is missing' run --file <(echo '{}')
finish
