#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Bad input gets a sentence that names the argument and what would be right, and leaves nothing.
. "$(dirname "$0")/../lib/tap.sh"
make_root
mkdir "$work/src"
echo x >"$work/file"
before=$(table)
tree=$(find "$work" | sort)

refused "no command at all" 2 "expected a command; 'mntns help' lists them" "$MNTNS"
refused "an unknown command" 2 "there is no command 'rnu'" "$MNTNS" rnu
refused "an unknown option" 2 "unknown option --frobnicate" run --frobnicate "$root" true
refused "a misspelt option has a suggestion" 2 "did you mean --private-tmp\?" run --privat-tmp "$root" true
refused "an unknown letter" 2 "-Q" run -Q "$root" true
refused "an option without its argument" 2 "--bind.*SRC:DST" run --bind
refused "a flag with an argument" 2 "--read-only.*takes no" run --read-only=yes "$root" true
refused "missing ROOT" 2 "ROOT" run
refused "missing COMMAND" 2 "COMMAND" run "$root"
refused "missing COMMAND behind --" 2 "COMMAND" run "$root" --
refused "ROOT does not exist" 125 "ROOT $work/none: No such file" run "$work/none" true
refused "ROOT is a file" 125 "ROOT $work/file.*(not a directory|directory is expected|expected a directory)" run "$work/file" true
refused "an empty ROOT" 2 "ROOT.*empty" run "" true
refused "an empty COMMAND" 2 "COMMAND.*empty" run "$root" ""
refused "a bind source that is missing" 125 "--bind $work/none:/mnt: .*the source does not exist" run --bind "$work/none:/mnt" "$root" true
refused "a bind without destination" 2 "expected SRC:DST" run --bind "$work/src" "$root" true
refused "a relative destination" 2 "expected an absolute path inside the box" run --bind "$work/src:mnt" "$root" true
refused "an unknown word of a bind" 2 "a bind takes no option 'readonly'; expected ro" run --bind "$work/src:/mnt:readonly" "$root" true
refused "words that contradict each other" 2 "'rw' contradicts" run --bind "$work/src:/mnt:ro,rw" "$root" true
refused "two propagation types" 2 "'slave' contradicts 'shared'" run --bind "$work/src:/mnt:shared,slave" "$root" true
refused "a file on a directory" 125 "a file only on a file|only on a directory" run --bind "$work/file:/mnt" "$root" true
refused "a directory on a file" 125 "a directory can be attached only on a directory" run --bind "$work/src:/bin/busybox" "$root" true
refused "a missing destination on a read-only root" 125 "mount point does not exist and the root is read-only" \
	run --read-only --bind "$work/src:/not/there" "$root" true
refused "nonsense propagation" 2 "--propagation sharde.*expected private, slave, shared or unchanged" run --propagation sharde "$root" true
refused "an unknown namespace" 2 "'pidd': expected pid, net" run --unshare pidd "$root" true
refused "the mount namespace cannot be shared" 2 "the mount namespace is always new" run --share mnt "$root" true
refused "a tmpfs size that overflows" 2 "--tmpfs /mnt:size=99999999999g.*(large|overflow|too)" run --tmpfs /mnt:size=99999999999g "$root" true
refused "a tmpfs size that is none" 2 "size" run --tmpfs /mnt:size=many "$root" true
refused "a mode that is none" 2 "mode '9'" run --tmpfs /mnt:mode=9 "$root" true
refused "an option tmpfs does not know" 125 "--tmpfs /mnt:foo=bar.*foo" run --tmpfs /mnt:foo=bar "$root" true
refused "memory that overflows" 2 "--memory" run --memory 18446744073709551616 "$root" true
refused "no memory" 2 "--memory" run --memory 0 "$root" true
refused "half a process" 2 "--pids" run --pids 0.5 "$root" true
refused "cpus that are none" 2 "--cpus.*number" run --cpus two "$root" true
refused "an unknown user" 125 "no user 'nobody' in the box's /etc/passwd" run --user nobody "$root" true
refused "an unknown capability" 125 "CAP_FLY|FLY" run --cap-add FLY "$root" true
refused "a command that is not there" 127 "command 'nonesuch' not found" run "$root" nonesuch
refused "a command that cannot run" 126 "cannot be executed" run "$root" /etc/passwd
refused "a working directory that is not there" 125 "--workdir /none" run --workdir /none "$root" true
refused "a host name that is too long" 2 "--hostname" run --hostname "$(printf 'x%.0s' {1..70})" "$root" true
refused "a host name without a UTS namespace" 2 "--hostname.*uts" run --share uts --hostname x "$root" true
refused "--upper without its directory" 125 "upper" run --upper "$work/none/deeper" "$root" true
refused "--overlay and --upper" 2 "--overlay.*--upper" run --overlay --upper "$work/u" "$root" true
refused "--work without --upper" 2 "--work.*--upper" run --work "$work/w" "$root" true
refused "a layer that is missing" 125 "$work/none" run --layer "$work/none" "$root" true
refused "-t without a terminal's /dev" 2 "-t needs a terminal device in the box: leave --dev on" run -t --no-dev "$root" true
refused "an id map that overlaps" 2 "overlap" run --mount "type=bind,src=$work/src,dst=/mnt,idmap=0:0:10,5:20:10" "$root" true
refused "a missing type" 2 "expected type=" run --mount "src=$work/src,dst=/mnt" "$root" true
refused "a file system that does not exist" 125 "nosuchfs" run --mount type=nosuchfs,dst=/mnt "$root" true
refused "a volume by name" 2 "volumes by name" run -v data:/mnt "$root" true
refused "an anonymous volume" 2 "--tmpfs /data" run -v /data "$root" true
refused "a profile that is missing" 2 "$work/none.json" run --file "$work/none.json" "$root" true
echo '{"bind": ["/a:/b"' >"$work/profile.json"
refused "a profile that is no JSON names its line" 2 "profile.json:[0-9]+:[0-9]+" run --file "$work/profile.json" "$root" true
echo '{"bnid": ["/a:/b"]}' >"$work/profile.json"
refused "an unknown key of a profile" 2 "bnid" run --file "$work/profile.json" "$root" true
echo '{"memory": ["1g"]}' >"$work/profile.json"
refused "a profile's value of the wrong kind" 2 "memory" run --file "$work/profile.json" "$root" true
rm "$work/profile.json"
refused "a name that is none" 2 "--name" run --name a/b "$root" true
refused "control bytes in a message are escaped" 2 'unknown option --.033' run $'--\033[31m' "$root" true
refused "ops: line and column" 2 '^mntns ops: arguments:1:1: unknown op' "$MNTNS" ops frob
refused "ops: a command without --exec" 2 "only with --exec" "$MNTNS" ops 'tmpfs /mnt' -- true
refused "output that cannot be written" 125 "(No space|write)" bash -c "'$MNTNS' run --dry-run '$root' true >/dev/full"
like "an option behind ROOT belongs to the command" "$(run "$root" echo --bind)" '^--bind$'

