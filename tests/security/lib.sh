# SPDX-License-Identifier: Apache-2.0
# Attacks on an OCI runtime, for any runtime: OCI_RUNTIME=/usr/sbin/runc shows which of them it resists.
#
#   bundle    config.json and a busybox root, `rootfs`, which is made anew by `fresh`
#   outside   a directory that no container may see or change
#
# The configuration is written here and not by the runtime's `spec`: it is the same one for each.
. "$(dirname "${BASH_SOURCE[0]}")/../lib/tap.sh"
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
SWAP=$(realpath "${SWAP:?the attacker, tests/tools/swap.c}")
CONSOLE=$(realpath "${CONSOLE:-$(dirname "$SWAP")/console}")
INTRUDER=$(realpath "${INTRUDER:-$(dirname "$SWAP")/intruder}")
OCI_RUNTIME=$(realpath "${OCI_RUNTIME:-$(dirname "$MNTNS")/mntns-oci}")
# crun refuses a machine that has cgroup v1 and controllers of v2.
case $OCI_RUNTIME in */crun*) umount /sys/fs/cgroup/unified 2>/dev/null ;; esac
# In memory, which is faster than the disk; its mount is not in the table that tests compare.
mount -t tmpfs -o mode=755 tmpfs "$work"
cd /
trap 'at_exit 2>/dev/null; while umount -l "$work" 2>/dev/null; do :; done; rmdir "$work"' EXIT
states=$work/states
bundle=$work/bundle
rootfs=$bundle/rootfs
outside=$work/outside
id=sec-$$
STARTS=${STARTS:-2000}
mkdir -p "$bundle" "$outside/dir"
mkdir -p "$work"/clean/{bin,etc,proc,dev,sys,tmp,root,mnt}
cp /bin/busybox "$work/clean/bin/"
for applet in cat chmod chroot cut dd echo env find grep head id kill ln ls mkdir mkfifo mknod mount readlink rm sed sh \
	sleep sort stat tail test touch tr true tty umount unshare wc; do
	ln -s busybox "$work/clean/bin/$applet"
done
printf 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/:/bin/sh\n' >"$work/clean/etc/passwd"
printf 'root:x:0:\nuser:x:1000:\nextra:x:2000:user\n' >"$work/clean/etc/group"
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
	jq -n -L "$here" "$@" "include \"config\"; usual | $filter" >"$bundle/config.json" && return
	fail "the test's own configuration" "$filter"
	finish
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
# The output goes through a file: a pipe would be open as long as anything of the container is alive.
# launch: sets `status` and `output` by a `run` of the bundle. One that hangs is a failure.
launch() {
	timeout -s KILL "${PATIENCE:-10}" "$OCI_RUNTIME" --root "$states" run --bundle "$bundle" "$id" \
		</dev/null >"$work/launched" 2>&1
	status=$?
	# A warning is not the program's.
	output=$(head -c 100000 "$work/launched" | tr -d '\0' | grep -av '^mntns-oci: warning: ')
	[ $status != 137 ] || output+=" (did not end)"
	stuck=
	[ -z "$(ls "$states" 2>/dev/null)" ] || rt delete --force "$id" >/dev/null 2>&1
	[ -z "$(ls "$states" 2>/dev/null)" ] || stuck="a state is left that delete --force does not remove"
	rm -rf "$states" # or every test that follows fails
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
	[ -z "${stuck:-}" ] || echo "$stuck"
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
# begin: a container that runs until its program ends or `end`.
begin() {
	rt create --bundle "$bundle" "$id" </dev/null >"$work/began" 2>&1 && rt start "$id" >>"$work/began" 2>&1
}
end() {
	rt delete --force "$id"
}
# race: STARTS starts, four at a time, @N@ in the configuration being a number that is new each time.
# Sets `began`, how many succeeded, and `output`, what all of them said.
racer() { # FIRST
	local n name=$id-$1 mine=$work/racer-$1
	mkdir -p "$mine"
	for ((n = $1; n <= STARTS; n += 4)); do
		echo "${template//@N@/$n}" >"$mine/config.json"
		timeout -s KILL 20 "$OCI_RUNTIME" --root "$states" run --bundle "$mine" "$name" </dev/null >>"$mine/out" 2>&1 &&
			echo "$n" >>"$mine/began"
		[ ! -e "$states/$name" ] || rt delete --force "$name" 2>/dev/null
	done
}
race() {
	local first racers=()
	template=$(jq -c ".root.path = \"$rootfs\"" "$bundle/config.json")
	for first in 1 2 3 4; do
		racer $first &
		racers+=($!)
	done
	wait "${racers[@]}"
	began=$(cat "$work"/racer-?/began 2>/dev/null | wc -l)
	output=$(cat "$work"/racer-?/out)
	rm -rf "$work"/racer-?
}
fresh
restore_outside
# Where nothing runs, everything is refused.
config .
prints "a harmless bundle runs" ""
