#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns-oci: create, start, state, kill, delete, list, ps, pause, resume; the record; hooks.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
bundle=$work/bundle
status_of() {
	oci state "$1" | jq -r .status
}
# create ID SCRIPT [JQ-FILTER]
create() {
	local id=$1 script=$2
	make_bundle "$work/bundle" ".process.args = [\"/bin/sh\", \"-c\", $(jq -Rn --arg s "$script" '$s')]${3:+ | $3}"
	oci create --bundle "$bundle" --pid-file "$work/pid" "$id" </dev/null >"$work/out" 2>&1
}
stopped() { [ "$(status_of "$1")" = stopped ]; }

# --- step by step ---
ok "create returns while the process waits" create a 'echo hello; sleep 60'
is "its status" "$(status_of a)" created
is "its pid file" "$(cat "$work/pid")" "$(oci state a | jq .pid)"
ok "the process is there" kill -0 "$(cat "$work/pid")"
is "the state's keys" "$(oci state a | jq -r 'keys_unsorted | join(" ")')" "ociVersion id status pid bundle rootfs created"
is "nothing has run yet" "$(cat "$work/out")" ""
refused "the name is taken" 1 "exists already" oci create --bundle "$bundle" a
is "and the first is untouched" "$(status_of a)" created
ok "start" oci start a
is "running" "$(status_of a)" running
ok "the program runs with the streams of create" await grep -q hello "$work/out"
refused "it starts once" 1 "cannot start a container that is running" oci start a
refused "a running one is not deleted" 1 "it is running" oci delete a
is "ps" "$(oci ps --format json a | jq 'index('"$(cat "$work/pid")"') != null')" true
like "ps as a table" "$(oci ps a)" 'sleep 60'
lost() { strace -qq -o /dev/null -P "$work/lost" -e trace=write,writev -e inject=write,writev:error=ENOSPC:when=1 "$@" >"$work/lost"; }
refused "ps whose first line is lost says so" 1 'standard output' lost "$OCI" --root "$oci_root" ps a
is "list" "$(oci list --format json | jq -r '.[] | "\(.id) \(.status)"')" "a running"
is "list -q" "$(oci list -q)" a
like "list as a table" "$(oci list | tail -1)" "^a +[0-9]+ +running +$bundle +20"
ok "pause" oci pause a
is "paused" "$(status_of a)" paused
refused "not twice" 1 "cannot pause a container that is paused" oci pause a
ok "resume" oci resume a
is "running again" "$(status_of a)" running
refused "resume wants a paused one" 1 "cannot resume a container that is running" oci resume a
refused "a signal that is none" 1 "is no signal" oci kill a NOPE
ok "kill by number" oci kill a 9
ok "it stops" await stopped a
is "no pid any more" "$(oci state a | jq .pid)" 0
refused "nothing to kill" 1 "container not running" oci kill a TERM
refused "nothing to start" 1 "cannot start a container that is stopped" oci start a
ok "delete" oci delete a
refused "no state of it" 1 "does not exist" oci state a
refused "no second delete" 1 "does not exist" oci delete a
ok "but delete --force is content" oci delete --force a
is "no cgroup is left" "$(cgroups_of a)" ""

# --- a process whose first thread has ended is none that has ---
make_bundle "$bundle" '.process.args = ["/bin/headless"]'
cp "$HEADLESS" "$bundle/rootfs/bin/headless"
begin() { oci run --detach --bundle "$bundle" h </dev/null >"$work/threads" 2>&1; }
ok "a process of two threads" begin
ok "its first one ends" await grep -q ready "$work/threads"
is "it runs" "$(status_of h)" running
ok "and can be killed" oci kill h KILL
ok "now it has stopped" await stopped h
ok "delete it" oci delete h

# --- signals by name ---
catches_term() { [ $((0x$(awk '/^SigCgt/ { print $2 }' "/proc/$1/status") & 1 << 14)) != 0 ]; }
for name in TERM SIGTERM term 15; do
	create s 'trap "exit 3" TERM; while :; do sleep 0.05; done'
	oci start s
	await catches_term "$(cat "$work/pid")"
	ok "kill $name" oci kill s $name
	ok "arrives" await stopped s
	oci delete s
done

# By the numbers that everybody has, whichever libc the program is linked with.
catches() { [ $((0x$(awk '/^SigCgt/ { print $2 }' "/proc/$1/status") >> ($2 - 1) & 1)) = 1 ]; }
for name in RTMIN:34 RTMIN+3:37 RTMAX-1:63 IO:29 POLL:29 WINCH:28 34:34; do
	create s "trap 'echo got; exit' ${name#*:}; while :; do sleep 0.05; done"
	oci start s
	await catches "$(cat "$work/pid")" "${name#*:}"
	oci kill s "${name%:*}"
	ok "${name%:*} is ${name#*:}" await grep -q got "$work/out"
	oci delete --force s
