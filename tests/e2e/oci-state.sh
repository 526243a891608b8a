#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns-oci: a damaged record, many containers at once, many after one another, two operations on one id.
#
#   ALIVE   how many are alive at once (40; `make faults`: 1,000)
#   CYCLES  how often one is started and deleted (60; `make faults`: 10,000)
#   ROUNDS  how often each pair of operations meets (1; `make faults`: 200)
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
alive=${ALIVE:-40}
cycles=${CYCLES:-60}
rounds=${ROUNDS:-1}
me=${work##*.} # no other test has an id of this name
mounts=$(table)
make_bundle "$work/sleep" '.process.args = ["/bin/sleep", "1000"]'
make_bundle "$work/true" '.process.args = ["/bin/true"]'
create() { oci create --bundle "$work/sleep" "$1" </dev/null >/dev/null 2>"$work/err"; }
begin() { create "$1" && oci start "$1" 2>"$work/err"; }
status_of() { oci state "$1" 2>/dev/null | jq -r .status; }
pid_of() { oci state "$1" | jq .pid; }
left() { compgen -G "/sys/fs/cgroup/*/mntns-oci-*$me*"; compgen -G "/sys/fs/cgroup/mntns-oci-*$me*"; ls -A "$oci_root"; }

# --- each damage of each file, in each state ---
damages=(
	': >FILE'
	'rm FILE'
	'rm FILE; mkdir FILE'
	'rm FILE; ln -s /dev/zero FILE'
	'rm FILE; mkfifo FILE'
	'truncate -s $(($(stat -c %s FILE) / 2)) FILE'
	'head -c 3000 /dev/urandom >FILE'
	'head -c 50000000 /dev/zero >FILE'
	'echo null >FILE'
	'echo "[[[" >FILE'
	'echo "{}" >FILE'
	'echo "{\"linux\": {\"cgroupsPath\": \"../..\"}, \"pid\": -1, \"cgroups\": [\"/\", 5, \"/sys/fs/cgroup/../../etc/x\"]}" >FILE'
	'echo "{\"linux\": 5, \"process\": [], \"pid\": \"1\", \"cgroups\": {}}" >FILE'
)
damaged() { # DAMAGE FILE: of d-$me, whose process is $pid; adds to `wrong`
	(cd "$oci_root/d-$me" && eval "${1//FILE/$2}")
	[ "$(oci list -q | grep -c "^other-$me$")" = 1 ] || wrong+=" list after $2: $1;"
	timeout 20 "$OCI" --root "$oci_root" delete --force "d-$me" 2>"$work/err" ||
		wrong+=" delete after $2: $1: $(cat "$work/err");"
	await process_is_gone "$pid" || wrong+=" a process after $2: $1;"
	[ "$(left | sort -u | grep -vc "other-$me")" = 0 ] || wrong+=" left after $2: $1: $(left);"
	rm -rf "$oci_root/d-$me"
}
begin "other-$me"
for state in created running stopped; do
	wrong=
	for file in state.json config.json; do
		for damage in "${damages[@]}"; do
			create "d-$me"
			pid=$(pid_of "d-$me")
			[ $state = created ] || oci start "d-$me"
			[ $state != stopped ] || kill -9 "$pid"
			damaged "$damage" $file
		done
	done
	is "$state, damaged in ${#damages[@]} ways: delete --force ends it wholly, list shows the others" "$wrong" ""
done
wrong=
for damage in "${damages[@]}"; do
	oci --cgroup-manager disabled create --bundle "$work/sleep" "d-$me" </dev/null >/dev/null 2>"$work/err"
	pid=$(pid_of "d-$me")
	oci start "d-$me"
	damaged "$damage" state.json
done
is "running, without a cgroup, damaged in ${#damages[@]} ways: the same" "$wrong" ""
is "the other one never noticed" "$(status_of "other-$me")" running
oci delete --force "other-$me"

# --- many at once ---
for n in $(seq "$alive"); do begin "n$n-$me" || echo "$n: $(cat "$work/err")" >>"$work/failed"; done
is "$alive containers begin" "$(cat "$work/failed" 2>/dev/null)" ""
is "and are all running" "$(oci list --format json | jq '[.[] | select(.status == "running")] | length')" "$alive"
is "the caller's table is as it was" "$(table)" "$mounts"
is "state of the last" "$(status_of "n$alive-$me")" running
for n in $(seq "$alive"); do oci delete --force "n$n-$me" || echo "$n" >>"$work/failed"; done
is "and end" "$(cat "$work/failed" 2>/dev/null)$(left)" ""

# --- many after one another: nothing grows ---
counts() { # of cgroups in the kernel, of namespaces, of mounts, of processes, of files of ours
	for _ in {1..100}; do
		[ "$(pgrep -cx mntns-oci)" = 0 ] && break
		sleep 0.05
	done
	echo "$(left | grep -c /) cgroups, $(table | wc -l) mounts," \
		"$(find "$work" -xdev | wc -l) files, $(ls -A "$oci_root" | wc -l) records"
}
# The whole machine's, on which others work as well: a leak is one for each cycle, noise is not.
in_kernel() {
	echo "$(awk '{ n += $3 } END { print n + 0 }' /proc/cgroups)" "$(cut -f 1 /proc/sys/fs/file-nr)" \
		"$(awk '/^SUnreclaim/ { print $2 }' /proc/meminfo)" "$(awk '/^Shmem:/ { print $2 }' /proc/meminfo)" \
		"$(find /proc -maxdepth 1 -name '[0-9]*' | wc -l)"
}
grown() { # what has grown by more than a part of the cycles, after the kernel had time to free it
	local names=("cgroups" "open files" "KiB of slab" "KiB of shared memory" "processes") i text
	local slack=($((cycles / 10 + 200)) $((cycles / 10 + 4000)) $((cycles + 65536)) $((cycles + 65536)) 100)
	read -ra now <<<"$(in_kernel)"
	text=
	for i in 0 1 2 3 4; do
		echo "# ${names[i]}: ${kernel[i]} before, ${now[i]} after $cycles cycles" >&2
		[ $((now[i] - kernel[i])) -le "${slack[i]}" ] || text+=" ${names[i]}: ${kernel[i]} -> ${now[i]};"
	done
	echo "$text"
}
oci run --bundle "$work/true" "c-$me" </dev/null
before=$(counts)
read -ra kernel <<<"$(in_kernel)"
for n in $(seq "$cycles"); do
	if [ $((n % 2)) = 0 ]; then
		oci run --bundle "$work/true" "c-$me" </dev/null || echo "$n" >>"$work/failed"
	else
		begin "c-$me" && oci delete --force "c-$me" || echo "$n" >>"$work/failed"
	fi
done
is "$cycles cycles succeed" "$(head -n 3 "$work/failed" 2>/dev/null)" ""
is "and nothing has grown" "$(counts)" "$before"
echo "# $before"
for _ in {1..10}; do # cgroups die by RCU
	[ -z "$(grown 2>/dev/null)" ] && break
	sleep 1
done
is "nor has anything in the kernel" "$(grown 2>"$work/grown")" ""
cat "$work/grown"

# --- two at once ---
# The winner's work is what the id is then; no operation hangs or dies, whoever loses says why.
prepare() { # STATE
	timeout 20 "$OCI" --root "$oci_root" delete --force "p-$me"
	case $1 in created) create "p-$me" ;; running) begin "p-$me" ;; esac
}
perform() { # OP
	case $1 in
	create) timeout -s KILL 20 "$OCI" --root "$oci_root" create --bundle "$work/sleep" "p-$me" </dev/null >"$work/said-$2" 2>&1 ;;
	kill) timeout -s KILL 20 "$OCI" --root "$oci_root" kill "p-$me" KILL >"$work/said-$2" 2>&1 ;;
	force) timeout -s KILL 20 "$OCI" --root "$oci_root" delete --force "p-$me" >"$work/said-$2" 2>&1 ;;
	exec) timeout -s KILL 20 "$OCI" --root "$oci_root" exec "p-$me" true </dev/null >"$work/said-$2" 2>&1 ;;
	*) timeout -s KILL 20 "$OCI" --root "$oci_root" "$1" "p-$me" >"$work/said-$2" 2>&1 ;;
	esac
}
pair() { # STATE OP OP: sets `first` and `second`, their statuses
	prepare "$1"
	perform "$2" 1 &
	local one=$!
	perform "$3" 2 &
	local two=$!
	wait $one
	first=$?
	wait $two
	second=$?
}
# Two of one kind of which only one can be right.
for once in none:create created:start created:delete running:pause; do
	wrong=
	for _ in $(seq $((rounds > 40 ? rounds : rounds * 5))); do
		pair "${once%:*}" "${once#*:}" "${once#*:}"
		[ "$first$second" = 01 ] || [ "$first$second" = 10 ] || wrong+=" $first and $second: $(cat "$work"/said-?);"
	done
	is "of two that ${once#*:} exactly one wins" "$wrong" ""
