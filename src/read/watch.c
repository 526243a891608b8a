// SPDX-License-Identifier: Apache-2.0
/*
 * The watch: it sleeps in epoll_wait(2); when woken it gathers for a moment, since the copies of
 * one mount arrive one after the other, reads the tables of all namespaces that have something to
 * say, and compares them with those before.
 */
#include "read/watch.h"
#include "base/mem.h"
#include "read/scan.h"
#include "read/watch_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/timerfd.h>

#define GATHER_MS    20
#define TURNS_MAX    64 /* where it never stops */
#define LOOK_EVERY_S 5

static bool is_own(uint64_t inode)
{
	struct stat st;

	return stat("/proc/self/ns/mnt", &st) == 0 && st.st_ino == inode;
}

static int adopt(struct watch *watch, struct mnt_world *world, uint32_t i, struct err *err)
{
	struct mnt_ns *ns = &world->ns[i];
	struct watched *w = xcalloc(1, sizeof(*w));

	*w = (struct watched){.inode = ns->inode,
			      .id = ns->id,
			      .label = mnt_ns_label(world, i),
			      .pid = ns->n_procs ? world->procs[ns->procs[0]].tid : 0,
			      .fanotify = -1,
			      .mountinfo = -1,
			      .pidfd = -1};
	/* Our own process stays as long as we do. */
	if (is_own(ns->inode))
		w->pid = getpid();
	int rc = ns->has_table ? watched_open(w, watch->epoll, err)
			       : err_say(err, EACCES, "%s", ns->gap ? ns->gap : "no table");
	/* What happened before it was watched is no event. */
	if (rc == 0 && watched_read(w, &w->table) < 0)
		rc = err_say(err, ESRCH, "mnt:[%llu] has ended", (unsigned long long)ns->inode);
	if (rc < 0) {
		watched_free(w);
		return rc;
	}
	VEC_PUSH(watch->v, watch->n, w);
	return 0;
}

/* Of all namespaces some may be out of reach, which is told; one that was named must not be. */
static int try_adopt(struct watch *watch, struct mnt_world *world, uint32_t i)
{
	AUTO(err) struct err err = {0};

	if (adopt(watch, world, i, &err) < 0 && err.code != ESRCH && !world->ns[i].gap)
		strv_add(&world->gaps, err.msg);
	return 0;
}

/* Two descriptors or three for each namespace. */
static void raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static int start_timer(struct watch *watch, struct err *err)
{
	struct itimerspec every = {{LOOK_EVERY_S, 0}, {LOOK_EVERY_S, 0}};
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = &watch->timer};

	watch->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (watch->timer < 0 || timerfd_settime(watch->timer, 0, &every, NULL) < 0 ||
	    epoll_ctl(watch->epoll, EPOLL_CTL_ADD, watch->timer, &event) < 0)
		return err_set(err, errno, "timerfd");
	watch->fingerprint = watch_fingerprint();
	return 0;
}

int watch_new(struct mnt_world *world, bool all, struct watch **ret, struct err *err)
{
	struct watch *watch = xcalloc(1, sizeof(*watch));
	int rc = 0;

	raise_limit();
	watch->timer = -1;
	watch->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (watch->epoll < 0)
		rc = err_set(err, errno, "epoll");
	for (uint32_t i = 0; rc == 0 && i < world->n_ns; i++)
		rc = all ? try_adopt(watch, world, i) : adopt(watch, world, i, err);
	if (rc == 0 && all)
		rc = start_timer(watch, err);
	if (rc < 0)
		watch_free(watch);
	else
		*ret = watch;
	return rc;
}

void watch_free(struct watch *watch)
{
	if (!watch)
		return;
	for (size_t i = 0; i < watch->n; i++)
		watched_free(watch->v[i]);
	if (watch->timer >= 0)
		close(watch->timer);
	if (watch->epoll >= 0)
		close(watch->epoll);
	mnt_events_done(&watch->events);
	free(watch->v);
	free(watch);
}

static void push(struct watch *watch, enum mnt_event_kind kind, uint32_t ns, uint64_t unique)
{
	VEC_PUSH(watch->events.v, watch->events.n,
		 (struct mnt_event){.kind = kind, .ns = ns, .unique = unique});
}

static bool has_mount(const struct mnt_table *table, uint64_t unique)
{
	/* Ids are handed out one after the other, and tables are in their order. */
	size_t low = 0, high = table->n;

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (table->v[middle].unique < unique)
			low = middle + 1;
		else
			high = middle;
	}
	return low < table->n && table->v[low].unique == unique;
}

