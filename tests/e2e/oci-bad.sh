#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What callers get wrong, and machines that have no room: closed descriptors, ids, bundles, state
# directories, limits. Each is refused with a sentence, or works; nothing is left.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
make_bundle "$work/true" '.process.args = ["/bin/true"]'
true_bundle=$bundle
left() { find "$oci_root" -mindepth 1 -maxdepth 1 -not -name '.*' 2>/dev/null; find /sys/fs/cgroup -maxdepth 2 -type d -name 'mntns-oci-bad*' 2>/dev/null; }
# no_crash SENTENCE STATUS TEXT: it ended, by itself, and said something if it failed
no_crash() {
	if [ "$2" = 0 ] || { [ "$2" -lt 124 ] && [ -n "$3" ]; }; then pass "$1"; else fail "$1" "status $2: $3"; fi
}

# --- standard descriptors that are closed ---
for closed in "0<&-" "1>&-" "2>&-" "0<&- 1>&-" "0<&- 2>&-" "1>&- 2>&-" "0<&- 1>&- 2>&-"; do
	for command in run create; do
		sh -c "exec timeout 20 '$OCI' --root '$oci_root' --log '$work/log' $command --bundle '$true_bundle' bad $closed" </dev/null >/dev/null 2>&1
		is "$command with $closed" $? 0
		[ "$command" = run ] || oci delete --force bad
	done
done
make_bundle "$work/fds" '.process.args = ["/bin/sh", "-c", "for n in 0 1 2; do readlink /proc/self/fd/$n; done >/out"] | .root.readonly = false'
sh -c "exec '$OCI' --root '$oci_root' run --bundle '$bundle' bad 0<&- 1>&- 2>&-"
is "the program's are then /dev/null" "$(sed 's#^/null$#/dev/null#' "$bundle/rootfs/out" | tr '\n' ' ')" "/dev/null /out /dev/null "

# --- a PID file that is none ---
mknod "$work/null" c 1 3
# Its process would keep the pipe of `ok` open.
oci create --pid-file "$work/null" --bundle "$true_bundle" bad </dev/null >/dev/null 2>&1
is "a device takes the PID" $? 0
is "and stays one" "$(stat -c %F "$work/null")" "character special file"
oci delete --force bad
mkfifo "$work/fifo"
refused "a pipe that nobody reads is no place for it" 1 "--pid-file $work/fifo: No such device or address" \
	oci create --pid-file "$work/fifo" --bundle "$true_bundle" bad
refused "nor a directory" 1 "--pid-file $work: Is a directory" oci create --pid-file "$work" --bundle "$true_bundle" bad

# --- ids ---
long=$(printf 'a%.0s' {1..256})
for id in .. . / a/b ../a "a b" $'a\nb' $'a\x01b' $'a\xff' .a -- -a 'a;b' 'ä' "$long" 'a*' 'a:b'; do
	for command in "run --bundle $true_bundle" "create --bundle $true_bundle" state start "kill" "delete" "delete --force"; do
		# shellcheck disable=SC2086 # it has options
		output=$(oci $command -- "$id" 2>&1 </dev/null)
		status=$?
		[ "$status" != 0 ] && [ -n "$output" ] || { fail "$command of id $(printf %q "$id")" "status $status: $output"; continue 2; }
	done
	pass "no id: $(printf %q "$id")"
done
refused "an empty one" 1 'id' oci run --bundle "$true_bundle" ''
is "one of 255 characters is one" "$(oci run --bundle "$true_bundle" "${long:1}" </dev/null 2>&1; echo $?)" 0
for id in a A 0 a.b a_b a-b a+b _a +a; do
	ok "an id: $id" oci run --bundle "$true_bundle" "$id"
done
refused "delete of what is not there" 1 'no container|does not exist' oci delete none
ok "delete --force of it is content" oci delete --force none

# --- bundles ---
refused "no such bundle" 1 "--bundle $work/none: No such file" oci run --bundle "$work/none" bad
refused "a bundle that is a file" 1 'Not a directory' oci run --bundle "$true_bundle/config.json" bad
mkdir "$work/empty"
refused "one without config.json" 1 "$work/empty/config.json: No such file" oci run --bundle "$work/empty" bad
make_bundle "$work/roots"
for root in none rootfs/etc/passwd; do
	change ".root.path = \"$root\""
	refused "a root that is $root" 1 "root.*$root|ROOT.*$root" oci run --bundle "$bundle" bad
