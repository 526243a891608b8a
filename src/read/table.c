// SPDX-License-Identifier: Apache-2.0
/* The choice between mountinfo and statmount, and the way to mountinfo where no process is. */
#include "read/table.h"
#include "base/mem.h"
#include "read/parts.h"
#include "read/statmount.h"
#include "sys/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>

#define TRIES_MAX   100
#define ORPHANS_MAX 5

/* Whether nothing was mounted or unmounted there since it was opened, proc_pid_mountinfo(5). */
static bool is_calm(int fd)
{
	struct pollfd poll_fd = {.fd = fd};

	return poll(&poll_fd, 1, 0) == 0;
}

/* A process that ends lets go of its namespace first, which is then EINVAL. */
static int read_pid(pid_t pid, uint64_t ns, struct mnt_table *ret, bool *ret_calm, struct err *err)
{
	AUTO_FREE char *path = xasprintf("/proc/%d/mountinfo", pid);
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 && (errno == ENOENT || errno == EINVAL || errno == ESRCH))
		return err_say(err, ESRCH, "process %d has ended", pid);
	if (fd < 0)
		return err_set(err, errno, "open %s", path);
	int rc = read_both_ends(fd, path, ns, ret, err);
	*ret_calm = is_calm(fd);
	return rc;
}

static int read_text(const struct read_ns *ns, struct mnt_table *ret, bool *ret_calm,
		     struct err *err)
{
	if (ns->pid)
		return read_pid(ns->pid, ns->id, ret, ret_calm, err);
	AUTO_FD int fd = read_enter_mountinfo(ns->fd, err);
	int rc = fd < 0 ? fd : read_mountinfo(fd, "mountinfo", ret, err);
	*ret_calm = is_calm(fd);
	return rc;
}

/* *ret_calm: it is known to be of one moment. */
static int read_either(const struct read_ns *ns, struct mnt_table *ret, bool *ret_calm,
		       struct err *err)
{
	bool has_text = probe_may_try(PROBE_MOUNTINFO) && (ns->pid || ns->fd >= 0);
	bool first = ns->id && (!has_text || !ns->pid || read_statmount_is_faster(ns->id));
	int rc = -ENOSYS;

	*ret_calm = false;
	if (first)
		rc = read_statmount(ns->id, ns->fd, ret, has_text ? NULL : err);
	if (rc < 0 && has_text)
		rc = read_text(ns, ret, ret_calm, err);
	else if (!first)
		err_say(err, ENOSYS, "its number is not known, by which statmount would find it");
	return rc;
}

/*
 * The kernel writes a table piece by piece, and meanwhile it may change: an id that was given to
 * another mount, mounts that were moved onto each other, one whose parent has gone. What a chroot
 * hides is one mount, the parent of all roots.
 */
enum shape {
	NO_TREE,
	ORPHANS,
	WHOLE
};

static enum shape shape_of(const struct mnt_table *table)
{
	struct mnt_tree tree;
	bool whole = true;

	if (mnt_tree_init_links(&tree, table, NULL) < 0)
		return NO_TREE;
	for (uint32_t i = tree.first; i != MAP_NONE && whole; i = tree.v[i].next)
		whole = table->v[i].parent == table->v[tree.first].parent;
	mnt_tree_done(&tree);
	return whole ? WHOLE : ORPHANS;
}

/* Of a table that changes all the time about one reading in a thousand is torn. */
int read_table(const struct read_ns *ns, struct mnt_table *ret, struct err *err)
{
	for (int tries = 0; tries < TRIES_MAX; tries++) {
		bool calm;
		int rc = read_either(ns, ret, &calm, err);
		enum shape shape = rc < 0 || calm ? WHOLE : shape_of(ret);
		/* Orphans that stay are no trace of a change. */
		if (shape == WHOLE || (shape == ORPHANS && tries == ORPHANS_MAX))
			return rc;
		mnt_table_done(ret);
	}
	return err_say(err, EAGAIN, "the table changes faster than it can be read");
}