/* Mounts that fanotify named, and no table ever had. */
static void add_passed(struct watch *watch, uint32_t i)
{
	struct watched *w = watch->v[i];

	for (size_t k = 0; k < w->n_named; k++)
		if (!has_mount(&w->before, w->named[k]) && !has_mount(&w->table, w->named[k]))
			push(watch, MNT_PASSED, i, w->named[k]);
	map_done(&w->seen);
	free(w->named);
	w->named = NULL;
	w->n_named = 0;
}

static void end(struct watch *watch, uint32_t i)
{
	struct watched *w = watch->v[i];

	if (w->ended)
		return;
	w->ended = true;
	push(watch, MNT_NS_ENDED, i, 0);
	struct watched *empty = xcalloc(1, sizeof(*empty));
	*empty = (struct watched){.inode = w->inode,
				  .label = TAKE_PTR(w->label),
				  .fanotify = -1,
				  .mountinfo = -1,
				  .pidfd = -1,
				  .ended = true};
	watched_free(w);
	watch->v[i] = empty;
}

static void look(struct watch *watch, uint32_t i)
{
	struct watched *w = watch->v[i];
	struct mnt_table now;

	w->woken = false;
	if (watched_read(w, &now) < 0 &&
	    !(watched_find_process(w, watch->epoll) && watched_read(w, &now) == 0)) {
		end(watch, i);
		return;
	}
	w->before = w->table;
	w->table = now;
	if (w->lost)
		push(watch, MNT_LOST, i, 0);
	w->lost = false;
	mnt_events_compare(&w->before, &w->table, i, &watch->events);
	add_passed(watch, i);
}

static bool is_known(const struct watch *watch, const struct mnt_ns *ns)
{
	for (size_t i = 0; i < watch->n; i++)
		if (!watch->v[i]->ended && watch->v[i]->inode == ns->inode &&
		    (!ns->id || watch->v[i]->id == ns->id))
			return true;
	return false;
}

/* A namespace begins as a copy: what it has then is no event. */
static void look_for_new(struct watch *watch)
{
	uint64_t ticks, fingerprint = watch_fingerprint();
	struct mnt_world world;

	(void)!read(watch->timer, &ticks, sizeof(ticks));
	if (fingerprint && fingerprint == watch->fingerprint)
		return;
	watch->fingerprint = fingerprint;
	if (scan_world(SCAN_TABLES, &world, NULL) < 0)
		return;
	for (uint32_t i = 0; i < world.n_ns; i++)
		if (!is_known(watch, &world.ns[i]) && adopt(watch, &world, i, NULL) == 0)
			push(watch, MNT_NS_BEGAN, (uint32_t)watch->n - 1, 0);
	mnt_world_done(&world);
}

static void take(struct watch *watch, const struct epoll_event *event)
{
	if (event->data.ptr == &watch->stopped)
		watch->stopped = true;
	else if (event->data.ptr == &watch->timer)
		look_for_new(watch);
	else
		watched_drain(event->data.ptr, watch->epoll);
}

/* Never through poll(2) of the epoll descriptor: a mountinfo file says once that it has changed. */
static bool gather(struct watch *watch, int timeout_ms)
{
	struct epoll_event events[64];
	int n = epoll_wait(watch->epoll, events, 64, timeout_ms);

	for (int i = 0; i < n; i++)
		take(watch, &events[i]);
	return n > 0;
}

static void forget(struct watch *watch)
{
	for (size_t i = 0; i < watch->n; i++)
		mnt_table_done(&watch->v[i]->before);
	watch->events.n = 0;
}

void watch_stop_on(struct watch *watch, int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = &watch->stopped};
	int flags = fcntl(fd, F_GETFL);

	/* What is only written to has no reader any more when it has an error. */
	if ((flags & O_ACCMODE) == O_WRONLY)
		event.events = 0;
	/* A regular file never ends anything, and cannot be added. */
	epoll_ctl(watch->epoll, EPOLL_CTL_ADD, fd, &event);
}

int watch_next(struct watch *watch, int timeout_ms, struct mnt_events *ret)
{
	forget(watch);
	if (gather(watch, timeout_ms))
		poll(NULL, 0, GATHER_MS);
	for (int turns = 0; turns < TURNS_MAX && gather(watch, 0); turns++)
		continue;
	for (uint32_t i = 0; i < watch->n; i++)
		if (watch->v[i]->woken)
			look(watch, i);
	mnt_events_group(&watch->events);
	*ret = watch->events;
	return watch->stopped && !ret->n ? -ECANCELED : (int)ret->n;
}

size_t watch_count(const struct watch *watch)
{
	size_t n = 0;

	for (size_t i = 0; i < watch->n; i++)
		n += !watch->v[i]->ended;
	return n;
}

uint64_t watch_inode(const struct watch *watch, uint32_t ns)
{
	return watch->v[ns]->inode;
}

const char *watch_label(const struct watch *watch, uint32_t ns)
{
	return watch->v[ns]->label;
}
