# SPDX-License-Identifier: Apache-2.0
# Attacks on an OCI runtime, for any runtime: OCI_RUNTIME=/usr/sbin/runc shows which of them it resists.
#
#   bundle    config.json and a busybox root, `rootfs`, which is made anew by `fresh`
#   outside   a directory that no container may see or change
#
# The configuration is written here and not by the runtime's `spec`: it is the same one for each.
. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
OCI_RUNTIME=$(realpath "${OCI_RUNTIME:-$(dirname "$MNTNS")/mntns-oci}")
# crun refuses a machine that has cgroup v1 and controllers of v2.
case $OCI_RUNTIME in */crun*) umount /sys/fs/cgroup/unified 2>/dev/null ;; esac
states=$work/states
bundle=$work/bundle
rootfs=$bundle/rootfs
outside=$work/outside
id=sec-$$
mkdir -p "$bundle" "$outside/dir"
make_root "$work/clean"
printf 'secret-of-the-host\n' | tee "$outside/file" >"$outside/dir/real"
echo planted >"$outside/ptmx"
chmod 755 "$outside"

rt() {
	"$OCI_RUNTIME" --root "$states" "$@"
}
fresh() {
	rm -rf --one-file-system "$rootfs"
	cp -a "$work/clean" "$rootfs"
}
# config [JQ-FILTER [JQ-ARGS…]]: the usual configuration, changed
config() {
	local filter=${1:-.}
	shift
	jq -n -L "$(dirname "${BASH_SOURCE[0]}")" "$@" "include \"config\"; usual | $filter" >"$bundle/config.json"
}
# sh_config SCRIPT [JQ-FILTER…]: a shell is its program
sh_config() {
	local script=$1 filter=${2:-.}
	shift $(($# > 1 ? 2 : 1))
	config ".process.args = [\"/bin/sh\", \"-c\", \$script] | $filter" --arg script "$script" "$@"
}
# Everything about the outside, the times too: it may be read by nobody but this function.
snap() {
	(cd "$outside" && find . -printf '%p %y %m %U:%G %s %T@ %C@ %l\n' | sort && find . -type f -exec sha256sum {} + | sort)
}
processes() { # whose name is that of a container's program
	pgrep -f "^/bin/sh -c : $id;" | wc -l
}
# launch: sets `status` and `output` by a `run` of the bundle. One that hangs is a failure.
launch() {
	output=$(timeout -s KILL "${PATIENCE:-10}" "$OCI_RUNTIME" --root "$states" run --bundle "$bundle" "$id" </dev/null 2>&1)
	status=$?
	[ $status != 137 ] || output+=" (did not end)"
	[ ! -e "$states/$id" ] || rt delete --force "$id" >/dev/null 2>&1
}
# What must hold after any start, empty if it does.
damage() {
	local now
	now=$(snap)
	[ "$now" = "$before" ] || { echo "changed outside:"; diff <(echo "$before") <(echo "$now"); }
	now=$(table)
	[ "$now" = "$table_before" ] || { echo "changed in the caller's table:"; diff <(echo "$table_before") <(echo "$now"); }
	[ $status != 137 ] || echo "it hung"
	[ $status -lt 132 ] || [ $status -gt 139 ] || echo "killed by signal $((status - 128))"
	[ $status = 0 ] || [ -n "$output" ] || echo "failed in silence, status $status"
	[ -z "$(ls "$states" 2>/dev/null)" ] || echo "a state is left: $(ls "$states")"
	grep -aq secret-of-the-host <<<"$output" && echo "a file of the host was seen"
}
# resists SENTENCE: the bundle runs or is refused, either way nothing happens outside of it.
resists() {
	local wrong
	launch
	wrong=$(damage)
	if [ -z "$wrong" ]; then pass "$1 ($status)"; else fail "$1" "$wrong" "status $status: ${output:0:600}"; fi
	restore_outside
}
# denied SENTENCE [PATTERN]: it is refused, and nothing happens outside.
denied() {
	local wrong
	launch
	wrong=$(damage)
	[ $status != 0 ] || wrong+=" it was not refused"
	[[ $output =~ ${2:-.} ]] || wrong+=" the reason does not match /${2:-}/"
	if [ -z "$wrong" ]; then pass "$1"; else fail "$1" "$wrong" "status $status: ${output:0:600}"; fi
	restore_outside
}
# prints SENTENCE WANT: it runs, says exactly that, and nothing happens outside.
prints() {
	local wrong
	launch
	wrong=$(damage)
	[ $status = 0 ] || wrong+=" status $status"
	[ "$output" = "$2" ] || wrong+=" it should say: $2"
	if [ -z "$wrong" ]; then pass "$1"; else fail "$1" "$wrong" "status $status: ${output:0:600}"; fi
	restore_outside
}
# One that was changed would fail every test that follows.
restore_outside() {
	before=$(snap)
	table_before=$(table)
}
await() { # CONDITION…: at most 5 s
	for _ in $(seq 250); do
		"$@" && return
		sleep 0.02
	done
	return 1
}
fresh
restore_outside
