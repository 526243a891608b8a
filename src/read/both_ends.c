// SPDX-License-Identifier: Apache-2.0
/*
 * A large table read from both ends at once, since most of the time goes to the kernel: mountinfo
 * from the first mount on, and on another CPU statmount(2) from the last one back. Both are in the
 * order of the unique ids. Where they meet, the rest of mountinfo need not be read.
 */
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

#define LARGE	4096 /* mounts, from which on a thread is worth its start */
#define AT_ONCE 64   /* mounts that the tail takes before it looks whether it is to stop */

struct tail {
	uint64_t ns;
	uint64_t *ids;
	size_t n_ids;
	atomic_size_t low; /* ids from here on are in `parts` */
	atomic_bool stop;
	struct mnt_table *parts; /* from the last mounts to earlier ones, AT_ONCE each */
	size_t n_parts;
	int rc;
};

static void *read_tail(void *ctx)
{
	struct tail *tail = ctx;
	size_t low = tail->n_ids;

	while (low && !atomic_load(&tail->stop) && tail->rc == 0) {
		size_t n = low < AT_ONCE ? low : AT_ONCE;
		low -= n;
		VEC_PUSH(tail->parts, tail->n_parts, (struct mnt_table){0});
		tail->rc = read_statmount_ids(tail->ns, tail->ids + low, n,
					      &tail->parts[tail->n_parts - 1]);
		atomic_store(&tail->low, low);
	}
	return NULL;
}

static int list_ids(struct tail *tail)
{
	size_t size = 4096;
	ssize_t n;

	tail->ids = xrealloc(NULL, size, sizeof(*tail->ids));
	do {
		uint64_t after = tail->n_ids ? tail->ids[tail->n_ids - 1] : 0;
		if (tail->n_ids + 1024 > size)
			tail->ids = xrealloc(tail->ids, size *= 2, sizeof(*tail->ids));
		n = sys_listmount(tail->ns, LSMT_ROOT, after, tail->ids + tail->n_ids,
				  size - tail->n_ids);
		tail->n_ids += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	return n < 0 ? -errno : 0;
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
	bool joined, met;
	size_t looked; /* so many mounts of the head are not the tail's first one */
};

static void join(struct meeting *meeting)
{
	if (!meeting->joined) {
		atomic_store(&meeting->tail->stop, true);
		pthread_join(meeting->thread, NULL);
	}
	meeting->joined = true;
}

/*
 * The mount must be at the same path: a process in a chroot sees others. If they do not meet,
 * mountinfo is read to its end, and is all there is.
 */
static bool have_met(void *ctx, struct mnt_table *head)
{
	struct meeting *meeting = ctx;

	if (!meeting->joined && head->n < atomic_load(&meeting->tail->low))
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

static int read_and_join(int fd, const char *name, struct tail *tail, struct mnt_table *ret,
			 struct err *err)
{
	struct meeting meeting = {.tail = tail};

	if (pthread_create(&meeting.thread, NULL, read_tail, tail) != 0)
		meeting.joined = true;
	int rc = read_mountinfo_until(fd, name, have_met, &meeting, ret, err);
	join(&meeting);
	if (rc == 0 && meeting.met)
		append_all(ret, tail);
	return rc;
}

static bool has_two_cpus(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) > 1;
}

int read_both_ends(int fd, const char *name, uint64_t ns, struct mnt_table *ret, struct err *err)
{
	struct tail tail = {.ns = ns};
	bool can = ns && has_two_cpus() && read_statmount_works() && list_ids(&tail) == 0 &&
		   tail.n_ids >= LARGE;

	atomic_init(&tail.low, tail.n_ids);
	int rc =
		can ? read_and_join(fd, name, &tail, ret, err) : read_mountinfo(fd, name, ret, err);
	for (size_t i = 0; i < tail.n_parts; i++)
		mnt_table_done(&tail.parts[i]);
	free(tail.parts);
	free(tail.ids);
	return rc;
}
