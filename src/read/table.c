// SPDX-License-Identifier: Apache-2.0
/* The choice between mountinfo and statmount, and the way to mountinfo where no process is. */
#include "read/table.h"
#include "base/mem.h"
#include "read/statmount.h"
#include "sys/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static int read_pid(pid_t pid, struct mnt_table *ret, struct err *err)
{
	AUTO_FREE char *path = xasprintf("/proc/%d/mountinfo", pid);
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_set(err, errno == ENOENT ? ESRCH : errno, "open %s", path);
	int rc = read_mountinfo(fd, path, ret, err);
	/* EINVAL is what the kernel says of a process that has just let go of its namespace. */
	return rc == -EINVAL && kill(pid, 0) < 0 ? err_say(err, ESRCH, "process %d has ended", pid)
						 : rc;
}

/*
 * A child enters the namespace and opens the file; the descriptor table is shared, so that it is
 * open here too. The caller itself cannot enter: it would have to find back.
 */
int read_enter_mountinfo(int ns_fd, struct err *err)
{
	AUTO_FD int proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int status;

	if (proc < 0)
		return err_set(err, errno, "open /proc");
	pid_t pid = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
	if (pid < 0)
		return err_set(err, errno, "clone");
	/* The exit status is the descriptor, as far as it fits; a child has no other way home here.
	 */
	if (pid == 0) {
		int fd = setns(ns_fd, CLONE_NEWNS) < 0
				 ? -1
				 : openat(proc, "self/mountinfo", O_RDONLY | O_CLOEXEC);
		_exit(fd >= 0 && fd < 255 ? fd : 255);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (!WIFEXITED(status) || WEXITSTATUS(status) == 255)
		return err_say(err, EPERM,
			       "the namespace cannot be entered: that needs CAP_SYS_ADMIN over its "
			       "user namespace, and CAP_SYS_CHROOT");
	return WEXITSTATUS(status);
}

static int read_text(const struct read_ns *ns, struct mnt_table *ret, struct err *err)
{
	if (ns->pid)
		return read_pid(ns->pid, ret, err);
	AUTO_FD int fd = read_enter_mountinfo(ns->fd, err);
	return fd < 0 ? fd : read_mountinfo(fd, "mountinfo", ret, err);
}

static int read_either(const struct read_ns *ns, struct mnt_table *ret, struct err *err)
{
	bool has_text = probe_may_try(PROBE_MOUNTINFO) && (ns->pid || ns->fd >= 0);
	bool first = ns->id && (!has_text || !ns->pid || read_statmount_is_faster(ns->id));
	int rc = -ENOSYS;

	if (first)
		rc = read_statmount(ns->id, ret, has_text ? NULL : err);
	if (rc < 0 && has_text)
		rc = read_text(ns, ret, err);
	else if (!first)
		err_say(err, ENOSYS, "its number is not known, by which statmount would find it");
	return rc;
}

/*
 * A table is not read in one moment. A mount that went away meanwhile may have left its id to one
 * that came, which then stands behind it.
 */
static void drop_stale(struct mnt_table *table)
{
	struct map ids = {0};
	size_t n = table->n;

	map_reserve(&ids, table->n);
	for (size_t i = table->n; i-- > 0;) {
		struct mnt *mnt = &table->v[i];
		if (map_add(&ids, mnt->id, (uint32_t)i) == i)
			table->v[--n] = *mnt;
	}
	memmove(table->v, table->v + n, (table->n - n) * sizeof(*table->v));
	table->n -= n;
	map_done(&ids);
}

int read_table(const struct read_ns *ns, struct mnt_table *ret, struct err *err)
{
	int rc = read_either(ns, ret, err);

	if (rc == 0 && ret->n)
		drop_stale(ret);
	return rc;
}
