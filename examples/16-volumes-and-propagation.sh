#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Propagation into a container, in the words of Kubernetes: None (private), HostToContainer (rslave),
# Bidirectional (rshared); shown by mounting on either side after the start.
. "$(dirname "$0")/lib.sh"
mkdir volume
mount -t tmpfs volume volume
mount --make-shared volume
mkdir volume/{host,box}
try() { # WORD: mounts on both sides; says who saw what
	mkfifo ready go
	mntns run --cap-add SYS_ADMIN --bind "$work:/tmp" --rbind "$work/volume:/mnt:$1" busybox sh -c '
		mount -t tmpfs frombox /mnt/box
		echo >/tmp/ready; read -r _ </tmp/go
		grep -c "^fromhost " /proc/self/mounts' >answer &
	read -r _ <ready
	out=$(grep -c '^frombox ' /proc/self/mounts || true)
	mount -t tmpfs fromhost volume/host
	echo >go
	wait $! || true
	in=$(cat answer)
	umount volume/host
	umount -q volume/box || true
	rm -f ready go
}
try rprivate
see "None: the box does not see the host's mount" [ "$in" = 0 ]
see "None: the host does not see the box's" [ "$out" = 0 ]
try rslave
see "HostToContainer: the box sees the host's" [ "$in" = 1 ]
see "HostToContainer: the host does not see the box's" [ "$out" = 0 ]
try rshared
see "Bidirectional: the box sees the host's" [ "$in" = 1 ]
see "Bidirectional: the host sees the box's" [ "$out" = 1 ]
