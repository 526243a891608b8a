# SPDX-License-Identifier: Apache-2.0
# Shell tests that speak TAP, each in a mount namespace of its own: the machine's table is not a
# fixture. A script sources this first, then calls the functions below, then `finish`.
#
#   MNTNS     the program under test
#   work      a directory of this script's own, removed at the end
#   root      a busybox root file system in it (made by `make_root [DIR]`)
#
# A script that binds files of namespaces says PINS=yes before.

if [ -z "${IN_TEST_NS:-}" ]; then
	# PINS: namespace ids come in batches, one for each CPU, and a pin of an older id is refused.
	IN_TEST_NS=1 exec ${PINS:+taskset -c 0} unshare -m --propagation private "${BASH:-/bin/bash}" "$0" "$@"
fi
set -u
MNTNS=$(realpath "${MNTNS:?path of the program under test}")
source_root=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
work=$(mktemp -d "${TMPDIR:-/tmp}/mntns-test.XXXXXX")
chmod 755 "$work"
export MNTNS_RUNTIME_DIR=$work/run
count=0
failed=0
# Below `work`, as the kernel writes them.
mount_points() {
	awk -v below="$work/" 'index($5, below) == 1 { print $5 }' /proc/self/mountinfo | sort -ru
}
at_exit() {
	local try target
	for pid in $(jobs -p); do kill -9 "$pid" 2>/dev/null; done
	cd /
	"$MNTNS" unpin --all
	# One mount of each place: what another one hides is reached once that is gone.
	for try in {1..100}; do
		[ -n "$(mount_points)" ] || break
		mount_points | while read -r target; do
			printf -v target %b "${target//\\/\\0}" # \ooo as the byte it is
			umount -l -- "$target" 2>/dev/null
		done
	done
	rm -rf --one-file-system "$work"
}
trap at_exit EXIT

pass() {
	count=$((count + 1))
	echo "ok $count - ${1//$'\n'/ }"
}
fail() {
	count=$((count + 1))
	failed=$((failed + 1))
	echo "not ok $count - ${1//$'\n'/ }"
	shift
	[ $# = 0 ] || printf '%s\n' "$@" | sed 's/^/# /'
}
skip() { # SENTENCE REASON: CI knows the expected ones by name, see tools/test
	count=$((count + 1))
	echo "ok $count - ${1//$'\n'/ } # SKIP $2"
}
# ok SENTENCE COMMAND…: it succeeds
ok() {
	local sentence=$1 output status
	shift
	output=$("$@" 2>&1)
	status=$?
	if [ $status = 0 ]; then pass "$sentence"; else fail "$sentence" "$* -> status $status" "$output"; fi
}
# refused SENTENCE STATUS PATTERN COMMAND…: that status, and stderr has the (grep -E) pattern
refused() {
	local sentence=$1 want=$2 pattern=$3 output status
	shift 3
	output=$("$@" 2>&1 >/dev/null)
	status=$?
	if [ $status = "$want" ] && grep -qE -- "$pattern" <<<"$output"; then
		pass "$sentence"
	else
		fail "$sentence" "$* -> status $status, expected $want and /$pattern/" "$output"
	fi
}
# is SENTENCE GOT WANT
is() {
	if [ "$2" = "$3" ]; then pass "$1"; else fail "$1" "got:  $2" "want: $3"; fi
}
# like SENTENCE GOT PATTERN
like() {
	if grep -qE -- "$3" <<<"$2"; then pass "$1"; else fail "$1" "got: $2" "want: /$3/"; fi
}
# unlike SENTENCE GOT PATTERN
unlike() {
	if grep -qE -- "$3" <<<"$2"; then fail "$1" "got: $2" "unwanted: /$3/"; else pass "$1"; fi
}
# since VERSION THERE BEFORE: what is to be seen from that Linux on, and before
since() {
	if printf '%s\n' "$1" "$(uname -r)" | sort -VC; then echo "$2"; else echo "$3"; fi
}
# The namespace's table as far as it matters: the pin of the template may come.
table() {
	grep -v " $MNTNS_RUNTIME_DIR" /proc/self/mountinfo
}
make_root() {
	root=${1:-$work/root}
	mkdir -p "$root"/{bin,etc,proc,dev,sys,tmp,root,mnt}
	chmod 1777 "$root/tmp"
	cp /bin/busybox "$root/bin/"
	chroot "$root" /bin/busybox --install -s /bin
	printf 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/home:/bin/sh\n' >"$root/etc/passwd"
	printf 'root:x:0:\nuser:x:1000:\nextra:x:2000:user\n' >"$root/etc/group"
}
run() {
	"$MNTNS" run "$@"
}
# await CONDITION…: at most 30 s, of naps alone
await() {
	for _ in $(seq 1500); do
		"$@" && return
		sleep 0.02
	done
	return 1
}
# new_ns PROPAGATION: a process in a new namespace, in $pid
new_ns() {
	rm -f "$work/ready"
	unshare -m --propagation "$1" sh -c 'touch "$1/ready"; exec sleep 3600' - "$work" &
	pid=$!
	until [ -e "$work/ready" ] && [ "$(cat /proc/$pid/comm)" = sleep ]; do sleep 0.01; done
}
# on_terminal COMMAND: the caller has a terminal. Its input stays open: script(1) types an
# end-of-file at the end of its own.
on_terminal() {
	[ -p "$work/typed" ] || mkfifo "$work/typed"
	script -qec "$1" /dev/null <>"$work/typed" | tr -d '\r'
}
# As an ordinary user without any privilege.
as_user() {
	setpriv --reuid 12345 --regid 12345 --clear-groups --inh-caps=-all \
		env HOME="$work" MNTNS_RUNTIME_DIR="$work/user-run" "$@"
}
finish() {
	echo "1..$count"
	[ $failed = 0 ]
	exit
}
