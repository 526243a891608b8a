// SPDX-License-Identifier: Apache-2.0
/*
 * Tables are read one after the other, and mount by mount, while others go on mounting: one may
 * contradict itself, or another one that was read earlier. The model takes no such world. What
 * contradicts is left out here, and is then a namespace of which nothing is known.
 */
#include "base/mem.h"
#include "plan/parts.h"

static void leave_out(struct mnt_ns *ns)
{
	mnt_table_done(&ns->table);
	ns->has_table = false;
	ns->gap = "its mounts were changed while they were read";
}

static bool is_sound(const struct mnt_world *world, uint32_t i)
{
	const struct model_rules rules = {0};
	struct mnt_world alone = {.ns = &world->ns[i], .n_ns = 1, .self = MAP_NONE};
	struct model_task *task = NULL;
	struct model *m = NULL;
	int rc = model_load(&rules, &alone, &m, &task, NULL);

	model_free(m);
	return rc == 0;
}

/* A group as the first table shows it that has a member or a slave of it. */
struct group {
	uint32_t major, minor, master;
	bool has_member;
};
struct seen {
	struct map mounts; /* those that were in a table */
	struct map ids;
	struct group *v;
	size_t n;
};

static bool fits(struct seen *seen, const struct mnt *mnt, uint32_t id, bool is_member)
{
	uint32_t i = map_add(&seen->ids, id, (uint32_t)seen->n);

	if (i == seen->n)
		VEC_PUSH(seen->v, seen->n,
			 (struct group){mnt->major, mnt->minor, is_member ? mnt->master : 0,
					is_member});
	struct group *group = &seen->v[i];
	if (is_member && !group->has_member) {
		group->has_member = true;
		group->master = mnt->master;
	}
	return group->major == mnt->major && group->minor == mnt->minor &&
	       (!is_member || group->master == mnt->master);
}

/* A small id may have been given to a new mount since the other table was read. */
static void check_against(struct seen *seen, struct mnt_ns *ns)
{
	size_t n = seen->mounts.n;
	bool fit = true;

	for (size_t i = 0; i < ns->table.n && fit; i++) {
		const struct mnt *mnt = &ns->table.v[i];
		map_add(&seen->mounts, mnt->unique, 0);
		fit = seen->mounts.n == ++n && (!mnt->group || fits(seen, mnt, mnt->group, true)) &&
		      (!mnt->master || fits(seen, mnt, mnt->master, false));
	}
	if (!fit)
		leave_out(ns);
}

void plan_drop_torn(struct mnt_world *world, uint32_t in)
{
	struct seen seen = {0};

	for (uint32_t i = 0; i < world->n_ns; i++)
		if (world->ns[i].has_table && world->ns[i].table.n && !is_sound(world, i))
			leave_out(&world->ns[i]);
	/* What the ops are in is believed before all others. */
	check_against(&seen, &world->ns[in]);
	for (uint32_t i = 0; i < world->n_ns; i++)
		if (i != in)
			check_against(&seen, &world->ns[i]);
	map_done(&seen.mounts);
	map_done(&seen.ids);
	free(seen.v);
}
