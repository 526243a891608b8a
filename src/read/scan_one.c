// SPDX-License-Identifier: Apache-2.0
/* A single namespace, without a look at the rest of the machine. */
#include "base/mem.h"
#include "read/scan.h"
#include "read/table.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <linux/nsfs.h>
#include <linux/sched.h>

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

static uint64_t owner_of(int ns_fd)
{
	AUTO_FD int fd = ioctl(ns_fd, NS_GET_USERNS);
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 ? st.st_ino : 0;
}

int scan_one(pid_t pid, const char *nsfs, struct mnt_world *ret, struct err *err)
{
	AUTO_FD int fd = open_ns(pid, nsfs, err);
	struct mnt_ns ns = {.has_table = true};
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return err_set(err, errno, "fstat");
	if (ioctl(fd, NS_GET_MNTNS_ID, &ns.id) < 0)
		ns.id = 0;
	ns.inode = st.st_ino;
	ns.owner = owner_of(fd);
	int rc = read_table(&(struct read_ns){pid, ns.id, fd}, &ns.table, err);
	if (rc < 0)
		return rc;
	ns.n_mounts = (uint32_t)ns.table.n;
	*ret = (struct mnt_world){.self = MAP_NONE, .n_ns = 1};
	ret->ns = xrealloc(NULL, 1, sizeof(ns));
	ret->ns[0] = ns;
	return 0;
}
