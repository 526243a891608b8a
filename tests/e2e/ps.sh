#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns ps: which boxes run, as a table, raw and as JSON.
. "$(dirname "$0")/../lib/tap.sh"
make_root
ps() { "$MNTNS" ps "$@"; }
is "no box, no line but the headings" "$(ps)" "NAME PID ROOT COMMAND"
is "nor with them" "$(ps -n)" ""
is "an empty list in JSON" "$(ps -J | tr -d ' \n')" '{"boxes":[]}'
web=$(run --detach --name web --pids 8 "$root" sh -c 'exec sleep 1041 # "quoted"')
db=$(run --detach --name db "$root" sleep 1042)
is "by name, in columns that line up" "$(ps -o name,pid,command | tr -s ' ')" \
	"$(printf 'NAME PID COMMAND\ndb %d sleep 1042\nweb %d sh -c "exec sleep 1041 # \\042quoted\\042"' "$db" "$web" | tr -s ' ')"
is "the pid is the program's, as this namespace sees it" "$(tr '\0' ' ' <"/proc/$db/cmdline")" "sleep 1042 "
is "raw has one blank between columns" "$(ps -r -n -o command,name | tail -n 1 | awk '{print NF, $2}')" "2 web"
cgroup=$(ps -n -r -o cgroups | grep mntns-web)
ok "-o cgroups names the box's cgroup" grep -qx "$web" "$cgroup/cgroup.procs"
like "+ adds a column" "$(ps -o +cgroups | head -n 1)" '^NAME +PID ROOT +COMMAND +CGROUPS$'
is "JSON has numbers, and null for nothing" \
	"$(ps -J -o name,pid,cgroups | python3 -c 'import json, sys; print([(b["name"], b["pid"], b["cgroups"] is None) for b in json.load(sys.stdin)["boxes"]])')" \
	"[('db', $db, True), ('web', $web, False)]"
run --name "odd" "$root" sh -c 'echo >/up; read -r x' "$(printf 'a\033[31mred\nline \377')" < <(sleep 1043) &
until [ -e "$root/up" ]; do sleep 0.01; done
is "a command cannot send control sequences" "$(ps -n -o command | LC_ALL=C grep -c "$(printf '[\001-\011\013-\037]')")" 0
is "nor break a line" "$(ps -n | wc -l)" 3
ok "JSON stays valid" python3 -c 'import json, sys; json.load(sys.stdin)' < <(ps -J)
refused "an unknown column" 2 "'x': expected columns of NAME, PID, ROOT, COMMAND, CGROUPS" ps -o x
refused "no column" 2 'expected columns of' ps -o ''
refused "two forms" 2 'give one of them' ps -J -r
refused "an argument" 2 'expected no argument' ps web
kill -9 "$db" "$web"
until [ "$(ps -n | wc -l)" = 1 ]; do sleep 0.01; done
is "what has ended is not listed" "$(ps -n -o name)" odd
MNTNS_RUNTIME_DIR=/proc/self refused "a runtime directory that is not ours" 1 'runtime directory' ps
pkill -x -f 'sleep 1043'
wait
finish
