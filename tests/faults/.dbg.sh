#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Each system call of each operation of mntns-oci, in each of its processes, fails or is the last.
#
#   FAULT_STRIDE  every n-th fault only; 1: all of them (`make faults`)
#   FAULT_OPS     which operations; default: all
#   FAULT_CONFIG  a filter of jq, what else the configuration has
#   FAULT_CLASSES which faults; default: all
#
# Classes: an errno; KILL and TERM, the signal there; FURTHER, each call of that name fails with EIO from
# there on.
#
# A fault is tolerated (the operation does what it says), fails cleanly (it says so), or is bad:
#   open    the program ran with another isolation than without the fault, or a mount was attached with other
#           flags, or what entered the container was executed from a file system that can be written
#   false   success is told, but there is none
#   silent  it fails without a word
#   hang    it does not end
#   leak    a process, mount, cgroup or record is there after `delete --force`
#   stuck   `delete --force` fails, or the id is of no use afterwards
# What is still there after a failure that was told, before `delete --force`, is counted as left.
if [ -z "${IN_FAULT_NS:-}" ]; then
	# Processes are counted: by the whole of a PID namespace.
	IN_FAULT_NS=1 exec unshare -p -f -m --mount-proc --propagation private "${BASH:-/bin/bash}" "$0" "$@"
fi
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
: "${FAULT:?the program of tests/tools/fault.c}"
FAULT=$(realpath "$FAULT")
stride=${FAULT_STRIDE:-31}
read -ra ops <<<"${FAULT_OPS:-run create start exec kill delete force add remove update pause resume ps list state}"
mount -t tmpfs -o mode=755 tmpfs "$work"
trap 'at_exit 2>/dev/null; umount -l "$work"; rmdir "$work"' EXIT
id=fault-${work##*.} # the host has no other of this name, whatever PID namespace this is
here=$(realpath "$(dirname "$0")")
host_ns=$(cd /proc/self/ns && readlink pid net ipc uts mnt cgroup user | tr '\n' ' ')
look="$(cat "$here/../security/fingerprint.sh")
ulimit -a; cat /proc/self/oom_score_adj
cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/*/pids.max /sys/fs/cgroup/*/devices.list 2>/dev/null
for fd in /proc/self/fd/*; do readlink \$fd; done; umask; hostname; pwd; echo end"
mkdir "$work/volume"
text=$(jq -Rns --arg s "$look" '$s')
isolated=".process.args = [\"/bin/sh\", \"-c\", $text]
	| .process.user = {uid: 1000, gid: 1000, additionalGids: [2000], umask: 23} | .process.oomScoreAdj = 100
	| .process.rlimits = [{type: \"RLIMIT_NOFILE\", soft: 500, hard: 600}, {type: \"RLIMIT_CORE\", soft: 0, hard: 0}]
	| .process.env += [\"host_ns=$host_ns\"] | .root.readonly = true
	| .linux.seccomp = {defaultAction: \"SCMP_ACT_ALLOW\", syscalls: [{names: [\"keyctl\"], action: \"SCMP_ACT_ERRNO\"}]}
	| .linux.sysctl = {\"kernel.shmmax\": \"77777\"} | .linux.resources.pids = {limit: 50}
	| .mounts += [{type: \"bind\", source: \"$work/volume\", destination: \"/mnt\",
		options: [\"rbind\", \"ro\", \"nosuid\", \"nodev\", \"noexec\"]}]
	| ${FAULT_CONFIG:-.}"
make_bundle "$work/true" '.process.args = ["/bin/true"]'
true_bundle=$bundle
make_bundle "$work/sleep" "$isolated"' | .process.args = ["/bin/sleep", "1000"]'
sleep_bundle=$bundle
make_bundle "$work/look" "$isolated"
jq -n --arg s "$work/volume" '[{type: "bind", source: $s, destination: "/tmp", options: ["rbind", "ro", "nosuid", "nodev", "noexec"]},
	{type: "tmpfs", source: "tmpfs", destination: "/root", options: ["nosuid", "nodev", "noexec", "size=1m"]}]' >"$work/mounts.json"

limited() { timeout -s KILL 15 "$OCI" --root "$oci_root" "$@"; }
begin() { # BUNDLE: a running container
	oci create --bundle "$1" "$id" >"$work/out" 2>&1 </dev/null && oci start "$id" >/dev/null 2>&1
}
pid_of() {
	local text
	read -r text <"$oci_root/$id/state.json"
	[[ $text =~ \"pid\":([0-9]+) ]] && pid=${BASH_REMATCH[1]}
}
# The four that follow start no process: they are called thousands of times.
processes() { local all=(/proc/[0-9]*); n_processes=${#all[@]}; }
await_processes() { # AT-MOST: 2 s
	for _ in {1..200}; do
		processes
		[ "$n_processes" -le "$1" ] && return
		read -rt 0.01 <>"$work/never"
	done
	return 1
}
slurp() { read -rd '' "$1" <"$2"; }
await_end() { # the fingerprint is complete
	for _ in {1..300}; do
		slurp said "$work/out"
		[[ $said == *end ]] && return
		[ -e "$oci_root/$id" ] || return
		read -rt 0.01 <>"$work/never"
	done
	return 1
}
mkfifo "$work/never"

alive() { [ -e "$oci_root/$id" ] && pid_of && [ -e "/proc/$pid/exe" ]; }
# Without the numbers, as mounts come and go.
container_mounts() {
	local line
	mounts_now=
	while read -ra line; do
		mounts_now+="${line[*]:3:3} ${line[-3]}"$'\n'
	done <"/proc/$pid/mountinfo"
}
limits_now() {
	local file limit
	limits=
	for file in /sys/fs/cgroup/*/mntns-oci-"$id"/{pids.max,memory.limit_in_bytes,memory.max,cpu.shares,cpu.weight}; do
		[ ! -e "$file" ] || { read -r limit <"$file" && limits+="${file##*/}=$limit "; }
	done
}

