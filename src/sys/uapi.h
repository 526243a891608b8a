/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernel constants that are newer than Debian 12's headers (Linux 6.1, glibc 2.36).
 * The only file with #ifndef; the number behind each is the kernel that brought it.
 */
#ifndef SYS_UAPI_H
#define SYS_UAPI_H

#include <sys/mount.h>

#ifndef MOVE_MOUNT_BENEATH
#define MOVE_MOUNT_BENEATH 0x00000200 /* 6.5 */
#endif

#ifndef NSFS_MAGIC
#define NSFS_MAGIC 0x6e736673
#endif

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080 /* 5.6 */
#endif

#endif
