/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of one mount namespace, from the kernel. There are two ways to read it, and both give
 * the same table but for mnt.unique: the text of /proc/PID/mountinfo, every kernel's, and
 * listmount(2) with statmount(2). Text is faster in small plain namespaces; where mounts are slaves
 * of groups with many peers the kernel looks through all peers for each line of it.
 */
#ifndef READ_TABLE_H
#define READ_TABLE_H

#include <sys/types.h>

#include "mnt/mnt.h"

/* Ways to a namespace; what is not known is 0 or -1. At least one of them must be known. */
struct read_ns {
	pid_t pid;   /* a process or thread of it, whose root directory is the namespace's */
	uint64_t id; /* NS_GET_MNTNS_ID */
	int fd;	     /* of its nsfs file */
};

/*
 * The better of the two ways, and an older one where there is no process. ESRCH: the namespace has
 * ended; EACCES or EPERM: it may not be read.
 */
int read_table(const struct read_ns *ns, struct mnt_table *ret, struct err *err);

/* mountinfo as text; `name` is the file in sentences, which name the line too. */
int read_mountinfo_text(const char *text, size_t len, const char *name, struct mnt_table *ret,
			struct err *err);
/* The same from an open mountinfo file, which is read to its end. */
int read_mountinfo(int fd, const char *name, struct mnt_table *ret, struct err *err);
/*
 * ENOSYS: this kernel's statmount has not all that mountinfo has. ns 0: the caller's own. ns_fd is
 * the nsfs file of another one, which is entered if one of its mounts may have a mnt.from; with -1
 * that is left out.
 */
int read_statmount(uint64_t ns, int ns_fd, struct mnt_table *ret, struct err *err);
/* Only the mounts of this file system, without mnt.from: quick where they are few. */
int read_statmount_of(uint64_t ns, uint32_t major, uint32_t minor, struct mnt_table *ret,
		      struct err *err);

/* A descriptor of the mountinfo of a namespace that may have no process; needs CAP_SYS_ADMIN. */
int read_enter_mountinfo(int ns_fd, struct err *err);

#endif
