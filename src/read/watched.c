// SPDX-License-Identifier: Apache-2.0
/* One namespace and what wakes us about it: fanotify, mountinfo, the end of its process. */
#include "base/mem.h"
#include "read/scan.h"
#include "read/table.h"
#include "read/watch_parts.h"
#include "sys/calls.h"
#include "sys/probe.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/fanotify.h>
#include <sys/stat.h>

static int add_to(int epoll, int fd, uint32_t events, struct watched *w)
{
	struct epoll_event event = {.events = events, .data.ptr = w};

	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

/* A group for each namespace: an event does not say in which it happened. */
static int open_fanotify(int ns_fd)
{
	AUTO_FD int fd = -1;

	if (!probe_may_try(PROBE_FANOTIFY) || !probe_may_try(PROBE_STATMOUNT))
		return -1;
	fd = fanotify_init(FAN_REPORT_MNT | FAN_CLOEXEC | FAN_NONBLOCK | FAN_UNLIMITED_QUEUE, 0);
	if (fd < 0 || fanotify_mark(fd, FAN_MARK_ADD | FAN_MARK_MNTNS,
				    FAN_MNT_ATTACH | FAN_MNT_DETACH, ns_fd, NULL) < 0)
		return -1;
	return TAKE_FD(fd);
}

static bool is_inode(int dir, const char *name, uint64_t inode)
{
	struct stat st;

	return fstatat(dir, name, &st, 0) == 0 && st.st_ino == inode;
}

/* The first poll of a file says what happened before it was opened; it is asked away here. */
static int open_mountinfo(struct watched *w, int epoll)
{
	AUTO_FREE char *path = xasprintf("/proc/%d/mountinfo", w->pid);
	AUTO_FREE char *ns = xasprintf("/proc/%d/ns/mnt", w->pid);
	AUTO_FD int pidfd = w->pid == getpid() ? -1 : sys_pidfd_open(w->pid);
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || (pidfd < 0 && w->pid != getpid()) || !is_inode(AT_FDCWD, ns, w->inode))
		return -1;
	poll(&(struct pollfd){.fd = fd, .events = POLLPRI}, 1, 0);
	if (add_to(epoll, fd, EPOLLPRI | EPOLLERR | EPOLLET, w) < 0 ||
	    (pidfd >= 0 && add_to(epoll, pidfd, EPOLLIN, w) < 0))
		return -1;
	w->mountinfo = TAKE_FD(fd);
	w->pidfd = TAKE_FD(pidfd);
	return 0;
}

static void close_mountinfo(struct watched *w)
{
	if (w->mountinfo >= 0)
		close(w->mountinfo);
	if (w->pidfd >= 0)
		close(w->pidfd);
	w->mountinfo = w->pidfd = -1;
}

int watched_open(struct watched *w, int epoll, struct err *err)
{
	AUTO_FREE char *path = xasprintf("/proc/%d/ns/mnt", w->pid);
	AUTO_FD int ns_fd = w->pid ? open(path, O_RDONLY | O_CLOEXEC) : watch_open_ns(w->id);

	w->mountinfo = w->pidfd = -1;
	w->fanotify = ns_fd >= 0 ? open_fanotify(ns_fd) : -1;
	if (w->fanotify >= 0 && add_to(epoll, w->fanotify, EPOLLIN, w) < 0)
		return err_set(err, errno, "epoll");
	if (!w->pid || open_mountinfo(w, epoll) < 0)
		watched_find_process(w, epoll);
	if (w->fanotify < 0 && w->mountinfo < 0)
		return err_say(
			err, ENOTSUP,
			"mnt:[%llu] cannot be watched: it has no process, and this kernel has "
			"no events of mounts (Linux 6.15), or CAP_SYS_ADMIN is missing",
			(unsigned long long)w->inode);
	return 0;
}

void watched_free(struct watched *w)
{
	close_mountinfo(w);
	if (w->fanotify >= 0)
		close(w->fanotify);
	mnt_table_done(&w->table);
	mnt_table_done(&w->before);
	map_done(&w->seen);
	free(w->named);
	free(w->label);
	free(w);
}

/* Remembers the mounts that events name, for those that are in neither table. */
static void name(struct watched *w, uint64_t unique)
{
	if (map_add(&w->seen, unique, (uint32_t)w->n_named) == w->n_named)
		VEC_PUSH(w->named, w->n_named, unique);
}

static void take_event(struct watched *w, const struct fanotify_event_metadata *event)
{
	const char *end = (const char *)event + event->event_len;
	const struct uapi_fanotify_event_info_mnt *info =
		(const void *)((const char *)event + event->metadata_len);

	if (event->mask & FAN_Q_OVERFLOW)
		w->lost = true;
	else if ((size_t)(end - (const char *)info) >= sizeof(*info) &&
		 info->info_type == FAN_EVENT_INFO_TYPE_MNT)
		name(w, info->mnt_id);
}

/* A descriptor of a process is readable when that has exited. */
static bool has_exited(const struct watched *w)
{
	struct pollfd pidfd = {.fd = w->pidfd, .events = POLLIN};

	return w->pidfd >= 0 && poll(&pidfd, 1, 0) > 0;
}

void watched_drain(struct watched *w, int epoll)
{
	char buf[16384] __attribute__((aligned(8)));
	ssize_t n;

	w->woken = true;
	if (has_exited(w))
		watched_find_process(w, epoll);
	while (w->fanotify >= 0 && (n = read(w->fanotify, buf, sizeof(buf))) > 0) {
		const struct fanotify_event_metadata *event = (const void *)buf;
		for (; FAN_EVENT_OK(event, n); event = FAN_EVENT_NEXT(event, n))
			take_event(w, event);
	}
}

int watched_read(const struct watched *w, struct mnt_table *ret)
{
	if (w->fanotify >= 0 && w->id)
		return read_statmount(w->id, -1, ret, NULL);
	return read_table(&(struct read_ns){w->pid, w->id, -1}, ret, NULL);
}

static bool lives_on(const struct watched *w)
{
	uint64_t first;

	return w->id && sys_listmount(w->id, LSMT_ROOT, 0, &first, 1) >= 0;
}

bool watched_find_process(struct watched *w, int epoll)
{
	struct mnt_world world;

	close_mountinfo(w);
	w->pid = 0;
	if (scan_world(0, &world, NULL) < 0)
		return lives_on(w);
	uint32_t i = mnt_world_find(&world, w->inode);
	bool found = i != MAP_NONE && (!w->id || world.ns[i].id == w->id);
	for (uint32_t k = 0; found && k < world.ns[i].n_procs && w->mountinfo < 0; k++) {
		w->pid = world.procs[world.ns[i].procs[k]].tid;
		open_mountinfo(w, epoll);
	}
	mnt_world_done(&world);
	return found && (w->mountinfo >= 0 || w->fanotify >= 0);
}
