// SPDX-License-Identifier: Apache-2.0
/*
 * A single mount is not unmounted alone: what is at its place on the peers and slaves of the mount
 * that it stands on goes with it, in every namespace, and the kernel refuses (EBUSY) if one of
 * those is in use. One with mounts of its own on it stays behind, and is in nobody's way.
 */
#include "base/mem.h"
#include "mnt/who_parts.h"

#include <string.h>

/* The groups that an event on one group reaches: itself, its slaves that are shared, theirs, … */
static void spread(const struct mnt_world *world, struct map *groups)
{
	size_t before;

	do {
		before = groups->n;
		for (uint32_t ns = 0; ns < world->n_ns; ns++)
			for (uint32_t i = 0; i < world->ns[ns].table.n; i++) {
				const struct mnt *mnt = &world->ns[ns].table.v[i];
				if (mnt->group && mnt->master &&
				    map_get(groups, mnt->master) != MAP_NONE)
					map_add(groups, mnt->group, 1);
			}
	} while (groups->n > before);
}

static bool receives(const struct map *groups, const struct mnt *mnt)
{
	return (mnt->group && map_get(groups, mnt->group) != MAP_NONE) ||
	       (mnt->master && map_get(groups, mnt->master) != MAP_NONE);
}

/* Where on its parent's file system a mount stands. */
static char *place(const struct mnt *parent, const struct mnt *mnt)
{
	size_t skip = strlen(parent->target);

	return xasprintf("%s%s", strcmp(parent->root, "/") ? parent->root : "",
			 mnt->target + (skip > 1 ? skip : 0));
}

/* Only a cover may be on it. */
static bool goes(const struct mnt_tree *tree, uint32_t i)
{
	uint32_t child = tree->v[i].child;

	return child == MAP_NONE || (tree->v[i].cover == child && tree->v[child].next == MAP_NONE);
}

static void look_in(struct who_walk *walk, uint32_t ns, const struct map *groups, const char *at,
		    const struct mnt *subject)
{
	const struct mnt_table *table = &walk->world->ns[ns].table;
	const struct mnt_tree *tree = NULL;

	for (uint32_t i = 0; i < table->n; i++) {
		const struct mnt *mnt = &table->v[i];
		if (mnt == subject || mnt->major != subject->major || mnt->minor != subject->minor)
			continue;
		tree = tree ? tree : who_tree(walk, ns);
		uint32_t parent = tree ? tree->v[i].parent : MAP_NONE;
		if (parent == MAP_NONE || !receives(groups, &table->v[parent]) || !goes(tree, i))
			continue;
		AUTO_FREE char *there = place(&table->v[parent], mnt);
		if (!strcmp(there, at))
			who_add_copy(walk, ns, i);
	}
}

void who_add_copies(struct who_walk *walk)
{
	const struct mnt_subject *subject = &walk->who->subject;
	const struct mnt_tree *tree = who_tree(walk, subject->ns);
	const struct mnt_table *table = &walk->world->ns[subject->ns].table;
	uint32_t parent = tree ? tree->v[subject->mount].parent : MAP_NONE;
	struct map groups = {0};

	if (parent == MAP_NONE || !table->v[parent].group)
		return;
	AUTO_FREE char *at = place(&table->v[parent], &table->v[subject->mount]);
	map_add(&groups, table->v[parent].group, 1);
	spread(walk->world, &groups);
	for (uint32_t ns = 0; ns < walk->world->n_ns; ns++)
		look_in(walk, ns, &groups, at, &table->v[subject->mount]);
	map_done(&groups);
}
