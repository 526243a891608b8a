// SPDX-License-Identifier: Apache-2.0
/* Whether the tables are as a scenario expects. */
#include "base/mem.h"
#include "scenario/script.h"

#include <string.h>

static const struct mnt *by_id(const struct mnt_table *table, uint32_t id)
{
	for (size_t i = 0; i < table->n; i++)
		if (table->v[i].id == id)
			return &table->v[i];
	return NULL;
}

static bool is_covered(const struct mnt_table *table, const struct mnt *mnt)
{
	for (size_t i = 0; i < table->n; i++)
		if (table->v[i].parent == mnt->id && &table->v[i] != mnt &&
		    !strcmp(table->v[i].target, mnt->target))
			return true;
	return false;
}

static uint64_t count(const struct mnt_table *table, const char *path)
{
	uint64_t n = 0;

	for (size_t i = 0; i < table->n; i++)
		n += !strcmp(table->v[i].target, path);
	return n;
}

/* The uppermost one of those at the path; NULL: there is none. */
static const struct mnt *top(const struct outcome *now, unsigned task, const char *path)
{
	const struct mnt_table *table = &now->tables[task];

	for (size_t i = 0; i < table->n; i++)
		if (!strcmp(table->v[i].target, path) && !is_covered(table, &table->v[i]))
			return &table->v[i];
	return NULL;
}

static size_t count_like(const struct mnt_table *table, const struct mnt *mnt)
{
	size_t n = 0;

	for (size_t i = 0; i < table->n; i++)
		n += mnt_is_same_dir(&table->v[i], mnt) && !strcmp(table->v[i].target, mnt->target);
	return n;
}

/* In whatever order: a copy of a namespace is made in that of its tree. */
static bool same_as(const struct mnt_table *a, const struct mnt_table *b)
{
	bool same = a->n == b->n;

	for (size_t i = 0; same && i < a->n; i++)
		same = count_like(a, &a->v[i]) == count_like(b, &a->v[i]);
	return same;
}

static bool holds_of_pair(const struct expect *e, const struct mnt *mnt, const struct mnt *other,
			  struct buf *out)
{
	if (!other)
		return buf_addf(out, "nothing is mounted at %s in %u", e->text, e->other), false;
	buf_addf(out, "groups %u and %u, master %u", mnt->group, other->group, mnt->master);
	switch (e->kind) {
	case EXPECT_SHARED_WITH:
		return mnt->group && mnt->group == other->group;
	case EXPECT_NOT_SHARED_WITH:
		return !mnt->group || mnt->group != other->group;
	case EXPECT_SLAVE_OF:
		return mnt->master && mnt->master == other->group;
	default:
		return mnt->major == other->major && mnt->minor == other->minor;
	}
}

static bool holds_of_mount(const struct expect *e, const struct outcome *now, const struct mnt *mnt,
			   struct buf *out)
{
	const struct mnt *parent;

	switch (e->kind) {
	case EXPECT_TYPE:
		buf_adds(out, mnt_type_word(mnt));
		return !strcmp(mnt_type_word(mnt), e->text);
	case EXPECT_ROOT:
		buf_adds(out, mnt->root);
		return !strcmp(mnt->root, e->text);
	case EXPECT_ON:
		parent = by_id(&now->tables[e->task], mnt->parent);
		buf_adds(out, parent ? parent->target : "on nothing in sight");
		return parent && !strcmp(parent->target, e->text);
	case EXPECT_ATTR:
		mnt_options_print(mnt, out);
		return (mnt->attr & (e->attr.set | e->attr.clear)) == e->attr.set;
	case EXPECT_FS:
		buf_adds(out, str_starts(mnt->options, "ro") ? "ro" : "rw");
		return str_starts(mnt->options, e->text);
	default:
		return holds_of_pair(e, mnt, top(now, e->other, e->text), out);
	}
}

bool expect_holds(const struct expect *e, const struct outcome *now, struct buf *out)
{
	const struct mnt_table *table = &now->tables[e->task];
	uint64_t n = *e->path ? count(table, e->path) : table->n;

	if (!now->there[e->task])
		return buf_adds(out, "there is no such process"), false;
	switch (e->kind) {
	case EXPECT_MOUNTS:
	case EXPECT_MOUNTED:
	case EXPECT_NOT_MOUNTED:
		buf_addf(out, "%llu", (unsigned long long)n);
		return e->kind == EXPECT_MOUNTED && !e->n ? n : n == e->n;
	case EXPECT_SAME_AS:
		buf_addf(out, "%zu and %zu mounts", table->n, now->tables[e->other].n);
		return same_as(table, &now->tables[e->other]);
	default:
		break;
	}
	const struct mnt *mnt = top(now, e->task, e->path);
	if (!mnt)
		return buf_adds(out, "nothing is mounted there"), false;
	return holds_of_mount(e, now, mnt, out);
}
