// SPDX-License-Identifier: Apache-2.0
/*
 * A large table read from both ends at once, since most of the time goes to the kernel: mountinfo
 * from the first mount on, and on another CPU statmount(2) from the last one back. Both are in the
 * order of the unique ids. Where they meet, the rest of mountinfo need not be read.
 */
#include "base/map.h"
#include "base/mem.h"
#include "read/parts.h"
#include "read/statmount.h"
#include "read/table.h"
#include "sys/calls.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#define LARGE	1024 /* mounts of the head, from which on a thread is worth its start */
#define AT_ONCE 64   /* mounts that the tail takes before it looks where the head is */

struct tail {
	uint64_t ns;
	atomic_uint head; /* id of the last mount that the head has read */
	atomic_bool stop, ended;
	struct mnt_table *parts; /* from the last mounts to earlier ones, AT_ONCE each */
	size_t n_parts;
	struct map ids; /* of all mounts in `parts` */
	int rc;
};

/* ids: descending. */
static void take(struct tail *tail, const uint64_t *ids, size_t n)
{
	uint64_t ascending[AT_ONCE];

	for (size_t i = 0; i < n; i++)
		ascending[n - 1 - i] = ids[i];
	struct mnt_table *part = VEC_PUSH(tail->parts, tail->n_parts, (struct mnt_table){0});
	tail->rc = read_statmount_ids(tail->ns, ascending, n, part);
	for (size_t i = 0; i < part->n; i++)
		map_set(&tail->ids, part->v[i].id, 1);
}

/* Until the head has come to what is read here. */
static void *read_tail(void *ctx)
{
	struct tail *tail = ctx;
	uint64_t ids[8 * AT_ONCE], before = 0;
	bool met = false;
	ssize_t n;

	while (!met && (n = sys_listmount_back(tail->ns, before, ids, ARRAY_SIZE(ids))) > 0) {
		before = ids[n - 1];
		for (size_t i = 0; i < (size_t)n && !met; i += AT_ONCE) {
			size_t left = (size_t)n - i;
			take(tail, ids + i, left < AT_ONCE ? left : AT_ONCE);
			met = tail->rc < 0 || atomic_load(&tail->stop) ||
			      map_get(&tail->ids, atomic_load(&tail->head)) != MAP_NONE;
		}
	}
	atomic_store(&tail->ended, true);
	return NULL;
}

/* Only mountinfo says from where a slave receives. */
static bool has_slaves(const struct tail *tail)
{
	for (size_t i = 0; i < tail->n_parts; i++)
		for (size_t k = 0; k < tail->parts[i].n; k++)
			if (tail->parts[i].v[k].master)
				return true;
	return false;
}

/* The first mount of the tail; NULL: it has none, or is of no use. */
static const struct mnt *first_of(const struct tail *tail)
{
	if (tail->rc < 0 || has_slaves(tail))
		return NULL;
	for (size_t i = tail->n_parts; i-- > 0;)
		if (tail->parts[i].n)
			return &tail->parts[i].v[0];
	return NULL;
}

/* What the reader of mountinfo asks after each piece. */
struct meeting {
	struct tail *tail;
	pthread_t thread;
	enum {
		ALONE,
		RUNNING,
		JOINED
	} state;
	bool met;
	size_t looked; /* so many mounts of the head are not the tail's first one */
};

static bool has_two_cpus(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) > 1;
}

static void start(struct meeting *meeting)
{
	bool can = meeting->tail->ns && has_two_cpus() && read_statmount_works();

	can = can && pthread_create(&meeting->thread, NULL, read_tail, meeting->tail) == 0;
	meeting->state = can ? RUNNING : JOINED;
}

static void join(struct meeting *meeting)
{
	atomic_store(&meeting->tail->stop, true);
	if (meeting->state == RUNNING)
		pthread_join(meeting->thread, NULL);
	meeting->state = JOINED;
}

/*
 * The mount must be at the same path: a process in a chroot sees others. If they do not meet,
 * mountinfo is read to its end, and is all there is.
 */
static bool have_met(void *ctx, struct mnt_table *head)
{
	struct meeting *meeting = ctx;

	if (meeting->state == ALONE && head->n >= LARGE)
		start(meeting);
	if (meeting->state == ALONE || !head->n)
		return false;
	atomic_store(&meeting->tail->head, head->v[head->n - 1].id);
	if (meeting->state == RUNNING && !atomic_load(&meeting->tail->ended))
		return false;
	join(meeting);
	const struct mnt *first = first_of(meeting->tail);
	for (; first && meeting->looked < head->n; meeting->looked++) {
		const struct mnt *mnt = &head->v[meeting->looked];
		if (mnt->id != first->id || strcmp(mnt->target, first->target))
			continue;
		head->n = meeting->looked;
		return meeting->met = true;
	}
	return false;
}

/* The parts in the order of their mounts; without unique ids, as those of the head have none. */
static void append_all(struct mnt_table *head, struct tail *tail)
{
	size_t n = head->n;

	for (size_t i = 0; i < tail->n_parts; i++)
		n += tail->parts[i].n;
	head->v = xrealloc(head->v, n, sizeof(*head->v));
	for (size_t i = tail->n_parts; i-- > 0;) {
		struct mnt_table *part = &tail->parts[i];
		for (size_t k = 0; k < part->n; k++) {
			head->v[head->n] = part->v[k];
			head->v[head->n++].unique = 0;
		}
		arena_join(&head->text, &part->text);
	}
}

int read_both_ends(int fd, const char *name, uint64_t ns, struct mnt_table *ret, struct err *err)
{
	struct tail tail = {.ns = ns};
	struct meeting meeting = {.tail = &tail};
	int rc = read_mountinfo_until(fd, name, have_met, &meeting, ret, err);

	join(&meeting);
	if (rc == 0 && meeting.met)
		append_all(ret, &tail);
	for (size_t i = 0; i < tail.n_parts; i++)
		mnt_table_done(&tail.parts[i]);
	free(tail.parts);
	map_done(&tail.ids);
	return rc;
}
