// SPDX-License-Identifier: Apache-2.0
/* A single namespace, without a look at the rest of the machine. */
#include "base/mem.h"
#include "read/scan_parts.h"
#include "read/table.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <linux/nsfs.h>

static int open_ns(pid_t pid, const char *nsfs, struct err *err)
{
	AUTO_FREE char *path = nsfs ? xstrdup(nsfs) : xasprintf("/proc/%d/ns/mnt", pid);
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT && !nsfs)
		return err_say(err, ESRCH, "there is no process %d", pid);
	if (fd < 0)
		return err_set(err, errno, "open %s", path);
	if (ioctl(fd, NS_GET_NSTYPE) != CLONE_NEWNS)
		return err_say(err, EINVAL, "%s is no mount namespace", path);
	return TAKE_FD(fd);
}

static struct scan_way way_of(pid_t pid)
{
	AUTO_FREE char *path = xasprintf("/proc/%d", pid);
	AUTO_FD int dir = pid ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;

	return (struct scan_way){.pid = pid, .rooted = dir >= 0 && scan_is_rooted(dir) ? pid : 0};
}

int scan_one(pid_t pid, const char *nsfs, struct mnt_world *ret, struct err *err)
{
	AUTO_FD int fd = open_ns(pid, nsfs, err);
	struct scan_way way = way_of(pid);
	struct mnt_ns ns = {0};

	if (fd < 0)
		return fd;
	scan_describe(fd, &ns);
	int rc = scan_table(&ns, &way, fd, err);
	if (rc < 0)
		return rc;
	*ret = (struct mnt_world){.self = MAP_NONE, .n_ns = 1};
	ret->ns = xrealloc(NULL, 1, sizeof(ns));
	ret->ns[0] = ns;
	return 0;
}
