#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# B4, C8: a call that isolates fails: the container is as it should be, or is not.
#
# Each call of a start that mounts, drops a privilege or loads a filter is made to fail, one at a time;
# what the program then sees of its isolation is compared. crun 1.8.1 loses a read-only remount in
# twelve places and says nothing.
. "$(dirname "$0")/lib.sh"
mkdir "$work/volume"
host_ns=$(cd /proc/self/ns && readlink pid net ipc uts mnt cgroup user | tr '\n' ' ')
sh_config "$(cat "$here/fingerprint.sh")" '.process.user = {uid: 1000, gid: 1000, additionalGids: [2000]}
	| .process.env += ["host_ns=" + $host]
	| .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["keyctl", "add_key"], action: "SCMP_ACT_ERRNO"}]}
	| .linux.sysctl = {"kernel.shmmax": "77777"} | .root.readonly = true
	| add_mount(bind($volume; "/mnt"; ["ro", "nosuid", "nodev", "noexec"]))' --arg volume "$work/volume" --arg host "$host_ns"
launch
fingerprint=$output
like "the unharmed one is complete" "$status $(tail -n 1 <<<"$output")" '^0 complete$'
unlike "and isolated" "$output" "writable:|the host's (pid|net|ipc|uts|mnt|cgroup)"
calls='mount,umount2,mount_setattr,move_mount,open_tree,fsopen,fsconfig,fsmount,fspick,pivot_root,openat2,unshare,setns,setsid,
	clone3,capset,prctl,seccomp,setgroups,setresuid,setresgid,sethostname,close_range,mknodat,fchownat,setrlimit,prlimit64,mkdirat'
calls=$(tr -d ' \t\n' <<<"$calls")
# One line a point: the n-th time a process makes that call.
strace -f -ff -qq -e trace="$calls" -o "$work/trace" "$OCI_RUNTIME" --root "$states" run --bundle "$bundle" "$id" \
	</dev/null >/dev/null 2>&1
points=()
while read -r times call; do
	for n in $(seq "$times"); do points+=("$call:$n"); done
done < <(for trace in "$work"/trace.*; do
	# After its exec a process is the container's.
	sed -nE 's/^([a-z0-9_]+)\(.*/\1/p' "$trace" | sort | uniq -c | sed "s/^ *//"
done | sort -k 2,2 -k 1,1nr | awk '!seen[$2]++')
like "there are some points" "${#points[@]}" '^[1-9][0-9]'
open=0 silent=0 hung=0 left=0
for point in "${points[@]}"; do
	call=${point%:*} when=${point#*:}
	timeout -s KILL 10 strace -f -qq -o /dev/null -e trace="$call" -e inject="$call:error=${ERROR:-EIO}:when=$when" \
		"$OCI_RUNTIME" --root "$states" run --bundle "$bundle" "$id" </dev/null >"$work/out" 2>"$work/err"
	status=$?
	if [ $status = 137 ]; then
		hung=$((hung + 1))
		echo "# $point: hangs"
	elif [ $status = 0 ] && [ "$(cat "$work/out")" != "$fingerprint" ]; then
		open=$((open + 1))
		echo "# $point: runs, but not as it should:"
		diff <(echo "$fingerprint") "$work/out" | sed 's/^/#   /'
	elif [ $status != 0 ] && grep -q complete "$work/out" && [ "$(cat "$work/out")" != "$fingerprint" ]; then
		open=$((open + 1))
		echo "# $point: fails, but the program ran, and not as it should"
	elif [ $status != 0 ] && [ ! -s "$work/err" ]; then
		silent=$((silent + 1))
		echo "# $point: fails with $status and says nothing"
	fi
	[ -n "$(ls "$states" 2>/dev/null)" ] || continue
	left=$((left + 1))
	echo "# $point: $(ls "$states") is left"
	rt delete --force "$id" >/dev/null 2>&1
done
echo "# ${#points[@]} points"
is "none runs with less isolation" "$open" 0
is "none hangs" "$hung" 0
is "none fails in silence" "$silent" 0
is "nothing is left by any" "$left" 0
status=0 output=
is "and the outside is as it was" "$(damage)" ""
finish
