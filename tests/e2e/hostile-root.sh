#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A root full of traps: whatever is in it, nothing appears outside of it.
. "$(dirname "$0")/../lib/tap.sh"
make_root "$work/clean"
outside=$work/outside
mkdir -p "$outside/dir" "$work/src"
echo secret >"$outside/file"
echo planted >"$outside/ptmx"
echo content >"$work/src/a"
mkfifo "$outside/fifo"
snap() { (cd "$outside" && find . -printf '%p %y %m %s %T@ %l\n' | sort && cat file ptmx); }
before=$(snap)
table_before=$(table)
fresh() {
	rm -rf --one-file-system "$work/root"
	cp -a "$work/clean" "$work/root"
	root=$work/root
}
# safe SENTENCE COMMAND…: it works, or is refused with a sentence; in both cases nothing leaks.
safe() {
	local sentence=$1 output status
	shift
	output=$(timeout -s KILL 20 "$@" 2>&1)
	status=$?
	if [ "$(snap)" != "$before" ] || [ "$(table)" != "$table_before" ]; then
		fail "$sentence" "something changed outside" "$(diff <(echo "$before") <(snap))"
	elif grep -q secret <<<"$output"; then
		fail "$sentence" "a file of the host was seen: $output"
	elif [ $status = 0 ] || { [[ $status = 12[567] ]] && grep -q '^mntns run: .* ' <<<"$output"; }; then
		pass "$sentence ($status)"
	else
		fail "$sentence" "status $status" "$output"
	fi
}

traps=("$outside" "../../../../../../..$outside" "/../..$outside" /proc/self/root
	"/proc/self/root$outside" "/proc/self/cwd/../../..$outside" /no/such/place "../..$work/none"
	loop . / /proc/1/root "/proc/thread-self/fd/3")
for way in template classic; do
	[ $way = classic ] && export MNTNS_WITHOUT=template
	for place in proc dev sys tmp mnt; do
		for trap in "${traps[@]}"; do
			fresh
			rm -rf "$root/$place"
			ln -s "$trap" "$root/$place"
			[ "$trap" = loop ] && ln -s "$place" "$root/loop"
			safe "$way: /$place -> $trap" "$MNTNS" run --tmpfs /tmp --bind "$work/src:/mnt" \
				--bind "$work/src/a:/tmp/made" "$root" sh -c 'cat /mnt/file /dev/file /tmp/file /proc/file 2>/dev/null; :'
		done
	done
	for deep in "$outside" "../../../../..$outside" /proc/self/root /no/such; do
		fresh
		ln -s "$deep" "$root/link"
		safe "$way: a mount point to be made below link -> $deep" \
			"$MNTNS" run --bind "$work/src:/link/new/dir" --tmpfs /link/dir "$root" true
		safe "$way: a file to be made at link -> $deep" "$MNTNS" run --bind "$work/src/a:/link" "$root" true
	done
done
unset MNTNS_WITHOUT

fresh
mkdir "$root/real"
ln -s /real "$root/link"
ln -s ../../real "$root/up"
is "a link that stays inside leads to the mount" "$(run --bind "$work/src:/link" "$root" cat /real/a)" content
is "a link with .. at the top stays inside" "$(run --bind "$work/src:/up" "$root" cat /real/a)" content
refused "a destination with .. is refused" 2 "may not contain" run --bind "$work/src:/../../real" "$root" true

for planted in file fifo link dir; do
	fresh
	case $planted in
	file) echo FAKE >"$root/dev/null" ;;
	fifo) mkfifo "$root/dev/null" ;;
	link) ln -s /etc/passwd "$root/dev/null" ;;
	dir) mkdir "$root/dev/null" ;;
	esac
	is "a planted /dev/null ($planted) is no mask" \
		"$(run --no-dev "$root" stat -c %t:%T /proc/keys)" 1:3
	is "nor is it the program's ($planted)" "$(run "$root" stat -c %t:%T /dev/null)" 1:3
done
fresh
ln -s /proc/self/environ "$root/dev/console"
safe "a planted /dev/console with -t" script -qec "$MNTNS run -t $root true" /dev/null

