#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A whole container: all namespaces, limits, its own /proc, /dev and /sys, a host name, a volume, a
# switched root; the program is PID 1.
. "$(dirname "$0")/lib.sh"
mkdir volume
mntns run --unshare net --unshare user --hostname whale --memory 64m --pids 20 \
	--bind "$work/volume:/mnt" busybox sh -c '
	echo $$; hostname; ls /
	for kind in mnt pid uts ipc net cgroup user; do readlink /proc/self/ns/$kind; done
	test -c /dev/null -a -c /dev/ptmx -a -d /dev/pts -a -d /dev/shm -a -d /sys/class && echo devices
	ls /sys/class/net
	echo data >/mnt/file' >answer
see "the program is PID 1" [ "$(sed -n 1p answer)" = 1 ]
see "it has its host name" [ "$(sed -n 2p answer)" = whale ]
for kind in mnt pid uts ipc net cgroup user; do
	see "a $kind namespace of its own" [ "$(grep -c "^$kind:" answer)" = 1 -a \
		"$(grep "^$kind:" answer)" != "$(readlink "/proc/self/ns/$kind")" ]
done
see "/dev, its nodes, /dev/pts, /dev/shm and /sys are there" grep -qx devices answer
see "its network has loopback only" [ "$(tail -n 1 answer)" = lo ]
see "the volume kept what was written" [ "$(cat volume/file)" = data ]
see "a limit holds: 20 processes, not 40" [ "$(mntns run --pids 20 busybox sh -c '
	for i in 0 1 2 3; do for j in 0 1 2 3 4 5 6 7 8 9; do sleep 1 & done; done; wait' 2>&1 |
	grep -ci fork)" -gt 0 ]
