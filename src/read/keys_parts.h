/* SPDX-License-Identifier: Apache-2.0 */
/* What writing and reading of records share. */
#ifndef READ_KEYS_PARTS_H
#define READ_KEYS_PARTS_H

#include <sys/mount.h>

/* The attributes that mnt/attr.h has words for; others are written as a number. */
#define ATTR_WITH_WORD                                                                             \
	(MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC |            \
	 MOUNT_ATTR__ATIME | MOUNT_ATTR_NODIRATIME | MOUNT_ATTR_NOSYMFOLLOW)

#endif
