#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A3: no /dev is mounted, and that of the root is a link or holds planted entries.
#
# Device nodes, ptmx and the links stdin, stdout, stderr are then made on the host: runc 1.1.5 and
# crun 1.8.1 replace outside/ptmx (CVE-2026-41579, CVE-2026-47766).
# Seen here: runc 1.1.5 fails 9 of the 74 checks and crun 1.8.1 fails 6, all with /dev a link to the outside.
. "$(dirname "$0")/lib.sh"
no_dev='without("/dev")'
for to in "$outside" "../../../../../..$outside" "/proc/self/root$outside" /proc/self/cwd /proc/1/root /no/such . /; do
	fresh
	rmdir "$rootfs/dev"
	ln -s "$to" "$rootfs/dev"
	config "$no_dev"
	resists "/dev -> $to"
	config "$no_dev"' | .linux.devices = [{path: "/dev/sda9", type: "c", major: 1, minor: 3, fileMode: 438, uid: 7, gid: 7}]'
	resists "/dev -> $to, and a device of the configuration"
	config 'without("/dev/")'
	resists "/dev -> $to, and a tmpfs there"
done
for name in null zero full random urandom tty ptmx console stdin stdout stderr fd core pts shm; do
	for to in "$outside/file" "$outside/new" "../../../../../..$outside/dir"; do
		fresh
		ln -s "$to" "$rootfs/dev/$name"
		config "$no_dev"
		resists "planted: /dev/$name -> $to"
	done
done
for device in /dev/../../../../../../.."$outside"/sda /link/sda "/dev/deep/er/sda" "$outside/sda"; do
	fresh
	ln -s "$outside" "$rootfs/link"
	config ".linux.devices = [{path: \$path, type: \"c\", major: 1, minor: 3, fileMode: 438, uid: 7, gid: 7}]" --arg path "$device"
	resists "a device at $device"
done
finish
