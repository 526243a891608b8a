// SPDX-License-Identifier: Apache-2.0
/* Namespaces by what holds them: every way is tried, and what it leads to is compared. */
#include "read/open_ns.h"
#include "base/mem.h"
#include "sys/probe.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <linux/nsfs.h>

static bool is_it(int fd, const struct mnt_ns *ns)
{
	struct stat st;
	uint64_t id;

	return fd >= 0 && fstat(fd, &st) == 0 && st.st_ino == ns->inode &&
	       ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNS &&
	       (!ns->id || ioctl(fd, NS_GET_MNTNS_ID, &id) < 0 || id == ns->id);
}

static int try_path(const struct mnt_ns *ns, const char *path)
{
	AUTO_FD int fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;

	return is_it(fd, ns) ? TAKE_FD(fd) : -1;
}

static char *hold_path(const struct mnt_world *world, const struct mnt_hold *hold)
{
	if (hold->kind == MNT_HOLD_FD)
		return xasprintf("/proc/%d/fd/%d", world->procs[hold->proc].tid, hold->fd);
	if (hold->kind != MNT_HOLD_BIND || hold->in == MAP_NONE)
		return NULL;
	const struct mnt_ns *in = &world->ns[hold->in];
	if (hold->in == world->self)
		return xstrdup(hold->path);
	return in->n_procs
		       ? xasprintf("/proc/%d/root%s", world->procs[in->procs[0]].tid, hold->path)
		       : NULL;
}

/* The kernel's list, from our own in both directions. */
static int search(const struct mnt_ns *ns, unsigned long direction)
{
	AUTO_FD int at = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	int next;

	while (at >= 0 && !is_it(at, ns)) {
		next = ioctl(at, direction, NULL);
		close(at);
		at = next;
	}
	return TAKE_FD(at);
}

int read_open_ns(const struct mnt_world *world, uint32_t i, struct err *err)
{
	const struct mnt_ns *ns = &world->ns[i];
	int fd = i == world->self ? try_path(ns, "/proc/self/ns/mnt") : -1;

	for (uint32_t k = 0; fd < 0 && k < ns->n_procs; k++) {
		AUTO_FREE char *path = xasprintf("/proc/%d/ns/mnt", world->procs[ns->procs[k]].tid);
		fd = try_path(ns, path);
	}
	for (uint32_t k = 0; fd < 0 && k < ns->n_holds; k++) {
		AUTO_FREE char *path = hold_path(world, &ns->holds[k]);
		fd = try_path(ns, path);
	}
	if (fd < 0 && probe_may_try(PROBE_NSFS))
		fd = search(ns, NS_MNT_GET_NEXT);
	if (fd < 0 && probe_may_try(PROBE_NSFS))
		fd = search(ns, NS_MNT_GET_PREV);
	return fd >= 0 ? fd
		       : err_say(err, ENOENT, "mnt:[%llu] has ended, or there is no way to it",
				 (unsigned long long)ns->inode);
}
