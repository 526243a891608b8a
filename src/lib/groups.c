// SPDX-License-Identifier: Apache-2.0
/* Peer groups across namespaces: counted first, so that all lists lie in one array. */
#include "base/mem.h"
#include "lib/parts.h"

static void note(struct mntns_snapshot *snapshot, uint32_t number)
{
	if (number &&
	    map_add(&snapshot->group_of, number, snapshot->n_groups) == snapshot->n_groups)
		VEC_PUSH(snapshot->groups, snapshot->n_groups,
			 (struct mntns_group){.snapshot = snapshot, .number = number});
}

static int by_number(const void *a, const void *b)
{
	const struct mntns_group *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

static struct mntns_group *group_of(const struct mntns_snapshot *snapshot, uint32_t number)
{
	uint32_t i = number ? map_get(&snapshot->group_of, number) : MAP_NONE;

	return i == MAP_NONE ? NULL : &snapshot->groups[i];
}

/* Calls `use` with the groups of each mount, which may be NULL; namespace by namespace. */
static void each_mount(struct mntns_snapshot *snapshot,
		       void (*use)(struct mntns_group *group, struct mntns_group *master,
				   const struct mntns_mount *mount))
{
	for (uint32_t n = 0; n < snapshot->world.n_ns; n++) {
		const struct mnt_table *table = &snapshot->world.ns[n].table;
		for (size_t i = 0; i < table->n; i++)
			use(group_of(snapshot, table->v[i].group),
			    group_of(snapshot, table->v[i].master), &snapshot->ns[n].mounts[i]);
	}
}

static void count(struct mntns_group *group, struct mntns_group *master,
		  const struct mntns_mount *mount)
{
	if (group)
		group->n_members++;
	if (master)
		master->n_slaves++;
}

/* Where the next member and the next slave go is kept in the counts themselves. */
static void put(struct mntns_group *group, struct mntns_group *master,
		const struct mntns_mount *mount)
{
	if (group)
		group->mounts[group->n_members++] = mount;
	if (master)
		master->mounts[master->n_slaves++] = mount;
}

/* Slaves behind the members: their count starts where these end, and is set right afterwards. */
static void share_out(struct mntns_snapshot *snapshot)
{
	uint32_t *members = xcalloc(snapshot->n_groups + 1, sizeof(*members));
	size_t at = 0;

	for (uint32_t i = 0; i < snapshot->n_groups; i++) {
		struct mntns_group *group = &snapshot->groups[i];
		at += group->n_members + group->n_slaves;
	}
	snapshot->grouped = xcalloc(at + 1, sizeof(const struct mntns_mount *));
	at = 0;
	for (uint32_t i = 0; i < snapshot->n_groups; i++) {
		struct mntns_group *group = &snapshot->groups[i];
		group->mounts = snapshot->grouped + at;
		at += group->n_members + group->n_slaves;
		members[i] = group->n_members;
		group->n_slaves = group->n_members;
		group->n_members = 0;
	}
	each_mount(snapshot, put);
	for (uint32_t i = 0; i < snapshot->n_groups; i++)
		snapshot->groups[i].n_slaves -= members[i];
	free(members);
}

void lib_groups_init(struct mntns_snapshot *snapshot)
{
	for (uint32_t n = 0; n < snapshot->world.n_ns; n++) {
		const struct mnt_table *table = &snapshot->world.ns[n].table;
		for (size_t i = 0; i < table->n; i++) {
			note(snapshot, table->v[i].group);
			note(snapshot, table->v[i].master);
		}
	}
	if (snapshot->n_groups)
		qsort(snapshot->groups, snapshot->n_groups, sizeof(*snapshot->groups), by_number);
	for (uint32_t i = 0; i < snapshot->n_groups; i++)
		map_set(&snapshot->group_of, snapshot->groups[i].number, i);
	each_mount(snapshot, count);
	share_out(snapshot);
}

void lib_groups_done(struct mntns_snapshot *snapshot)
{
	free(snapshot->groups);
	free(snapshot->grouped);
	map_done(&snapshot->group_of);
}

size_t mntns_snapshot_n_groups(const struct mntns_snapshot *snapshot)
{
	return snapshot->n_groups;
}

const struct mntns_group *mntns_snapshot_group(const struct mntns_snapshot *snapshot, size_t i)
{
	return i < snapshot->n_groups ? &snapshot->groups[i] : NULL;
}

const struct mntns_group *mntns_snapshot_find_group(const struct mntns_snapshot *snapshot,
						    uint32_t number)
{
	return group_of(snapshot, number);
}

uint32_t mntns_group_number(const struct mntns_group *group)
{
	return group->number;
}

size_t mntns_group_n_members(const struct mntns_group *group)
{
	return group->n_members;
}

const struct mntns_mount *mntns_group_member(const struct mntns_group *group, size_t i)
{
	return i < group->n_members ? group->mounts[i] : NULL;
}

size_t mntns_group_n_slaves(const struct mntns_group *group)
{
	return group->n_slaves;
}

const struct mntns_mount *mntns_group_slave(const struct mntns_group *group, size_t i)
{
	return i < group->n_slaves ? group->mounts[group->n_members + i] : NULL;
}

const struct mntns_group *mntns_group_master(const struct mntns_group *group)
{
	return group->n_members ? group_of(group->snapshot, lib_mount(group->mounts[0])->master)
				: NULL;
}
