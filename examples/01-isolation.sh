#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Isolation: a mount made inside is in the table inside, and in no other.
. "$(dirname "$0")/lib.sh"
inside=$(mntns run --cap-add SYS_ADMIN busybox sh -c '
	mount -t tmpfs mine /mnt
	grep -c "^mine /mnt " /proc/self/mounts
	readlink /proc/self/ns/mnt')
see "the mount is in the table inside" [ "${inside%%$'\n'*}" = 1 ]
see "it is not in the table outside" [ "$(grep -c '^mine ' /proc/self/mounts)" = 0 ]
see "the two namespaces differ" [ "${inside##*$'\n'}" != "$(readlink /proc/self/ns/mnt)" ]
