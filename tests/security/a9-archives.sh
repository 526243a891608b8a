#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A9, E5: archives. The runtime takes directories: it unpacks no layer and restores no checkpoint.
#
# What would be vulnerable is a runtime that has such commands (CVE-2021-29136, CVE-2024-8676): it is
# enough that the probes engines make find none, and that nothing is written.
. "$(dirname "$0")/lib.sh"
mkdir "$work/image"
tar -C "$outside" -cf "$work/image/rootfs-diff.tar" file
for command in checkpoint restore; do
	status=0
	output=$(rt $command --image-path "$work/image" "$id" 2>&1) || status=$?
	unlike "$command is refused" "$status" '^0$'
done
case $OCI_RUNTIME in
*/mntns-oci)
	refused "and engines that probe for it see that" 1 . rt checkpoint --help
	unlike "no command takes an archive" "$(rt --help)" '^ +(checkpoint|restore|import|pull|unpack)'
	;;
esac
status=0
is "nothing was written" "$(damage)" ""
finish
