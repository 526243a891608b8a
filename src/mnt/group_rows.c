// SPDX-License-Identifier: Apache-2.0
/* The propagation graph line by line. */
#include "mnt/group_rows.h"
#include "base/mem.h"

static void add(struct mnt_group_rows *rows, struct mnt_group_row row)
{
	VEC_PUSH(rows->v, rows->n, row);
}

static void add_refs(struct mnt_group_rows *rows, const struct mnt_groups *groups, uint32_t i,
		     bool above)
{
	const struct mnt_group *group = &groups->v[i];
	uint32_t n = group->n_members + (above ? 0 : group->n_lone);

	add(rows, (struct mnt_group_row){MNT_ROW_GROUP, group->depth, i, {0, 0}, above});
	for (uint32_t k = 0; k < n; k++)
		add(rows, (struct mnt_group_row){
				  k < group->n_members ? MNT_ROW_PEER : MNT_ROW_SLAVE,
				  group->depth + 1, i, groups->refs[group->first + k], above});
}

void mnt_group_rows_all(struct mnt_group_rows *rows, const struct mnt_groups *groups)
{
	*rows = (struct mnt_group_rows){0};
	for (uint32_t i = groups->first; i != MAP_NONE; i = mnt_groups_next(groups, i))
		add_refs(rows, groups, i, false);
}

/* Up to the top, then printed the other way round. */
static void add_above(struct mnt_group_rows *rows, const struct mnt_groups *groups, uint32_t i)
{
	uint32_t n = 0;
	uint32_t *chain = NULL;

	for (; i != MAP_NONE; i = groups->v[i].master)
		VEC_PUSH(chain, n, i);
	while (n-- > 0)
		add_refs(rows, groups, chain[n], true);
	free(chain);
}

void mnt_group_rows_of(struct mnt_group_rows *rows, const struct mnt_groups *groups, uint32_t i)
{
	uint32_t top = i;

	*rows = (struct mnt_group_rows){0};
	add_above(rows, groups, groups->v[i].master);
	do {
		uint32_t child = groups->v[i].child;
		add_refs(rows, groups, i, false);
		i = child != MAP_NONE ? child : mnt_groups_below(groups, top, i);
	} while (i != MAP_NONE);
}

void mnt_group_rows_mount(struct mnt_group_rows *rows, const struct mnt_groups *groups,
			  const struct mnt_world *world, struct mnt_ref ref)
{
	const struct mnt *mnt = mnt_ref_get(world, ref);
	uint32_t i = mnt_groups_of(groups, mnt);

	if (mnt->group) {
		mnt_group_rows_of(rows, groups, i);
		return;
	}
	*rows = (struct mnt_group_rows){0};
	add_above(rows, groups, i);
	add(rows,
	    (struct mnt_group_row){i == MAP_NONE ? MNT_ROW_PRIVATE : MNT_ROW_SLAVE,
				   i == MAP_NONE ? 0 : groups->v[i].depth + 1, i, ref, false});
}

void mnt_group_rows_done(struct mnt_group_rows *rows)
{
	free(rows->v);
	*rows = (struct mnt_group_rows){0};
}
