#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Damaged configurations, given to the program itself: each runs or is refused with a sentence, in little
# time, and nothing is made outside or left. What is refused where is the matter of unit-oci_config.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
make_bundle "$work/parent/bundle" '.process.args = ["/bin/true"]
	| .process.rlimits = [{type: "RLIMIT_NOFILE", soft: 100, hard: 200}]
	| .hooks = {poststop: [{path: "/bin/true", args: ["true"], timeout: 1}]}
	| .linux.cgroupsPath = "/mntns-oci-damaged" | .linux.sysctl = {"kernel.shmmax": "77777"}
	| .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["keyctl"], action: "SCMP_ACT_ERRNO", args: [{index: 0, value: 1, op: "SCMP_CMP_EQ"}]}]}
	| .mounts += [{destination: "/mnt", type: "bind", source: "rootfs/tmp", options: ["rbind", "ro"]}]'
mkdir "$work/outside" "$work/configs"
echo untouched >"$work/outside/file"
snap() { find "$work/outside" "$work/parent" -path "$bundle/rootfs" -prune -o -path "$bundle/new" -prune -o -printf '%p %m %U %T@ %s\n' | sort; ls -a /; }
python3 "$source_root/tests/tools/damage.py" "$bundle/config.json" "$work/configs"
total=$(ls "$work/configs" | wc -l)
ok "there are at least 1,500: $total" [ "$total" -ge 1500 ]
before=$(snap)
table_before=$(table)
# check NUMBER SHARE: what is wrong with it, if anything
check() {
	local status output
	# Who shares a cgroup ends the other.
	LC_ALL=C sed "s/mntns-oci-damaged/mntns-oci-d-$2/" "$work/configs/$1" >"$work/copy$2"
	timeout -s KILL 10 "$OCI" --root "$oci_root" run --bundle "$bundle" --config "$work/copy$2" "d$1" >"$work/out$2" 2>&1 </dev/null
	status=$?
	output=$(tr -d '\0' <"$work/out$2")
	case $status in
	0) ran=$((ran + 1)) ;;
	1 | 126 | 127) refused=$((refused + 1)); [ -n "$output" ] || echo "$1: refused without a word" ;;
	*) echo "$1: status $status: ${output:0:200}" ;;
	esac
	[ ! -e "$oci_root/d$1" ] || echo "$1: its state is left"
}
ran=0 refused=0
share() { # N: every second of them, from there on
	local i
	for ((i = $1; i < total; i += 2)); do check "$(printf %05d "$i")" "$1"; done
	echo "$ran $refused" >"$work/share$1"
}
share 0 >"$work/wrong0" &
share 1 >"$work/wrong1"
wait $!
is "each runs, or is refused with a word, and leaves nothing" "$(cat "$work"/wrong?)" ""
read -r ran refused < <(paste -d' ' "$work"/share? | awk '{ print $1 + $3, $2 + $4 }')
rm -f "$work"/wrong? "$work"/share? "$work"/out? "$work"/copy?
echo "# $ran ran, $refused were refused"
ok "some run, and most are refused" [ "$ran" -gt 100 -a "$refused" -gt "$((total / 2))" ]
is "nothing was made outside" "$(diff <(echo "$before") <(snap))" ""
is "nor mounted" "$(table)" "$table_before"
is "no cgroup is left" "$(find /sys/fs/cgroup -type d -name 'mntns-oci-d*')" ""
is "no state is left" "$(ls "$oci_root")" ""
finish