done
meet() { # of the loops below
	pair $state "$one" "$two"
	# The executed program is killed with its container.
	[[ "$one $two $first" != "exec "[kf]*" 137" ]] || first=0
	case " $first $second " in *" 137 "* | *" 124 "* | *" 139 "* | *" 134 "*) wrong+=" $one and $two: $first $second;" ;; esac
	for said in 1 2; do
		status=$([ $said = 1 ] && echo "$first" || echo "$second")
		[ "$status" = 0 ] || [ -s "$work/said-$said" ] || wrong+=" $one and $two: $said fails with $status in silence;"
	done
	timeout 20 "$OCI" --root "$oci_root" delete --force "p-$me" 2>"$work/err" || wrong+=" $one and $two: then $(cat "$work/err");"
	[ -z "$(left)" ] || wrong+=" $one and $two: left $(left);"
}
for state in none created running; do
	wrong=
	for one in create start kill delete force exec pause state; do
		for two in create start kill delete force exec pause state; do
			[[ $one < $two || $one = "$two" ]] || continue
			# What is executed in a paused container waits, and is no hang.
			[ "$one $two" != "exec pause" ] || continue
			for _ in $(seq "$rounds"); do meet; done
		done
	done
	is "$state: no two operations on one id hang, die, fall silent or leave anything" "$wrong" ""