# Warnings: the program runs, the trap is named.
warned() { # SENTENCE PATTERN COMMAND…
	local sentence=$1 pattern=$2 output
	shift 2
	output=$("$@" 2>&1 >/dev/null)
	status=$?
	if [ $status = 0 ] && grep -qE -- "$pattern" <<<"$output"; then pass "$sentence"; else fail "$sentence" "status $status" "$output"; fi
}
warned "a bind hidden by a later tmpfs" "--bind $work/src:/mnt/a.*hidden by .*--tmpfs /mnt" \
	run --bind "$work/src:/mnt/a" --tmpfs /mnt "$root" true
warned "a bind hidden by one on the same place" "hidden by" \
	run --bind "$work/src:/mnt" --bind "$work:/mnt" "$root" true
rmdir "$root/mnt/a" 2>/dev/null
is "no warning where nothing is hidden" "$(run --tmpfs /mnt --bind "$work/src:/mnt/a" "$root" true 2>&1)" ""

# No permission at all: not even a user namespace.
mkdir -p "$work/user-run"
chown 12345 "$work/user-run"
no_userns() { (ulimit -u 200000; unshare -U -r sh -c 'echo 0 >/proc/sys/user/max_user_namespaces; exec "$@"' sh "$@"); }
refused "no permission to make namespaces" 125 "(namespaces|permission|privilege)" no_userns \
	setpriv --bounding-set=-all --inh-caps=-all env "MNTNS_RUNTIME_DIR=$work/user-run" "$MNTNS" run "$root" true

refused "a mount point where none can be made" 125 'nothing can be made there' run --tmpfs /proc/none "$root" true
refused "a map without 0" 125 'not in the id map.*map 0' \
	run --unshare user --uidmap 5:100000:10 --gidmap 5:100000:10 --no-proc --no-sys "$root" true
is "the caller's table is as it was" "$(table)" "$before"
is "nothing was made" "$(find "$work" -path "$work/run" -prune -o -path "$work/user-run" -prune -o -print | sort)" \
	"$(grep -v "^$work/run" <<<"$tree")"
mkdir -p "$work/chroot/proc" "$work/chroot/tmp"
cp -a "$root" "$work/chroot/box"
# A build that is not static has no libraries there.
ldd "$MNTNS" >/dev/null 2>&1 || {
	cp "$MNTNS" "$work/chroot/mntns"
	mount -t proc proc "$work/chroot/proc"
	refused "in a chroot that is no mount" 125 'in a chroot, / is one only if the directory was bound on itself' \
		env MNTNS_RUNTIME_DIR=/tmp/run chroot "$work/chroot" /mntns run /box true
	umount "$work/chroot/proc"
	mount --bind "$work/chroot" "$work/chroot"
	mount -t proc proc "$work/chroot/proc"
	ok "in a chroot that is one" env MNTNS_RUNTIME_DIR=/tmp/run chroot "$work/chroot" /mntns run /box true
	umount -R "$work/chroot"
}
finish