# What comes before each fault, the operation, and whether what it said is true.
before_run() { rm -rf "$oci_root/.filters"; } # its filter is compiled, that of others is there
before_create() { :; }
before_start() { oci create --bundle "$work/look" "$id" >"$work/out" 2>&1 </dev/null && pid_of; }
before_exec() {
	alive && return
	limited delete --force "$id"
	begin "$sleep_bundle"
}
before_kill() { begin "$sleep_bundle"; }
before_delete() {
	oci create --bundle "$sleep_bundle" "$id" >"$work/out" 2>&1 </dev/null && pid_of && kill -9 "$pid"
	for _ in {1..100}; do [ ! -e "/proc/$pid/exe" ] && return; read -rt 0.01 <>"$work/never"; done
}
before_force() { begin "$sleep_bundle"; }
before_add() { begin "$sleep_bundle" && pid_of && container_mounts && mounts_before=$mounts_now; }
before_remove() { before_add && oci mounts add "$id" "$work/mounts.json" && container_mounts && mounts_after=$mounts_now; }
before_update() { begin "$sleep_bundle" && limits_now && limits_before=$limits; }
before_pause() { begin "$sleep_bundle"; }
before_resume() { begin "$sleep_bundle" && oci pause "$id"; }
# These change nothing, and what they say is known from when they were not disturbed.
before_ps() { before_look ps; }       # it runs
before_list() { before_look list; }   # is paused
before_state() { before_look state; } # waits for its start
before_look() { # OP
	alive && return
	limited delete --force "$id"
	oci create --bundle "$sleep_bundle" "$id" >"$work/out" 2>&1 </dev/null && pid_of || return
	[ "$1" = state ] || oci start "$id" || return
	[ "$1" != list ] || oci pause "$id" || return
	local -n words_of_look=words_$1
	limited "${words_of_look[@]}" >"$work/$1.told"
}
words_run=(run --bundle "$work/look" "$id")
words_create=(create --bundle "$work/look" "$id")
words_start=(start "$id")
words_exec=(exec --user 1000:1000 --env "host_ns=$host_ns" "$id" /bin/sh -c "$look")
words_kill=(kill "$id" KILL)
words_delete=(delete "$id")
words_force=(delete --force "$id")
words_add=(mounts add "$id" "$work/mounts.json")
words_remove=(mounts remove "$id" "$work/mounts.json")
words_update=(update --pids-limit 40 --memory 67108864 --cpu-share 512 "$id")
words_pause=(pause "$id")
words_resume=(resume "$id")
words_ps=(ps "$id")
words_list=(list --format json)
words_state=(state "$id")
looks() { # the program ran to its end, and saw what it should
	slurp said "$work/out"
	[ "$said" = "$fingerprint" ] && return
	[[ $said == *end ]] && verdict=open || verdict=false
}
true_run() { looks; }
true_create() {
	if ! oci start "$id" 2>"$work/err2"; then
		# Killed while it waits: create was right, and start has said what happened since.
		is_signal && [ -s "$work/err2" ] && verdict=clean || verdict=false
		return
	fi
	await_end
	looks
}
true_start() {
	await_end
	looks
	is_signal && [ "$verdict" = false ] && [[ $fingerprint == "$said"* ]] && [ "$process" = w ] && verdict=clean
}
true_exec() { looks; }
true_kill() { await_processes $((idle)) || verdict=false; }
true_delete() { # before `delete --force` cleans up: nothing of it is there
	[ ! -e "$oci_root/$id" ] && ! compgen -G "/sys/fs/cgroup/*/mntns-oci-$id" >/dev/null &&
		await_processes "$idle" || verdict=false
}
true_force() { true_delete; }
true_add() { container_mounts && [ "$mounts_now" = "$mounts_after" ] || verdict=false; }
true_remove() { container_mounts && [ "$mounts_now" = "$mounts_before" ] || verdict=false; }
true_update() { limits_now && [ "$limits" = "$limits_after" ] || verdict=false; }
true_pause() { has_status paused || verdict=false; }
true_resume() { has_status running || verdict=false; }
has_status() { [[ $(limited state "$id") == *"\"status\": \"$1\""* ]]; }
says() {
	local -n words_of_look=words_$1
	slurp said "$work/out"
	slurp now "$work/$1.told"
	[ "$said" = "$now" ] || verdict=false
}
true_ps() { says ps; }
true_list() { says list; }
true_state() { says state; }
# Whatever came of it: each mount that is there is one that was or was to be, with its flags.
only_known_mounts() {
	local line
	container_mounts
	while read -r line; do
		[[ $mounts_after$mounts_before == *"$line"$'\n'* ]] || return
	done <<<"${mounts_now%$'\n'}"
}

