/* SPDX-License-Identifier: Apache-2.0 */
/* What glibc 2.36 has of mount calls and musl has not; see their pages of section 2. */
#ifndef MUSL_SYS_MOUNT_H
#define MUSL_SYS_MOUNT_H

#include <stddef.h>
#include_next <sys/mount.h>
#include <linux/mount.h>

int open_tree(int dirfd, const char *path, unsigned flags);
int move_mount(int from, const char *from_path, int to, const char *to_path, unsigned flags);
int mount_setattr(int dirfd, const char *path, unsigned flags, struct mount_attr *attr,
		  size_t size);
int fsopen(const char *type, unsigned flags);
int fspick(int dirfd, const char *path, unsigned flags);
int fsconfig(int context, unsigned command, const char *key, const void *value, int aux);
int fsmount(int context, unsigned flags, unsigned attributes);

#endif