done
blocked() { env --block-signal=34,35 "$@" | awk '/^SigBlk/ { print $2 }'; }
make_bundle "$bundle" '.process.args = ["/bin/cat", "/proc/self/status"]'
is "what the caller has blocked is blocked inside" "$(blocked "$OCI" --root "$oci_root" run --bundle "$bundle" blocked </dev/null)" 0000000600000000

# --- force, in each state ---
create f 'sleep 60'
pid=$(cat "$work/pid")
ok "delete a created one" oci delete f
ok "its process is gone" process_is_gone "$pid"
create f 'sleep 60 & sleep 60'
oci start f
ok "delete --force a running one" oci delete --force f
create f 'sleep 60'
oci start f
oci pause f
ok "delete --force a paused one" oci delete --force f
create f 'sleep 60 & sleep 60; true' 'del(.linux.namespaces[] | select(.type == "pid"))'
oci start f
three() { pids=$(oci ps --format json f | jq -r '.[]'); [ "$(wc -w <<<"$pids")" = 3 ]; }
await three
is "ps has every process" "$(wc -w <<<"$pids")" 3
ok "kill --all reaches every process" oci kill --all f KILL
gone() { for pid in $pids; do process_is_gone "$pid" || return 1; done; }
ok "all are gone" await gone
oci delete f
create f 'sleep 60'
kill -9 "$(cat "$work/pid")"
ok "killed while it waited: stopped" await stopped f
refused "and cannot be started" 1 "container that is stopped" oci start f
oci delete f

# --- many at once, by an expression ---
for id in ab abc xab a+b zz; do create "$id" 'sleep 60'; done
left() { oci list --format json | jq -r '[.[] | "\(.id):\(.status)"] | join(" ")'; }
refused "an expression that is none" 1 "--regex: '\[a' is no extended regular expression: (Unmatched|Missing)" oci delete --force --regex '[a'
refused "nor an empty one" 1 "--regex: the expression is empty; '\.' matches every container" oci delete --force --regex ''
refused "a signal that is none, though nothing matches" 1 "is no signal" oci kill --regex nothing NOPE
ok "kill --regex where nothing matches is content" oci kill --regex nothing KILL
ok "so is delete --regex" oci delete --regex '^A|B|aab$'
is "they are as they were" "$(left)" "a+b:created ab:created abc:created xab:created zz:created"
ok "kill --regex reaches what has a match anywhere" oci kill --regex 'b$' KILL
three() { [ "$(left)" = "a+b:stopped ab:stopped abc:created xab:stopped zz:created" ]; }
ok "and no other" await three
refused "one that fails is named, the status is 1" 1 "^mntns-oci: ab: container not running$" oci kill -r 'ab|zz' KILL
zz_stopped() { [ "$(status_of zz)" = stopped ]; }
ok "what comes after it is done" await zz_stopped
ok "delete --regex has operators of extended ones" oci delete --regex '^(x|z)+|a\+'
is "and deletes these" "$(left)" "ab:stopped abc:stopped"
oci delete --regex .
is "the dot is every one" "$(left)" ""
for id in r1 r2 r3; do create "$id" 'sleep 60'; done
oci start r1
oci start r3
refused "delete --regex names one that runs" 1 "r3: cannot delete container r3: it is running" oci delete --regex 'r[0-9]'
is "and deletes what does not" "$(left)" "r1:running r3:running"
"$OCI" --root "$oci_root" --log "$work/many" --log-format json delete --regex r 2>"$work/err"
is "each failure is a line of the log" "$(jq -r '"\(.level) \(.msg[:3])"' "$work/many" | paste -sd' ')" "error r1: error r3:"
is "and one of standard error" "$(cut -c1-3 "$work/err" | paste -sd' ')" "r1: r3:"
ok "delete --force --regex" oci delete --force --regex 'r{1}[13]'
is "ends all" "$(left)$(ls "$oci_root")$(cgroups_of r1)$(cgroups_of r3)" ""
many() { for i in 1 2 3 4 5 6; do create "m$i" 'sleep 60'; done; }
many
for _ in 1 2 3 4; do
	oci delete --force --regex '^m' 2>>"$work/many-failed" &
	deleters+=($!)
