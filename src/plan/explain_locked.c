// SPDX-License-Identifier: Apache-2.0
/*
 * No table shows locks. What came with a namespace from a more privileged one is locked, and so is
 * a copy that a recursive bind made of it, on the same directory of the same file system.
 */
#include "base/mem.h"
#include "plan/explain_parts.h"
#include "sys/uapi.h"

#include <string.h>

/* Nothing is more privileged than the initial user namespace, and little than the caller's. */
static bool may_come_from(const struct mnt_world *world, const struct mnt_ns *ns,
			  const struct mnt_ns *from)
{
	uint64_t self = world->self == MAP_NONE ? 0 : world->ns[world->self].owner;

	return from->has_table && from->owner && ns->owner && from->owner != ns->owner &&
	       ns->owner != INITIAL_USER_NS &&
	       (from->owner == INITIAL_USER_NS || from->owner == self);
}

static void add_inherited(const struct explain_ask *ask, struct map *ret)
{
	const struct mnt_world *world = ask->world;
	const struct mnt_ns *ns = &world->ns[ask->ns];
	AUTO_FREE bool *inherited = xcalloc(ns->table.n + 1, sizeof(*inherited));

	for (uint32_t k = 0; k < world->n_ns; k++) {
		if (!may_come_from(world, ns, &world->ns[k]))
			continue;
		mnt_find_inherited(&ns->table, &world->ns[k].table, inherited);
		for (uint32_t i = 0; i < ns->table.n; i++)
			if (inherited[i])
				map_set(ret, ns->table.v[i].id, i);
	}
}

/* What is mounted, and on which directory of which file system, wherever that is shown. */
static uint64_t place(const struct mnt *mnt, const struct mnt *parent)
{
	AUTO(buf) struct buf text = {0};

	buf_addf(&text, "%u:%u %s\n%u:%u ", mnt->major, mnt->minor, mnt->root, parent->major,
		 parent->minor);
	mnt_dir_of(parent, mnt->target, &text);
	return map_hash(0, text.data, text.len);
}

static void add_copies(const struct mnt_table *table, const struct mnt_tree *tree, struct map *ret)
{
	struct map places = {0};

	for (int round = 0; round < 2; round++)
		for (uint32_t i = 0; i < table->n; i++) {
			uint32_t up = tree->v[i].parent;
			if (up == MAP_NONE)
				continue;
			uint64_t key = place(&table->v[i], &table->v[up]);
			if (round == 0 && map_get(ret, table->v[i].id) != MAP_NONE)
				map_set(&places, key, i);
			if (round == 1 && map_get(&places, key) != MAP_NONE)
				map_set(ret, table->v[i].id, i);
		}
	map_done(&places);
}

void explain_find_locked(const struct explain_ask *ask, struct map *ret)
{
	const struct mnt_table *table = &ask->world->ns[ask->ns].table;
	struct mnt_tree tree;

	add_inherited(ask, ret);
	if (!ret->n || mnt_tree_init_links(&tree, table, NULL) < 0)
		return;
	add_copies(table, &tree, ret);
	mnt_tree_done(&tree);
}