inject() { # OP ARGS-OF-FAULT…
	local op=$1
	local -n words=words_$op
	shift
	[ "$op" = start ] && set -- -a "$pid" "$@"
	: >"$work/err"
	case $op in
	start | kill | delete | force) "$FAULT" -t 20 "$@" "$OCI" --root "$oci_root" "${words[@]}" 2>"$work/err" </dev/null ;;
	# The program's errors are its own.
	run | create | exec) "$FAULT" -t 20 -w "$work/exposed" "$@" "$OCI" --root "$oci_root" --log "$work/err" \
		"${words[@]}" >"$work/out" 2>>"$work/err" </dev/null ;;
	*) "$FAULT" -t 20 -w "$work/exposed" "$@" "$OCI" --root "$oci_root" "${words[@]}" >"$work/out" 2>"$work/err" </dev/null ;;
	esac
	status=$?
}
is_signal() { [ "$class" = KILL ] || [ "$class" = TERM ]; }
judge() { # OP
	verdict=tolerated
	[ $status != 124 ] || { verdict=hang; return; }
	[ ! -e "$work/exposed" ] || { verdict=open; problem="its program can be overwritten"; rm "$work/exposed"; return; }
	[ "$1" != add ] && [ "$1" != remove ] || only_known_mounts || { verdict=open; problem="another mount"; return; }
	[ $status != 0 ] || { "true_$1"; return; }
	verdict=clean
	[ -s "$work/err" ] || [ "$class:$status" = KILL:137 ] || [ "$class:$status" = TERM:143 ] || verdict=silent
	slurp said "$work/out"
	# As far as it came, it was isolated.
	case $1 in run | create | start | exec) [[ $fingerprint == "$said"* ]] || verdict=open ;; esac
	[ "$1" != create ] && [ "$1" != run ] || is_signal ||
		[ ! -e "$oci_root/$id" ] || { left=$((left + 1)); echo "$1 $class $process $call: $(<"$work/err")" >>"${FAULT_LEFT:-/dev/null}"; }
}
# One less is that of another test, on a directory that is removed now.
no_new_mount() { # MOUNTINFO
	local line
	while read -r line; do
		[[ $mounts == *"$line"* ]] || { verdict=leak; problem="a mount: $line"; }
	done <<<"$1"
	mounts=$1
}
reuses() { [[ " exec ps list state " == *" $1 "* ]]; } # OP: the container is as before
clean_up() { # OP
	local wanted=$idle now
	if reuses "$1" && [ "$verdict" != hang ]; then
		"before_$1"
		# A child whose parent was killed is a zombie of the container's first process.
		await_processes $((idle + 1)) && return
	fi
	limited delete --force "$id" 2>"$work/err3" || { verdict=stuck; problem=$(<"$work/err3"); }
	await_processes "$wanted" || { verdict=leak; problem="$n_processes processes, not $wanted"; }
	slurp now /proc/self/mountinfo
	[ "$now" = "$mounts" ] || no_new_mount "$now"
	compgen -G "$oci_root/*" >/dev/null && { verdict=leak; problem="a record"; }
	compgen -G "/sys/fs/cgroup/*/mntns-oci-$id" >/dev/null && { verdict=leak; problem="a cgroup"; }
	[ "$verdict" = tolerated ] || limited run --bundle "$true_bundle" "$id" </dev/null 2>"$work/err3" ||
		{ verdict=stuck; problem="run: $(<"$work/err3")"; limited delete --force "$id"; }
}
declare -A counted
fault() { # OP PROCESS NUMBER CALL CLASS
	local op=$1 call=$4
	process=$2 class=$5 problem=
	"before_$op" || { echo "# $op: the preparation failed"; verdict=stuck; counted[$op:$class:stuck]=1; return; }
	case $class in
	KILL) inject "$op" -p "$process:$3:$call" -k ;;
	TERM) inject "$op" -p "$process:$3:$call" -s 15 ;;
	FURTHER) inject "$op" -p "$process:$3:$call" -f -e 5 ;;
	*) inject "$op" -p "$process:$3:$call" -e "$((errors[$class]))" ;;
	esac
	if [ $status = 200 ]; then
		verdict=unreached
		limited delete --force "$id" 2>/dev/null
		await_processes "$idle"
	else
		judge "$op"
		clean_up "$op"
	fi
	counted[$op:$class:$verdict]=$((${counted[$op:$class:$verdict]:-0} + 1))
	case $verdict in
	tolerated | clean | unreached) ;;
	*)
		bad=$((bad + 1))
		slurp said "$work/err"
		echo "# $op $class at $process:$3 $call: $verdict, status $status $problem: ${said:0:200}" | tr '\n' ' '
		echo
		[ "$verdict" != open ] || diff <(echo "$fingerprint") "$work/out" | head -n 5 | sed 's/^/#   /'
		;;
	esac
}
declare -A errors=([EIO]=5 [ENOMEM]=12 [EMFILE]=24 [ENOSPC]=28 [EINTR]=4 [EPERM]=1 [EAGAIN]=11 [ENOSYS]=38)
read -ra classes <<<"${FAULT_CLASSES:-EIO ENOMEM EMFILE ENOSPC EINTR EPERM EAGAIN ENOSYS FURTHER TERM KILL}"
verdicts=(tolerated clean open false silent hang leak stuck unreached)

