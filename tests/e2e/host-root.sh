#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns run /: the host's own tree in a private copy, and the experiments that need it.
. "$(dirname "$0")/../lib/tap.sh"
mkdir "$work/source" "$work/target" "$work/m"
echo content >"$work/source/a"
: >"$work/empty"
before=$(table)

is "experiment 1: a mount made inside is seen inside" \
	"$(run / sh -c "mount -t tmpfs t $work/m && grep -c ' $work/m ' /proc/self/mountinfo")" 1
is "experiment 1: and not outside" "$(table)" "$before"
unlike "experiment 1: the links of the namespaces differ" "$(run / readlink /proc/self/ns/mnt)" \
	"$(readlink /proc/self/ns/mnt | tr '[]' '..')"
points() { awk '{print $5}'; }
is "experiment 2: the copy starts equal" "$(run / cat /proc/self/mountinfo | points)" "$(points </proc/self/mountinfo)"
leak() { # PROPAGATION: does a mount made inside a copy of a shared tree appear outside?
	mount --bind "$work/m" "$work/m"
	mount --make-shared "$work/m"
	mkdir -p "$work/m/x"
	run --propagation "$1" / mount -t tmpfs t "$work/m/x"
	grep -c " $work/m/x " /proc/self/mountinfo
	umount -l "$work/m"
}
is "experiment 3: with unchanged propagation a mount leaks" "$(leak unchanged)" 1
is "experiment 3: with a private copy it does not" "$(leak private)" 0
is "experiment 3: nor with a slave copy" "$(leak slave)" 0
mount -t tmpfs m "$work/m"
mount --make-shared "$work/m"
mkdir "$work/m/x"
mkfifo "$work/go" "$work/ready"
arrives() { # PROPAGATION: does a mount made outside later appear inside?
	local out=$work/out.$1
	run --propagation "$1" / sh -c "echo >$work/ready; read -r _ <$work/go; grep -c ' $work/m/x ' /proc/self/mountinfo" >"$out" &
	read -r _ <"$work/ready"
	mount -t tmpfs t "$work/m/x"
	echo >"$work/go"
	wait $!
	umount "$work/m/x"
	cat "$out"
}
is "experiment 3: a slave copy receives mounts made outside" "$(arrives slave)" 1
is "experiment 3: a private copy does not" "$(arrives private)" 0
umount "$work/m"

echo outside >/tmp/mntns-test-$$
is "experiment 4: the host's /tmp is invisible with --private-tmp" \
	"$(run --private-tmp / ls -A /tmp)" ""
is "experiment 4: files made there are gone" \
	"$(run --private-tmp / sh -c 'echo x >/tmp/inside-$$; ls /tmp | wc -l'; ls /tmp | grep -c inside-)" "$(printf '1\n0')"
rm -f /tmp/mntns-test-$$

five() {
	run --bind "$work/source:$work/target$1" / sh -c \
		"ls $work/target; grep -c ' $work/target ' /proc/self/mounts /proc/self/mountinfo; grep -c ' $work/target ' /proc/self/mountstats" | tr '\n' ' '
}
is "experiment 5: a bind shows the source, with a line in each table" "$(five '')" \
	"a /proc/self/mounts:1 /proc/self/mountinfo:1 1 "
is "experiment 5: outside the target is empty and there is no line" \
	"$(ls "$work/target"; grep -c "$work/target" /proc/self/mountinfo)" 0
mount --bind "$work" "$work"
mount --make-shared "$work"
like "experiment 5: root, mount point and master in mountinfo" \
	"$(run --bind "$work/source:$work/target:slave" / grep " $work/target " /proc/self/mountinfo)" \
	"/source $work/target .* master:[0-9]+ -"
umount -l "$work"
is "experiment 6: a bind of a single file" \
	"$(run --bind "$work/source/a:$work/empty" / cat "$work/empty"; stat -c %s "$work/empty")" "$(printf 'content\n0')"
is "experiment 7: the file system is shared, not the tree" \
	"$(run --bind "$work/source:$work/target" / sh -c "echo written >$work/target/b"; cat "$work/source/b")" written
refused "a missing destination in the host's tree is not made" 125 "does not exist" \
	run --bind "$work/source:$work/none" / true
is "the environment is the caller's" "$(X=y run / sh -c 'echo $X')" y
is "the working directory is kept" "$(cd "$work/source" && run / pwd)" "$work/source"
is "with a new PID namespace /proc is its own" "$(run --unshare pid / readlink /proc/self)" 1
is "an overlay of the host's root throws writes away" \
	"$(run --overlay / sh -c 'echo x >/mntns-test-file; cat /mntns-test-file'; ls / | grep -c mntns-test-file)" "$(printf 'x\n0')"
is "the table is as it was" "$(table)" "$before"
finish