done
change '.root.path = ""'
refused "an empty one" 1 'root.path' oci run --bundle "$bundle" bad
ln -s rootfs "$bundle/link"
change '.root.path = "link" | .process.args = ["/bin/true"]'
ok "a root by a link works" oci run --bundle "$bundle" bad
for version in '"0.1.0"' '"2.0.0"' '"x"' '""' 1 null; do
	make_bundle "$work/version" ".ociVersion = $version"
	refused "version $version of the specification" 1 'ociVersion' oci run --bundle "$bundle" bad
done
make_bundle "$work/secret"
chmod 700 "$bundle/rootfs"
chown 1 "$bundle/rootfs"
as_user "$OCI" --root "$work/user" run --bundle "$bundle" bad >"$work/out" 2>&1 </dev/null
like "a root that may not be read" "$?:$(cat "$work/out")" '^1:.*(Permission denied|not permitted)'

# --- the state directory ---
mkdir "$work/ro"
mount -t tmpfs -o ro,mode=700 ro "$work/ro"
refused "a read-only one" 1 "Read-only file system" "$OCI" --root "$work/ro" run --bundle "$true_bundle" bad
refused "one that cannot be made" 1 "Read-only file system" "$OCI" --root "$work/ro/below" run --bundle "$true_bundle" bad
: >"$work/file"
refused "one that is a file" 1 'Not a directory' "$OCI" --root "$work/file" run --bundle "$true_bundle" bad
mkdir -m 777 "$work/open"
chmod 777 "$work/open"
refused "one where others may write" 1 'no other may write there' "$OCI" --root "$work/open" run --bundle "$true_bundle" bad
mkdir "$work/full"
for options in size=4k size=8k nr_inodes=2 nr_inodes=3 nr_inodes=4 nr_inodes=5; do
	mount -t tmpfs -o "mode=700,$options" full "$work/full"
	output=$(timeout 20 "$OCI" --root "$work/full" run --bundle "$true_bundle" bad 2>&1 </dev/null)
	no_crash "a full one: $options" $? "$output"
	is "has nothing afterwards" "$(find "$work/full" -mindepth 1 -not -path '*/.filters*')" ""
	umount "$work/full"
done

# --- little of everything ---
# A sanitizer needs room of its own.
if [ -z "${SANITIZED:-}" ]; then
	for n in 3 4 5 6 7 8 10 12 14 16 20 24; do
		output=$( (ulimit -n $n; exec "$OCI" --root "$oci_root" run --bundle "$true_bundle" bad) 2>&1 </dev/null)
		no_crash "$n descriptors" $? "$output"
	done
	for mib in 1 2 4 8 16 64; do
		output=$( (ulimit -v $((mib * 1024)); exec "$OCI" --root "$oci_root" run --bundle "$true_bundle" bad) 2>&1 </dev/null)
		status=$?
		# The kernel kills a program that does not fit before it can say anything; one that just fits says it.
		[ $status != 139 ] && [ $status != 137 ] && [ "$output" != 'mntns: out of memory' ] || [ $mib -gt 2 ] || status=0
		no_crash "$mib MiB of address space" $status "$output"
	done
	refused "a program whose file cannot be protected" 1 'could overwrite this program' \
		strace -o /dev/null -e trace=fsopen,open_tree -e inject=fsopen,open_tree:error=EMFILE \
		"$OCI" --root "$oci_root" run --bundle "$true_bundle" bad
fi
pids=/sys/fs/cgroup/pids/bad-$$
if mkdir "$pids" 2>/dev/null; then
	for n in 1 2 3 4 5; do
		output=$(echo "$BASHPID" >"$pids/cgroup.procs"; echo $n >"$pids/pids.max"; exec "$OCI" --root "$oci_root" run --bundle "$true_bundle" bad 2>&1 </dev/null)
		no_crash "a limit of $n processes" $? "${output:-bash could not say}"
	done
	rmdir "$pids"
fi
make_bundle "$work/one" '.process.args = ["/bin/true"] | .linux.resources.pids = {limit: 1}'
ok "a container of one process" oci run --bundle "$bundle" bad
is "nothing is left" "$(left)" ""
finish
