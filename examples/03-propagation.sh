#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Propagation leaks unless cut: the host's tree is shared; what is mounted inside a copy of it?
. "$(dirname "$0")/lib.sh"
mkdir tree
mount -t tmpfs tree tree
mount --make-shared tree
mkdir tree/{inside,outside}
try() { # PROPAGATION: mounts inside, then outside; says who saw which
	mkfifo ready go
	mntns run --propagation "$1" / sh -c "mount -t tmpfs leak '$work/tree/inside'
		echo >'$work/ready'; read -r _ <'$work/go'
		grep -c '^late ' /proc/self/mounts" >answer &
	read -r _ <ready
	out=$(grep -c '^leak ' /proc/self/mounts || true)
	mount -t tmpfs late tree/outside
	echo >go
	wait $! || true
	in=$(cat answer)
	umount tree/outside
	umount -q tree/inside || true
	rm -f ready go
}
try shared
see "shared: a mount made inside appears outside" [ "$out" = 1 ]
see "shared: a mount made outside appears inside" [ "$in" = 1 ]
try slave
see "slave: a mount made inside does not appear outside" [ "$out" = 0 ]
see "slave: a mount made outside appears inside" [ "$in" = 1 ]
try private
see "private: neither (inside to outside)" [ "$out" = 0 ]
see "private: neither (outside to inside)" [ "$in" = 0 ]
