// SPDX-License-Identifier: Apache-2.0
/* One pass over all tables, so that no later step needs another. */
#include "base/mem.h"
#include "mnt/who_parts.h"

#include <string.h>

static void add_overlay(struct who_walk *walk, const struct mnt *mnt)
{
	struct who_overlay overlay = {
		.major = mnt->major, .minor = mnt->minor, .target = mnt->target};

	mnt_layers_parse(mnt, &overlay.layers);
	VEC_PUSH(walk->overlays, walk->n_overlays, overlay);
}

/* `last` is the end of each chain, by the index of its beginning. */
static void add_place(struct who_walk *walk, uint32_t **last, uint32_t ns, uint32_t i)
{
	const struct mnt *mnt = &walk->world->ns[ns].table.v[i];
	uint32_t at = walk->n_places, n = at;
	uint32_t first = map_add(&walk->places_of, who_device(mnt->major, mnt->minor), at);

	VEC_PUSH(*last, n, at);
	VEC_PUSH(walk->places, walk->n_places, (struct who_place){ns, i, MAP_NONE});
	if (first == at) {
		if (!strcmp(mnt->fstype, "overlay"))
			add_overlay(walk, mnt);
		return;
	}
	walk->places[(*last)[first]].next = at;
	(*last)[first] = at;
}

void who_index(struct who_walk *walk)
{
	uint32_t *last = NULL;

	for (uint32_t ns = 0; ns < walk->world->n_ns; ns++)
		for (uint32_t i = 0; i < walk->world->ns[ns].table.n; i++)
			add_place(walk, &last, ns, i);
	free(last);
	walk->trees = xcalloc(walk->world->n_ns + 1, sizeof(*walk->trees));
	walk->has_tree = xcalloc(walk->world->n_ns + 1, sizeof(*walk->has_tree));
}

void who_index_done(struct who_walk *walk)
{
	for (uint32_t i = 0; i < walk->world->n_ns; i++)
		if (walk->has_tree[i])
			mnt_tree_done(&walk->trees[i]);
	for (size_t i = 0; i < walk->n_overlays; i++)
		mnt_layers_done(&walk->overlays[i].layers);
	free(walk->trees);
	free(walk->has_tree);
	free(walk->overlays);
	free(walk->places);
	map_done(&walk->places_of);
	map_done(&walk->fs_of);
	map_done(&walk->rows_of);
	map_done(&walk->anonymous);
}

/* A table that changed while it was read may be no tree; it has mounts all the same. */
const struct mnt_tree *who_tree(struct who_walk *walk, uint32_t ns)
{
	struct mnt_tree *tree = &walk->trees[ns];

	if (!walk->has_tree[ns] && mnt_tree_init(tree, &walk->world->ns[ns].table, NULL) < 0)
		return NULL;
	walk->has_tree[ns] = true;
	return tree;
}

uint32_t who_first_place(const struct who_walk *walk, uint32_t major, uint32_t minor)
{
	return map_get(&walk->places_of, who_device(major, minor));
}
