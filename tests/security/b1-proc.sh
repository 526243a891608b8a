#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# B1: mounts below /proc, or a /proc that is none, catch what the runtime writes there.
#
# Labels and sysctls then go to a file of the attacker and are silently not set (CVE-2019-16884,
# CVE-2025-52881). Debian's crun 1.8.1 runs all of these, runc 1.1.5 those with a tmpfs.
. "$(dirname "$0")/lib.sh"
mkdir -p "$work/fake/self/attr" "$work/fake/sys/kernel"
for place in /proc/self/attr /proc/sys/kernel /proc/1 /proc/thread-self/fd /proc/self/../sys /proc/sys; do
	config 'add_mount(plain("tmpfs"; $place; []))' --arg place "$place"
	denied "a tmpfs at $place"
	config 'add_mount(bind($fake; $place; []))' --arg place "$place" --arg fake "$work/fake"
	denied "a bind at $place"
done
for place in proc sys; do
	fresh
	rmdir "${rootfs:?}/$place"
	ln -s "$outside" "$rootfs/$place"
	config .
	denied "/$place is a link out"
	rm "${rootfs:?}/$place"
	ln -s mnt "$rootfs/$place"
	denied "/$place is a link inside"
done
fresh
config '.mounts[0] = bind($fake; "/proc"; [])' --arg fake "$work/fake"
denied "a fake tree as /proc"
config '.mounts[0] = plain("tmpfs"; "/proc"; [])'
denied "a tmpfs as /proc"
sh_config 'echo /proc/[0-9]*' 'add_mount(plain("tmpfs"; "/proc/acpi"; [])) | without("/proc/acpi")'
prints "the control: /proc alone" /proc/1
finish
