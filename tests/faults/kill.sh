#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# SIGKILL at every system call of a start: nothing is left but what the next mntns removes.
#
# A point is (process, system call, how often it was called before): strace kills there. First
# one run is counted, then each point is a run of its own.
. "$(dirname "$0")/../lib/tap.sh"
make_root
mkdir -p "$work/src" "$work/l1" "$work/user-run"
cp -a "$root" "$work/own"
chown -R 12345:12345 "$work/own" "$work/user-run"
before=$(table)
cgroups() { find /sys/fs/cgroup -type d -name 'mntns-*' ! -name 'mntns-oci*' 2>/dev/null | wc -l; }
cgroups_before=$(cgroups)
tree() { find "$root" "$work/own" "$work/src" "$work/l1" | sort | cksum; }
tree_before=$(tree)
running() { pgrep -f "^/bin/sleep 60$" | wc -l; }
gone() { for _ in $(seq 300); do [ "$(running)" = 0 ] && return 0; sleep 0.01; done; return 1; }
names() { sed -nE 's/^([a-z0-9_]+)\(.*/\1/p' "$1" | grep -vE '^(exit|exit_group)$'; }
records() { find "$MNTNS_RUNTIME_DIR/boxes" "$work/user-run/boxes" -type f 2>/dev/null | wc -l; }

# Sets `points` from the calls of each process up to the program's start.
count_points() { # COMMAND…
	local count call n parent child
	rm -f "$work"/trace.*
	strace -f -ff -o "$work/trace" "$@" /bin/true
	parent=$(grep -lE '^execve\("[^"]*mntns"' "$work"/trace.* | head -n 1)
	child=$(grep -lE '^execve\("/bin/true"' "$work"/trace.* | head -n 1)
	points=()
	while read -r count call; do
		for n in $(seq "$count"); do points+=("$call:$n"); done
	done < <({ names "$parent"; names "$child"; } | sort | uniq -c)
}

# The injection counts per process: parent and child each die at their own n-th call.
kill_at() { # CALL:N COMMAND…
	local call=${1%:*} when=${1#*:} program=/bin/true
	shift
	# A parent that is killed late leaves a program that must not end by itself.
	[ "$call" = execve ] || [ "$call" = wait4 ] || [ "$call" = poll ] && program="/bin/sleep 60"
	# shellcheck disable=SC2086
	timeout -s KILL 5 strace -f -qq -o /dev/null -e trace="$call" \
		-e inject="$call:signal=KILL:when=$when" "$@" $program >/dev/null 2>&1 </dev/null
}

sweep() { # NAME NEXT COMMAND…: NEXT is the command that comes after and cleans up
	local name=$1 next=$2 wrong=0 point problem
	shift 2
	count_points "$@"
	for point in "${points[@]}"; do
		kill_at "$point" "$@"
		problem=
		gone || problem+=" a process;"
		[ "$(table)" = "$before" ] || problem+=" a mount;"
		$next 2>"$work/next" || problem+=" the next start: $(cat "$work/next");"
		[ "$(cgroups)" = "$cgroups_before" ] || problem+=" a cgroup;"
		[ "$(records)" = 0 ] || problem+=" a record;"
		[ "$(tree)" = "$tree_before" ] || problem+=" a file;"
		[ -z "$problem" ] && continue
		wrong=$((wrong + 1))
		echo "# killed at $point is left:$problem"
	done
	is "$name: nothing is left by any of ${#points[@]} kills" "$wrong" 0
	[ ${#points[@]} -gt 100 ] || fail "$name: there are a few hundred points" "${#points[@]}"
}

full=(--name victim --bind "$work/src:/mnt" --tmpfs /tmp --bind "$work/src:/made/by/us" --layer "$work/l1" --overlay)
next="$MNTNS run --name victim $root /bin/true"
sweep "the usual way" "$next" "$MNTNS" run --memory 64m --pids 50 "${full[@]}" "$root"
export MNTNS_WITHOUT=template
sweep "the classic way" "$next" "$MNTNS" run "${full[@]}" "$root"
unset MNTNS_WITHOUT
as=(setpriv --reuid 12345 --regid 12345 --clear-groups env "MNTNS_RUNTIME_DIR=$work/user-run")
sweep "an ordinary user" "${as[*]} $MNTNS run --name victim $work/own /bin/true" \
	"${as[@]}" "$MNTNS" run "${full[@]}" "$work/own"
finish
