// SPDX-License-Identifier: Apache-2.0
/* Peer groups, and which is the slave of which. */
#include "mnt/groups.h"
#include "base/mem.h"

#include <string.h>

static uint32_t group_add(struct mnt_groups *groups, uint32_t id)
{
	uint32_t i = map_add(&groups->ids, id, groups->n);

	if (i == groups->n)
		VEC_PUSH(
			groups->v, groups->n,
			(struct mnt_group){
				.id = id, .master = MAP_NONE, .child = MAP_NONE, .next = MAP_NONE});
	return i;
}

static void count(struct mnt_groups *groups, const struct mnt *mnt)
{
	uint32_t group = mnt->group ? group_add(groups, mnt->group) : MAP_NONE;
	uint32_t master = mnt->master ? group_add(groups, mnt->master) : MAP_NONE;

	if (group != MAP_NONE)
		groups->v[group].n_members++;
	else if (master != MAP_NONE)
		groups->v[master].n_lone++;
	if (group != MAP_NONE && master != MAP_NONE && group != master)
		groups->v[group].master = master;
}

/*
 * What is above a group that nobody sees is known from its slaves' "propagate_from" at best: the
 * nearest group above that has a member in the slave's namespace. Slaves of several namespaces may
 * name several; all of them are above each other, so the lowest is the nearest.
 */
static void guess_master(struct mnt_groups *groups, const struct mnt *mnt)
{
	uint32_t master = mnt->master ? map_get(&groups->ids, mnt->master) : MAP_NONE;

	if (master == MAP_NONE || !mnt->from || mnt->from == mnt->master)
		return;
	uint32_t from = group_add(groups, mnt->from);
	struct mnt_group *group = &groups->v[master];
	if (group->n_members)
		return;
	if (group->master != MAP_NONE && groups->v[group->master].depth >= groups->v[from].depth)
		return;
	group->master = from;
	group->far = true;
}

static void each_mount(struct mnt_groups *groups, const struct mnt_world *world,
		       void (*visit)(struct mnt_groups *, const struct mnt *))
{
	for (uint32_t ns = 0; ns < world->n_ns; ns++)
		for (size_t i = 0; i < world->ns[ns].table.n; i++)
			visit(groups, &world->ns[ns].table.v[i]);
}

/* Each group is walked up from once: a walk stops where an earlier one was. */
static void cut_cycles(struct mnt_groups *groups)
{
	uint32_t *walk = xcalloc(groups->n + 1, sizeof(*walk));

	for (uint32_t i = 0; i < groups->n; i++) {
		for (uint32_t k = i; k != MAP_NONE && !walk[k]; k = groups->v[k].master) {
			uint32_t master = groups->v[k].master;
			walk[k] = i + 1;
			if (master != MAP_NONE && walk[master] == i + 1)
				groups->v[k].master = MAP_NONE;
		}
	}
	free(walk);
}

/* From the last to the first, so that each is put in front of its later sisters. */
static void link_all(struct mnt_groups *groups)
{
	groups->first = MAP_NONE;
	for (uint32_t i = 0; i < groups->n; i++)
		groups->v[i].child = MAP_NONE;
	for (uint32_t i = groups->n; i-- > 0;) {
		struct mnt_group *group = &groups->v[i];
		uint32_t *head = group->master == MAP_NONE ? &groups->first
							   : &groups->v[group->master].child;
		group->next = *head;
		*head = i;
	}
	for (uint32_t i = groups->first; i != MAP_NONE; i = mnt_groups_next(groups, i)) {
		uint32_t master = groups->v[i].master;
		groups->v[i].depth = master == MAP_NONE ? 0 : groups->v[master].depth + 1;
	}
}

static void place(struct mnt_groups *groups, uint32_t *members, uint32_t *lone,
		  const struct mnt *mnt, struct mnt_ref ref)
{
	uint32_t i = mnt_groups_of(groups, mnt);

	if (i != MAP_NONE)
		groups->refs[mnt->group ? members[i]++ : lone[i]++] = ref;
}

static void place_all(struct mnt_groups *groups, const struct mnt_world *world)
{
	uint32_t *members = xcalloc(groups->n + 1, sizeof(*members));
	uint32_t *lone = xcalloc(groups->n + 1, sizeof(*lone));
	uint32_t at = 0;

	for (uint32_t i = 0; i < groups->n; i++) {
		struct mnt_group *group = &groups->v[i];
		group->first = members[i] = at;
		lone[i] = at + group->n_members;
		at = lone[i] + group->n_lone;
	}
	groups->refs = xcalloc(at + 1, sizeof(*groups->refs));
	for (uint32_t ns = 0; ns < world->n_ns; ns++)
		for (uint32_t i = 0; i < world->ns[ns].table.n; i++)
			place(groups, members, lone, &world->ns[ns].table.v[i],
			      (struct mnt_ref){ns, i});
	free(members);
	free(lone);
}

void mnt_groups_init(struct mnt_groups *groups, const struct mnt_world *world)
{
	*groups = (struct mnt_groups){.first = MAP_NONE};
	each_mount(groups, world, count);
	cut_cycles(groups);
	link_all(groups); /* guess_master wants depths */
	each_mount(groups, world, guess_master);
	cut_cycles(groups);
	link_all(groups);
	place_all(groups, world);
}

void mnt_groups_done(struct mnt_groups *groups)
{
	free(groups->v);
	free(groups->refs);
	map_done(&groups->ids);
	*groups = (struct mnt_groups){.first = MAP_NONE};
}

uint32_t mnt_groups_below(const struct mnt_groups *groups, uint32_t top, uint32_t i)
{
	for (; i != top && i != MAP_NONE; i = groups->v[i].master)
		if (groups->v[i].next != MAP_NONE)
			return groups->v[i].next;
	return MAP_NONE;
}

uint32_t mnt_groups_next(const struct mnt_groups *groups, uint32_t i)
{
	uint32_t child = groups->v[i].child;

	return child != MAP_NONE ? child : mnt_groups_below(groups, MAP_NONE, i);
}

uint32_t mnt_groups_of(const struct mnt_groups *groups, const struct mnt *mnt)
{
	uint32_t id = mnt->group ? mnt->group : mnt->master;

	return id ? map_get(&groups->ids, id) : MAP_NONE;
}

uint32_t mnt_groups_common(const struct mnt_groups *groups, uint32_t a, uint32_t b)
{
	while (a != b && a != MAP_NONE && b != MAP_NONE) {
		uint32_t *lower = groups->v[a].depth >= groups->v[b].depth ? &a : &b;
		*lower = groups->v[*lower].master;
	}
	return a == b ? a : MAP_NONE;
}

bool mnt_groups_is_below(const struct mnt_groups *groups, uint32_t a, uint32_t b)
{
	return a != MAP_NONE && mnt_groups_common(groups, a, b) == a;
}