fresh
passwd=$root/etc/passwd
little=262144
[ -z "${SANITIZED:-}" ] || little=unlimited # the sanitizer's own shadow is terabytes
quick() { # SENTENCE STATUS: reading the users of the box ends, and in little memory
	local status
	timeout -s KILL 10 bash -c "ulimit -v $little; exec '$MNTNS' run --user user '$root' id -u" >"$work/out" 2>&1
	status=$?
	if [ "$status" = "$2" ]; then pass "$1"; else fail "$1" "status $status" "$(cat "$work/out")"; fi
}
quick "a good /etc/passwd" 0
rm "$passwd"; mkfifo "$passwd"; quick "a fifo as /etc/passwd" 125
rm "$passwd"; mknod "$passwd" c 1 5; quick "/dev/zero as /etc/passwd" 125
rm "$passwd"; ln -s "../../../../$outside/file" "$passwd"; quick "a link out of the root as /etc/passwd" 125
rm "$passwd"; mkdir "$passwd"; quick "a directory as /etc/passwd" 125
rmdir "$passwd"; truncate -s 2G "$passwd"; quick "a sparse file of 2 GiB as /etc/passwd" 125
rm "$passwd"; { head -c 900000 /dev/zero | tr '\0' x; echo; echo 'user:x:7:7::/:'; } >"$passwd"; quick "a very long line in /etc/passwd" 0
printf 'user:x:4294967296:0::/:' >"$passwd"; quick "a user id that does not fit" 125
printf 'user:x:4294967295:0::/:' >"$passwd"; quick "the user id -1" 125
printf 'user:x:-1:0::/:' >"$passwd"; quick "a negative user id" 125
printf 'user:x:8:8::/:' >"$passwd"; quick "no newline at the end" 0
for user in "" 1: :1 -1 4294967296 4294967295 0x0 "1 " +1 $'root\n' "root:" 1:2:3 99999999999999999999; do
	status=0
	output=$(run --user "$user" "$root" id -u 2>&1) || status=$?
	sentence="--user $(printf %q "$user") is refused"
	case $status in 2 | 125) pass "$sentence" ;; *) fail "$sentence" "$output" ;; esac
done

# A directory of the host that the caller left open is no way out.
fresh
exec 9<"$outside" 11<"$outside/dir"
for n in 3 4 5 6 7 8 9 10 11 12; do
	ln -sfn "/proc/self/fd/$n" "$root/link"
	for cwd in "/proc/self/fd/$n" "/proc/self/fd/$n/.." /link /link/.. "/proc/thread-self/fd/$n" "/proc/1/fd/$n"; do
		safe "--workdir $cwd, link being /proc/self/fd/$n" "$MNTNS" run --workdir "$cwd" "$root" \
			sh -c 'cat file ./dir/file ../file 2>/dev/null; :'
	done
	# One of the host would say where it is there.
	for up in .. ../.. ../../.. ../../../../../..; do
		unlike "no program of the host by /proc/self/fd/$n/$up" \
			"$(run "$root" "/proc/self/fd/$n/$up$(realpath /bin/busybox)" readlink /proc/self/exe 2>/dev/null)" .
	done
done
exec 9<&- 11<&-

# A program in the box swaps a directory for a link to the outside while mounts are made below it.
fresh
mkdir -p "$work/volume/real"
ln -s "$outside/dir" "$work/volume/link"
"$SWAP" "$work/volume/real" "$work/volume/link" &
leaks=0
began=0
for i in $(seq 500); do
	run --bind "$work/volume:/vol" --bind "$work/src/a:/vol/real/deep/file-$i" --tmpfs "/vol/link/dir-$i" "$root" true 2>/dev/null && began=$((began + 1))
	[ "$(snap)" = "$before" ] || leaks=$((leaks + 1))
done
kill %1
wait 2>/dev/null
like "some of them begin" "$began" '^[1-9]'
is "500 starts against a swapping attacker leak nothing" "$leaks" 0
is "the outside is as it was" "$(snap)" "$before"
is "the caller's table is as it was" "$(table)" "$table_before"
finish
