// SPDX-License-Identifier: Apache-2.0
/* The ways to a namespace: through what holds it, as long as that is there. */
#include "base/mem.h"
#include "read/scan_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <linux/nsfs.h>

static bool is_mount_ns(int fd, uint64_t inode)
{
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 && st.st_ino == inode &&
	       ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNS;
}

static int open_if(char *path, uint64_t inode)
{
	AUTO_FREE char *owned = path;
	AUTO_FD int fd = owned ? open(owned, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;

	return is_mount_ns(fd, inode) ? TAKE_FD(fd) : -1;
}

/* A bind may be covered by now, or its directory replaced: the inode tells. */
int scan_open(const struct scan *scan, uint32_t i)
{
	const struct scan_way *way = &scan->ways[i];
	pid_t in = way->bind ? scan->ways[way->in].rooted : 0;
	uint64_t inode = scan->world->ns[i].inode;
	int fd = -1;

	if (way->pid)
		fd = open_if(xasprintf("/proc/%d/ns/mnt", way->pid), inode);
	if (fd < 0 && way->holder)
		fd = open_if(xasprintf("/proc/%d/fd/%d", way->holder, way->fd), inode);
	if (fd < 0 && in)
		fd = open_if(xasprintf("/proc/%d/root%s", in, way->bind), inode);
	return fd;
}

static bool refuses(char *path)
{
	AUTO_FREE char *owned = path;
	struct stat st;

	return stat(owned, &st) < 0 && (errno == EACCES || errno == EPERM);
}

/* Whatever held it is gone, or a zombie: another process of it would have been found as well. */
bool scan_has_ended(const struct scan_way *way)
{
	return !way->bind && !(way->pid && refuses(xasprintf("/proc/%d/ns/mnt", way->pid))) &&
	       !(way->holder && refuses(xasprintf("/proc/%d/fd/%d", way->holder, way->fd)));
}
