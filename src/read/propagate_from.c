// SPDX-License-Identifier: Apache-2.0
/*
 * mnt.from, for tables of statmount(2). To find it the kernel looks through all peers of all
 * masters, and that is what makes mountinfo slow; here it is asked for only where the answer can be
 * another one than "none". And it looks for what the asking process can reach: of another namespace
 * it would say "none" always, so a child enters there.
 */
#include "base/mem.h"
#include "read/parts.h"
#include "sys/calls.h"
#include "sys/uapi.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

/* The groups of a file system that are in the table: one, several, none. */
struct groups {
	struct map of_device; /* device -> the group, or MANY */
	struct map here;      /* group -> 0 */
};
#define MANY (MAP_NONE - 1)

static uint64_t device(const struct mnt *mnt)
{
	return (uint64_t)mnt->major << 32 | mnt->minor;
}

static void collect_groups(const struct mnt_table *table, struct groups *groups)
{
	for (size_t i = 0; i < table->n; i++) {
		const struct mnt *mnt = &table->v[i];
		if (!mnt->group)
			continue;
		map_set(&groups->here, mnt->group, 0);
		if (map_add(&groups->of_device, device(mnt), mnt->group) != mnt->group)
			map_set(&groups->of_device, device(mnt), MANY);
	}
}

/*
 * The nearest group above the master that has a member here: peers and masters share their file
 * system, so there must be such a group other than the mount's own.
 */
static bool may_receive(const struct mnt *mnt, const struct groups *groups)
{
	uint32_t group = map_get(&groups->of_device, device(mnt));

	return mnt->master && map_get(&groups->here, mnt->master) == MAP_NONE &&
	       group != MAP_NONE && group != mnt->group;
}

/* A question for each master, as all its slaves have the same answer. */
struct question {
	uint64_t mount, from;
};
struct questions {
	struct question *v;
	size_t n;
};

static int ask(void *ctx)
{
	const struct questions *questions = ctx;
	struct uapi_statmount st;

	for (size_t i = 0; i < questions->n; i++) {
		struct question *q = &questions->v[i];
		if (sys_statmount(0, q->mount, STATMOUNT_PROPAGATE_FROM, &st, sizeof(st)) == 0)
			q->from = st.propagate_from;
		else if (errno != ENOENT && errno != EPERM)
			return errno;
	}
	return 0;
}

/* The questions, and under each master the index of its own. */
static void collect(const struct mnt_table *table, struct map *masters, struct questions *questions)
{
	struct groups groups = {0};

	collect_groups(table, &groups);
	for (size_t i = 0; groups.here.n && i < table->n; i++) {
		const struct mnt *mnt = &table->v[i];
		uint32_t next = (uint32_t)questions->n;
		if (may_receive(mnt, &groups) && map_add(masters, mnt->master, next) == next)
			VEC_PUSH(questions->v, questions->n, (struct question){mnt->unique, 0});
	}
	map_done(&groups.of_device);
	map_done(&groups.here);
}

/* The child's answers come home in memory that both have. */
static int ask_inside(int ns_fd, struct questions *questions, struct err *err)
{
	size_t size = questions->n * sizeof(*questions->v);
	void *both = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct questions shared = {both, questions->n};

	if (both == MAP_FAILED)
		return err_set(err, errno, "mmap");
	memcpy(both, questions->v, size);
	int rc = read_inside(ns_fd, ask, &shared, err);
	memcpy(questions->v, both, size);
	munmap(both, size);
	return rc;
}

static void set_all(struct mnt_table *table, const struct map *masters,
		    const struct questions *questions)
{
	for (size_t i = 0; i < table->n; i++) {
		struct mnt *mnt = &table->v[i];
		uint32_t k = mnt->master ? map_get(masters, mnt->master) : MAP_NONE;
		if (k != MAP_NONE && questions->v[k].from != mnt->master)
			mnt->from = (uint32_t)questions->v[k].from;
	}
}

int read_propagate_from(uint64_t ns, int ns_fd, struct mnt_table *table, struct err *err)
{
	struct map masters = {0};
	struct questions questions = {0};
	int rc = 0;

	collect(table, &masters, &questions);
	if (questions.n && !ns)
		rc = ask(&questions);
	else if (questions.n && ns_fd >= 0)
		rc = ask_inside(ns_fd, &questions, err);
	if (rc > 0)
		rc = err_set(err, rc, "statmount");
	if (rc == 0 && questions.n)
		set_all(table, &masters, &questions);
	free(questions.v);
	map_done(&masters);
	return rc;
}
