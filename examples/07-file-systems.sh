#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What two namespaces share is the file system, not the tree: a write in one is read in the other.
. "$(dirname "$0")/lib.sh"
mkdir data
mntns run --bind "$work/data:/mnt" busybox sh -c 'echo one >/mnt/letter'
see "the host reads what the first box wrote" [ "$(cat data/letter)" = one ]
see "so does a second box, at a place of its own" \
	[ "$(mntns run --bind "$work/data:/tmp/elsewhere" busybox cat /tmp/elsewhere/letter)" = one ]
