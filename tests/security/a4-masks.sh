#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A4: what masked paths are covered with is under the attacker's control.
#
# A runtime that binds the root's /dev/null shows, and lets be written, whatever that is
# (CVE-2025-31133): runc 1.1.5 attaches a planted regular file.
. "$(dirname "$0")/lib.sh"
plant() {
	fresh
	echo hidden-by-mask >"$rootfs/etc/secret"
	rm -rf "$rootfs/dev/null"
	case $1 in
	link) ln -s "$outside/file" "$rootfs/dev/null" ;;
	inner-link) ln -s /etc/secret "$rootfs/dev/null" ;;
	core_pattern) ln -s /proc/sys/kernel/core_pattern "$rootfs/dev/null" ;;
	file) echo FAKE >"$rootfs/dev/null" ;;
	fifo) mkfifo "$rootfs/dev/null" ;;
	zero) mknod "$rootfs/dev/null" c 1 5 ;;
	disk) mknod "$rootfs/dev/null" b 1 3 ;;
	dir) mkdir "$rootfs/dev/null" ;;
	missing) ;;
	esac
}
# The masks are null whatever was planted, or there is no container.
masked() {
	local wrong
	launch
	wrong=$(damage)
	[ $status != 0 ] || [ "$output" = 1:3 ] || wrong+=" the mask is not null: $output"
	grep -q hidden-by-mask <<<"$output" && wrong+=" the masked file was seen"
	if [ -z "$wrong" ]; then pass "$1 ($status)"; else fail "$1" "$wrong" "status $status: ${output:0:300}"; fi
}
mask='.linux.maskedPaths = ["/etc/secret"] | .process.noNewPrivileges = false'
for kind in link inner-link core_pattern file fifo zero disk dir missing; do
	plant $kind
	sh_config 'stat -c %t:%T /etc/secret; head -c 100 /etc/secret' "$mask | without(\"/dev\")"
	masked "no /dev, and as /dev/null a planted $kind"
	plant $kind
	sh_config 'stat -c %t:%T /etc/secret; head -c 100 /etc/secret' "$mask"
	masked "a /dev, and below it a planted $kind"
	mkdir -p "$work/volume"
	rm -rf "$work/volume/null"
	cp -a "$rootfs/dev/." "$work/volume/"
	sh_config 'stat -c %t:%T /etc/secret; head -c 100 /etc/secret' \
		"$mask"' | without("/dev") | add_mount(bind($volume; "/dev"; []))' --arg volume "$work/volume"
	masked "a volume as /dev with a planted $kind"
done
plant missing
ln -s /etc/secret "$rootfs/etc/other"
sh_config 'cat /etc/other /etc/secret 2>&1; :' '.linux.maskedPaths = ["/etc/other"]'
launch
unlike "a mask whose name is a link covers what it leads to, or is refused" "$output" hidden-by-mask
rm "$rootfs/etc/other"
ln -s "$outside/file" "$rootfs/etc/other"
sh_config 'cat /etc/other; :' '.linux.maskedPaths = ["/etc/other"]'
resists "a mask whose name leads out"
sh_config 'cat /etc/other; :' '.linux.readonlyPaths = ["/etc/other"]'
resists "a read-only path that leads out"
sh_config 'cat /etc/passwd' '.linux.maskedPaths = ["/none", "/etc/passwd/below", "/etc/passwd"]'
prints "a masked path that is not there is no reason to stop" ""

# A volume used as /dev, whose null is swapped for a link meanwhile.
plant missing
rm -rf "$work/volume"
mkdir "$work/volume"
mknod -m 666 "$work/volume/null" c 1 3
ln -s "$outside/file" "$work/volume/other"
sh_config 'stat -c %t:%T /etc/secret; head -c 100 /etc/secret' \
	"$mask"' | without("/dev") | add_mount(bind($volume; "/dev"; []))' --arg volume "$work/volume"
"$SWAP" "$work/volume/null" "$work/volume/other" &
attacker=$!
race
kill $attacker
like "with a /dev/null that is swapped some begin" "$began" '^[1-9]'
is "of $STARTS starts against a swapped /dev/null none has another mask" "$(grep -cE 'secret-of|hidden-by' <<<"$output")" 0
status=0 output=
is "and nothing is left" "$(damage)" ""
finish