for _ in 1 2; do limited run --bundle "$work/look" "$id" </dev/null >"$work/out" 2>&1; done
slurp mounts /proc/self/mountinfo
processes
idle=$n_processes
turn=0
for op in "${ops[@]}"; do
	bad=0 left=0 verdict=
	# One process of a pipe or of a substitution counts, therefore none here.
	"before_$op"
	inject "$op" -l "$work/points"
	case $op in
	create) oci start "$id"; await_end ;;
	start) await_end ;;
	add) container_mounts; mounts_after=$mounts_now ;;
	update) limits_now; limits_after=$limits ;;
	esac
	slurp fingerprint "$work/out"
	is "$op, without a fault" "$status$([ ! -e "$work/exposed" ] || echo ", of a program that can be overwritten")" 0
	case $op in run | create | start | exec) like "$op: the fingerprint is complete" "$fingerprint" '^end$' ;; esac
	case $op in
	add) ok "add: there is more than before" test "$mounts_before" != "$mounts_after" ;;
	remove) container_mounts; is "remove: there is what was before" "$mounts_now" "$mounts_before" ;;
	update) ok "update: the limits are other ones" test "$limits_before" != "$limits_after" ;;
	pause | resume | ps | list | state) "true_$op"; is "$op: it is true" "${verdict:-true}" true ;;
	esac
	reuses "$op" || limited delete --force "$id"
	await_processes "$idle"
	# Without a child: bash would wait for the container's, which is its own in this PID namespace.
	points=()
	while read -r point; do
		[[ $point =~ \ (exit|exit_group|rt_sigreturn)$ ]] || points+=("$point")
	done <"$work/points"
	for point in "${points[@]}"; do
		for class in "${classes[@]}"; do
			# Without memory for it the C library dies before main; without write nothing can be said.
			[[ "$class $point" =~ ^FURTHER\ .*\ (brk|write)$ ]] && continue
			read -r process number call <<<"$point"
			# These cannot fail.
			[[ $class != KILL && $class != TERM && $call =~ ^(umask|gete?[ug]id|getp?pid|gettid|set_tid_address)$ ]] && continue
			# Of a socket that does not block, it means that others wait there, and so does the container.
			[[ "$class $call" = "EAGAIN connect" && $op != start ]] && continue
			[ $((turn++ % stride)) = 0 ] || continue
			fault "$op" "$process" "$number" "$call" "$class"
		done
	done
	limited delete --force "$id"
	echo "# $op: ${#points[@]} calls; left before delete --force: $left"
	is "$op: no fault is bad" "$bad" 0
done
printf '# %-8s %-7s %7s' operation class faults
printf ' %9s' "${verdicts[@]}"
echo
for op in "${ops[@]}"; do
	for class in "${classes[@]}"; do
		total=0 row=
		for verdict in "${verdicts[@]}"; do
			n=${counted[$op:$class:$verdict]:-0}
			total=$((total + n))
			printf -v cell ' %9d' "$n"
			row+=$cell
		done
		printf '# %-8s %-7s %7d%s\n' "$op" "$class" "$total" "$row"
	done
done
finish
