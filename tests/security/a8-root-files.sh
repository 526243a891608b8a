#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A8: files of the root that a runtime may read for itself are traps.
#
# runc 1.1.5 opens /etc/passwd for HOME when the program starts: a fifo there and it waits for ever.
. "$(dirname "$0")/lib.sh"
PATIENCE=5
# runc is of Go and reserves more than this.
little=262144
case $OCI_RUNTIME in */runc) little=unlimited ;; esac
[ -z "${SANITIZED:-}" ] || little=unlimited
ulimit -v $little
plant() {
	local file=$rootfs/etc/$2
	fresh
	rm -f "$file"
	case $1 in
	fifo) mkfifo "$file" ;;
	zero) mknod "$file" c 1 5 ;;
	link) ln -s "../../../../../..$outside/file" "$file" ;;
	dir) mkdir "$file" ;;
	sparse) truncate -s 2G "$file" ;;
	long) { head -c 10000000 /dev/zero | tr '\0' x; echo; echo 'user:x:7:7::/:'; } >"$file" ;;
	unended) printf 'root:x:0:0:root:/root:/bin/sh' >"$file" ;;
	bad-id) echo 'root:x:4294967296:0::/:' >"$file" ;;
	loop) ln -s "$2" "$file" ;;
	esac
}
# Memory that a start takes at most, in KiB, the children's too.
rss() {
	python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=10)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$OCI_RUNTIME" --root "$states" run --bundle "$bundle" "$id"
	[ -z "$(ls "$states" 2>/dev/null)" ] || rt delete --force "$id" >/dev/null 2>&1
}
for name in passwd group; do
	for kind in fifo zero link dir sparse long unended bad-id loop; do
		plant $kind $name
		sh_config 'echo $HOME'
		resists "/etc/$name: $kind"
		sh_config 'grep -E ^[UG]id: /proc/self/status | cut -f 2' '.process.user = {uid: 1000, gid: 1000, additionalGids: [2000]}'
		case $kind in
		zero | sparse | long)
			most=$(rss)
			if [ "$most" -lt 65536 ]; then pass "/etc/$name: $kind takes less than 64 MiB ($most KiB)"; else fail "/etc/$name: $kind" "$most KiB"; fi
			;;
		esac
		launch
		like "as user 1000 (/etc/$name: $kind)" "$status ${output//$'\n'/ }" '^(0 1000 1000|[1-9])'
	done
done
for name in hostname resolv.conf ld.so.preload ld.so.cache nsswitch.conf localtime; do
	plant fifo $name
	config .
	resists "/etc/$name is a fifo"
done
fresh
rm "$rootfs/bin/true"
mkfifo "$rootfs/bin/true"
config .
denied "the program is a fifo"
rm "$rootfs/bin/true"
ln -s true "$rootfs/bin/true"
denied "the program is a link to itself"
rm "$rootfs/bin/true"
ln -s "../../../../../../..$outside/ptmx" "$rootfs/bin/true"
denied "the program leads out of the root"
finish
