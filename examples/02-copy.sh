#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A new namespace starts as a copy: with / for its root and nothing else, the same mounts are there.
. "$(dirname "$0")/lib.sh"
mkdir here
mount -t tmpfs copied here
inside=$(mntns run --share pid --share cgroup / cut -d' ' -f3-5 /proc/self/mountinfo)
see "device, root and place of every mount are the same" \
	[ "$inside" = "$(cut -d' ' -f3-5 /proc/self/mountinfo)" ]
