// SPDX-License-Identifier: Apache-2.0
/* The steps of the search, and its last one: who uses a mount that was found. */
#include "mnt/who.h"
#include "base/mem.h"
#include "mnt/who_parts.h"

#include <string.h>

static const enum mnt_who_kind use_kinds[] = {
	[MNT_USE_FD] = MNT_WHO_FD,   [MNT_USE_CWD] = MNT_WHO_CWD, [MNT_USE_ROOT] = MNT_WHO_ROOT,
	[MNT_USE_EXE] = MNT_WHO_EXE, [MNT_USE_MAP] = MNT_WHO_MAP,
};

static bool is_in_a_table(struct who_walk *walk, uint32_t id)
{
	uint32_t known = map_get(&walk->anonymous, id), ns;

	if (known == MAP_NONE)
		known = map_add(&walk->anonymous, id,
				mnt_world_mount(walk->world, id, &ns) ? 0 : 1);
	return known == 0;
}

/*
 * The row of the mount, or MAP_NONE with the file system of a mount that is in no table, or whose
 * device itself is open.
 */
static uint32_t match(struct who_walk *walk, const struct mnt_use *use, uint32_t *ret_fs)
{
	uint32_t row = use->mount ? map_get(&walk->rows_of, use->mount) : MAP_NONE;
	uint32_t fs = map_get(&walk->fs_of, who_device(use->major, use->minor));
	uint32_t node = use->node_major ? map_get(&walk->fs_of,
						  who_device(use->node_major, use->node_minor))
					: MAP_NONE;

	*ret_fs = MAP_NONE;
	if (node != MAP_NONE && !(node == 0 && walk->who->subject.only)) {
		*ret_fs = node;
		return MAP_NONE;
	}
	if (row != MAP_NONE)
		*ret_fs = walk->who->v[row].fs;
	else if (fs != MAP_NONE && !use->mount && !(fs == 0 && walk->who->subject.only))
		*ret_fs = fs;
	else if (fs != MAP_NONE && use->mount && !walk->who->subject.only &&
		 !is_in_a_table(walk, use->mount))
		*ret_fs = fs;
	return row;
}

static void add_uses(struct who_walk *walk)
{
	const struct mnt_world *world = walk->world;

	for (uint32_t i = 0; i < world->n_uses; i++) {
		const struct mnt_use *use = &world->uses[i];
		uint32_t fs, row = match(walk, use, &fs);
		if (fs == MAP_NONE)
			continue;
		who_add(walk, (struct mnt_who_row){
				      .kind = use_kinds[use->kind],
				      .fs = fs,
				      .proc = use->proc,
				      .ns = world->procs[use->proc].ns,
				      .mount = MAP_NONE,
				      .hold = MAP_NONE,
				      .use = i,
				      .block = MAP_NONE,
				      .is_lazy = row == MAP_NONE && use->mount &&
						 !is_in_a_table(walk, use->mount),
			      });
	}
}

/* Devices come last: they are let go last. */
static void devices_last(struct mnt_who *who, size_t n_devices)
{
	struct mnt_who_row *sorted = xcalloc(who->n + 1, sizeof(*sorted));
	size_t rest = who->n - n_devices;

	if (rest)
		memcpy(sorted, who->v + n_devices, rest * sizeof(*sorted));
	if (n_devices)
		memcpy(sorted + rest, who->v, n_devices * sizeof(*sorted));
	free(who->v);
	who->v = sorted;
}

struct mnt_who_search {
	struct who_walk walk;
	struct mnt_who who;
	size_t n_devices; /* rows of them */
	struct map devices;
};

struct mnt_who_search *mnt_who_begin(const struct mnt_world *world,
				     const struct mnt_subject *subject)
{
	struct mnt_who_search *search = xcalloc(1, sizeof(*search));

	search->who.subject = *subject;
	search->walk = (struct who_walk){.world = world, .who = &search->who};
	who_index(&search->walk);
	who_spread(&search->walk);
	search->n_devices = search->who.n;
	who_add_mounts(&search->walk);
	if (subject->only)
		who_add_copies(&search->walk);
	return search;
}

const struct map *mnt_who_devices(struct mnt_who_search *search)
{
	const struct mnt_who *who = &search->who;

	for (size_t i = 0; i < who->n_fs; i++)
		map_add(&search->devices, who_device(who->fs[i].major, who->fs[i].minor), 1);
	for (size_t i = 0; i < who->n; i++) {
		if (who->v[i].mount == MAP_NONE)
			continue;
		const struct mnt_table *table = &search->walk.world->ns[who->v[i].ns].table;
		const struct mnt *mnt = &table->v[who->v[i].mount];
		map_add(&search->devices, who_device(mnt->major, mnt->minor), 1);
	}
	return &search->devices;
}

void mnt_who_end(struct mnt_who_search *search, struct mnt_who *ret)
{
	add_uses(&search->walk);
	devices_last(&search->who, search->n_devices);
	who_index_done(&search->walk);
	map_done(&search->devices);
	*ret = search->who;
	free(search);
}

void mnt_who_find(const struct mnt_world *world, const struct mnt_subject *subject,
		  struct mnt_who *ret)
{
	mnt_who_end(mnt_who_begin(world, subject), ret);
	mnt_who_tidy(world, ret);
}

/* Rows of a process follow each other, its program before its maps. */
void mnt_who_tidy(const struct mnt_world *world, struct mnt_who *who)
{
	const char *program = NULL;
	uint32_t proc = MAP_NONE;
	size_t n = 0;

	for (size_t i = 0; i < who->n; i++) {
		const struct mnt_who_row *row = &who->v[i];
		const char *path = row->use == MAP_NONE ? NULL : world->uses[row->use].path;
		if (row->kind == MNT_WHO_EXE) {
			program = path;
			proc = row->proc;
		}
		if (row->kind == MNT_WHO_MAP && row->proc == proc && path && program &&
		    !strcmp(path, program))
			continue;
		who->v[n++] = *row;
	}
	who->n = n;
}

void mnt_who_done(struct mnt_who *who)
{
	free(who->v);
	free(who->fs);
	arena_done(&who->text);
	*who = (struct mnt_who){0};
}