done
for pid in "${deleters[@]}"; do wait "$pid" || echo "status $?" >>"$work/many-failed"; done
is "four that delete the same are all content" "$(cat "$work/many-failed")" ""
many
for _ in 1 2 3 4; do
	oci delete --regex '^m' 2>>"$work/many-failed" &
	enders_of_many+=($!)
done
for pid in "${enders_of_many[@]}"; do wait "$pid" || echo "status $?" >>"$work/many-failed"; done
is "without --force too" "$(cat "$work/many-failed")$(left)" ""

# --- a damaged record ---
for damage in 'echo "{" >state.json' 'rm state.json' 'head -c 2000000 /dev/zero >state.json' ': >state.json' 'rm config.json'; do
	create d 'sleep 60'
	create e 'sleep 60'
	(cd "$oci_root/d" && eval "$damage")
	like "the others are listed after: $damage" "$(oci list -q)" '^e$'
	ok "and delete --force removes it" oci delete --force d
	is "wholly" "$(cgroups_of d)$(ls "$oci_root")" e
	oci delete --force e
done

# --- a failing start ---
create n true '.process.args = ["/bin/nope"]'
like "create looks for the program" "$(cat "$work/out")" 'executable file not found in \$PATH'
is "and leaves nothing" "$(ls "$oci_root")" ""
printf '#!/nope\n' >"$bundle/rootfs/bin/broken"
chmod +x "$bundle/rootfs/bin/broken"
create n true '.process.args = ["/bin/broken"]'
refused "start says what only it can see" 1 'permission denied' oci start n
oci delete --force n

# --- the log ---
"$OCI" --root "$oci_root" --log "$work/log" --log-format json start none 2>/dev/null
is "one JSON line an error" "$(jq -r '"\(.level) \(.msg)"' "$work/log")" "error container none does not exist"
like "with its time" "$(jq -r .time "$work/log")" '^20[0-9-]+T[0-9:]+Z$'

# --- ids ---
for id in '' . .. a/b '-x' 'a b' "$(printf '%0300d' 1)"; do
	refused "'${id:0:9}' is no id" 1 "cannot be a container's id|no option" oci create --bundle "$bundle" "$id"
done

# --- hooks ---
cat >"$work/hook" <<-'H'
	#!/bin/sh
	echo "$1 $(cat | tr -d '\n' | sed 's/.*"status":"\([a-z]*\)".*/\1/') $WORD" >>"$0.log"
	exit "${2:-0}"
H
chmod +x "$work/hook"
hooks=$(for kind in prestart createRuntime poststart poststop; do
	echo "$kind: [{path: \"$work/hook\", args: [\"hook\", \"$kind\"], env: [\"WORD=w\"]}]"
done | paste -sd,)
create h true ".hooks = {$hooks}"
is "hooks of creation" "$(tr '\n' , <"$work/hook.log")" "prestart creating w,createRuntime creating w,"
oci start h
await stopped h
oci delete h
is "hooks of start and end" "$(tail -2 "$work/hook.log" | tr '\n' ,)" "poststart running w,poststop stopped w,"
create h true ".hooks.prestart = [{path: \"$work/hook\", args: [\"hook\", \"bad\", \"4\"]}]"
like "a hook that fails ends the creation" "$(cat "$work/out")" 'prestart: hook .* failed with status 4'
is "and nothing is left" "$(ls "$oci_root")$(cgroups_of h)" ""
create h true '.hooks.prestart = [{path: "/bin/sleep", args: ["sleep", "50"], timeout: 1}]'
like "so does one that takes too long" "$(cat "$work/out")" 'did not end in 1 s'
create h true '.hooks.prestart = [{path: "/bin/nope"}]'
like "or is not there" "$(cat "$work/out")" 'could not be executed'

# --- two at once ---
make_bundle "$work/bundle" '.process.args = ["sleep", "60"]'
for _ in 1 2 3 4; do
	oci create --bundle "$bundle" two </dev/null >/dev/null 2>&1 && echo won >>"$work/won" &
	creators+=($!)
done
wait "${creators[@]}"
is "of four that create one id, one wins" "$(wc -l <"$work/won")" 1
for _ in 1 2 3 4; do
	oci start two 2>/dev/null && echo won >>"$work/won2" &
	starters+=($!)
done
wait "${starters[@]}"
is "of four that start it, one wins" "$(wc -l <"$work/won2")" 1
for _ in 1 2 3 4; do
	oci delete --force two || echo failed >>"$work/failed" &
	enders+=($!)
done
wait "${enders[@]}"
ok "four that force its end are all content" test ! -e "$work/failed"
is "and nothing is left" "$(ls "$oci_root")$(cgroups_of two)" ""
finish
