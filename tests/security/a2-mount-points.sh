#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A2: mount points that would have to be made through links: directories and files appear on the host.
#
# A runtime that makes them by path makes them where the link leads. runc 1.1.5 resolves links inside
# of the root and passes; with "../../../../tmp/x" as the destination of proc it made /tmp/x.
. "$(dirname "$0")/lib.sh"
mkdir "$work/src"
echo content >"$work/src/a"
for to in "$outside" "../../../../../..$outside" "$outside/none" /proc/self/root "/proc/self/root$outside" \
	/proc/self/cwd /no/such; do
	fresh
	ln -s "$to" "$rootfs/link"
	ln -s "$outside/new-file" "$rootfs/dangling"
	config 'add_mount(bind($src; "/link/new/dir"; []))' --arg src "$work/src"
	resists "a directory below link -> $to"
	config 'add_mount(bind($src + "/a"; "/link"; []))' --arg src "$work/src"
	resists "a file at link -> $to"
	config 'add_mount(bind($src + "/a"; "/link/new-file"; []))' --arg src "$work/src"
	resists "a file below link -> $to"
	config 'add_mount(plain("tmpfs"; "/link/tmp"; []))'
	resists "a tmpfs below link -> $to"
done
config 'add_mount(bind($src + "/a"; "/dangling"; []))' --arg src "$work/src"
resists "a file at a link that leads to nothing"
for up in "/../../../../../..$outside/x" "../../../../../..$outside/x" "/mnt/../../../../..$outside/x" "..$outside/x"; do
	for type in proc tmpfs sysfs mqueue bind; do
		fresh
		config '.mounts[0] = {type: $type, source: $src, destination: $up, options: (if $type == "bind" then ["bind"] else [] end)}' \
			--arg up "$up" --arg type "$type" --arg src "$work/src"
		resists "a $type at $up"
	done
done
fresh
mkdir "$rootfs/real"
ln -s /real "$rootfs/link"
sh_config 'cat /real/a' 'add_mount(bind($src; "/link"; []))' --arg src "$work/src"
prints "a link that stays inside leads to the mount" content
finish