done
is "the caller's table is as it was" "$(table)" "$mounts"

# --- a process that cannot be looked at is not one that has ended ---
make_bundle "$work/unseen" '.process.args = ["sleep", "600"]'
oci run --detach --bundle "$bundle" "seen-$me" </dev/null >/dev/null 2>&1
pid=$(oci state "seen-$me" | jq .pid)
mount -t tmpfs none "/proc/$pid"
is "a pidfd is enough to look at it, since Linux 6.9" "$(oci state "seen-$me" 2>"$work/err" | jq -r .status)" "$(since 6.9 running "")"
umount "/proc/$pid"
oci delete --force "seen-$me"
export MNTNS_WITHOUT=pidfs
oci run --detach --bundle "$bundle" "unseen-$me" </dev/null >/dev/null 2>&1
pid=$(oci state "unseen-$me" | jq .pid)
mount -t tmpfs none "/proc/$pid"
for words in "state" "kill" "delete" "delete --force" "pause" "exec" "update --pids-limit 50" "events --stats"; do
	refused "$words where its process cannot be looked at" "$([ "$words" = exec ] && echo 255 || echo 1)" \
		"whether process $pid runs is not known" oci $words "unseen-$me" $([ "$words" != exec ] || echo true)
done
make_bundle "$work/seen" '.process.args = ["sleep", "600"]'
oci run --detach --bundle "$bundle" "zz-$me" </dev/null >/dev/null 2>&1
refused "list says so as well" 1 "whether process $pid runs is not known" oci list
is "and shows the others" "$(oci list -q 2>/dev/null)" "zz-$me"
oci delete --force "zz-$me"
umount "/proc/$pid"
is "it runs as before" "$(oci state "unseen-$me" | jq -r '.status, .pid' | tr '\n' ' ')" "running $pid "
oci delete --force "unseen-$me"
finish
