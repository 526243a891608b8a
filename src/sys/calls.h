/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Thin wrappers of system calls that libc does not have. They return what the call
 * returns (0 or a descriptor, -1 with errno); every descriptor is close-on-exec.
 * glibc's own wrappers (open_tree, move_mount, fsopen, …) are used as they are.
 */
#ifndef SYS_CALLS_H
#define SYS_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <linux/openat2.h>

/* openat2(2) */
int sys_openat2(int dirfd, const char *path, int flags, uint64_t resolve);
/* open_tree_attr(2); Linux 6.15 */
struct mount_attr;
int sys_open_tree_attr(int dirfd, const char *path, unsigned flags, struct mount_attr *attr,
		       size_t size);
bool sys_has_open_tree_attr(void);
/* pivot_root(2) */
int sys_pivot_root(const char *new_root, const char *put_old);
/* clone3(2): a fork with CLONE_NEW* flags; SIGCHLD at the child's end. cgroup: into that v2 one,
 * -1: the caller's. */
pid_t sys_clone3(uint64_t flags, int cgroup);
/* close_range(2) to the end: closes, or marks close-on-exec */
int sys_close_from(unsigned first);
int sys_cloexec_from(unsigned first);
/* Only those from `first` to `last`. */
int sys_close_range(unsigned first, unsigned last);

/* pidfd_open(2) */
int sys_pidfd_open(pid_t pid);
/* Whether the thread has the capability (CAP_*) in its user namespace. */
bool sys_has_cap(unsigned cap);

/* sendmsg(2) of data with a descriptor beside it (SCM_RIGHTS): how much was sent, or -errno. */
ssize_t sys_send_fd(int to, const void *data, size_t len, int fd);

struct uapi_statmount;
/*
 * statmount(2) of the mount with this unique id, in the namespace with this id (0: the caller's).
 * ret: at least 512 bytes; EOVERFLOW when the strings need more.
 */
int sys_statmount(uint64_t ns, uint64_t id, uint64_t mask, struct uapi_statmount *ret, size_t size);
/* listmount(2) of all mounts below `root` behind the one named `after` (0: from the first). */
ssize_t sys_listmount(uint64_t ns, uint64_t root, uint64_t after, uint64_t *ret, size_t n);
/* All mounts from the last one back, or from the one in front of `before`; Linux 6.11. */
ssize_t sys_listmount_back(uint64_t ns, uint64_t before, uint64_t *ret, size_t n);

#endif
