// SPDX-License-Identifier: Apache-2.0
/* Two tables of one namespace, and what lies between them. */
#include "mnt/event.h"
#include "base/mem.h"

#include <string.h>

void mnt_events_done(struct mnt_events *events)
{
	free(events->v);
	*events = (struct mnt_events){0};
}

static uint64_t key(const struct mnt *mnt, bool unique)
{
	return unique ? mnt->unique : mnt->id;
}

static bool has_unique(const struct mnt_table *table)
{
	return table->n && table->v[0].unique;
}

static bool is_changed(const struct mnt *a, const struct mnt *b)
{
	return a->attr != b->attr || a->flags != b->flags || a->group != b->group ||
	       a->master != b->master || strcmp(a->options, b->options) ||
	       strcmp(a->extra, b->extra) || strcmp(a->source, b->source);
}

/* A parent whose own path changed takes what is on it along. */
static bool is_moved(const struct mnt *a, const struct mnt *b, const struct mnt *parent_before,
		     const struct mnt *parent_after)
{
	if (!strcmp(a->target, b->target))
		return a->parent != b->parent;
	if (a->parent != b->parent || !parent_before || !parent_after)
		return true;
	size_t before = strlen(parent_before->target), after = strlen(parent_after->target);
	/* "/" has no length of its own in front of what is below. */
	before = before == 1 ? 0 : before;
	after = after == 1 ? 0 : after;
	return strlen(a->target) < before || strlen(b->target) < after ||
	       strcmp(a->target + before, b->target + after);
}

struct pair {
	const struct mnt_table *before, *after;
	struct map before_keys, after_keys; /* by key(), index */
	struct map before_ids, after_ids;   /* by mnt.id: parents */
	bool unique;
};

static void index_table(const struct mnt_table *table, bool unique, struct map *keys,
			struct map *ids)
{
	map_reserve(keys, table->n);
	map_reserve(ids, table->n);
	for (uint32_t i = 0; i < table->n; i++) {
		map_set(keys, key(&table->v[i], unique), i);
		map_set(ids, table->v[i].id, i);
	}
}

static const struct mnt *at(const struct mnt_table *table, uint32_t i)
{
	return i == MAP_NONE ? NULL : &table->v[i];
}

/* The same mount in the other table. An id that was used again is another mount's. */
static const struct mnt *same(const struct pair *p, const struct mnt *mnt,
			      const struct mnt_table *other, const struct map *keys)
{
	const struct mnt *found = at(other, map_get(keys, key(mnt, p->unique)));

	return found && mnt_is_same_dir(found, mnt) && !strcmp(found->fstype, mnt->fstype) ? found
											   : NULL;
}

/*
 * The kernel's mount point, as far as a table can name it: a copy's parent shows the same file
 * system as the parent it was copied to, if perhaps from another directory on.
 */
static uint64_t place_of(const struct mnt_table *table, const struct map *ids,
			 const struct mnt *mnt)
{
	const struct mnt *up = at(table, map_get(ids, mnt->parent));

	if (!up)
		return 0;
	size_t above = strcmp(up->target, "/") ? strlen(up->target) : 0;
	size_t root = strcmp(up->root, "/") ? strlen(up->root) : 0;
	const char *rest = mnt->target + strnlen(mnt->target, above);
	AUTO_FREE char *path = xasprintf("%.*s%s", (int)root, up->root, rest);
	return map_hash((uint64_t)up->major << 32 | up->minor, path, strlen(path));
}

static struct mnt_event *add(struct mnt_events *events, enum mnt_event_kind kind, uint32_t ns,
			     const struct mnt *before, const struct mnt *after)
{
	return VEC_PUSH(events->v, events->n,
			(struct mnt_event){
				.kind = kind,
				.ns = ns,
				.before = before,
				.after = after,
				.unique = after ? after->unique : before->unique,
			});
}

static void compare_both(const struct pair *p, const struct mnt *before, const struct mnt *after,
			 uint32_t ns, struct mnt_events *events)
{
	if (is_moved(before, after, at(p->before, map_get(&p->before_ids, before->parent)),
		     at(p->after, map_get(&p->after_ids, after->parent))))
		add(events, MNT_MOVED, ns, before, after);
	if (is_changed(before, after))
		add(events, MNT_CHANGED, ns, before, after);
}

void mnt_events_compare(const struct mnt_table *before, const struct mnt_table *after, uint32_t ns,
			struct mnt_events *events)
{
	struct pair p = {.before = before,
			 .after = after,
			 .unique = has_unique(before) && has_unique(after)};

	index_table(before, p.unique, &p.before_keys, &p.before_ids);
	index_table(after, p.unique, &p.after_keys, &p.after_ids);
	for (size_t i = 0; i < before->n; i++)
		if (!same(&p, &before->v[i], after, &p.after_keys))
			add(events, MNT_DETACHED, ns, &before->v[i], NULL)->place =
				place_of(before, &p.before_ids, &before->v[i]);
	for (size_t i = 0; i < after->n; i++) {
		const struct mnt *was = same(&p, &after->v[i], before, &p.before_keys);
		if (was)
			compare_both(&p, was, &after->v[i], ns, events);
		else
			add(events, MNT_ATTACHED, ns, NULL, &after->v[i])->place =
				place_of(after, &p.after_ids, &after->v[i]);
	}
	map_done(&p.before_keys);
	map_done(&p.after_keys);
	map_done(&p.before_ids);
	map_done(&p.after_ids);
}
