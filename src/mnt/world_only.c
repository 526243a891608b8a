// SPDX-License-Identifier: Apache-2.0
/* A world with a single namespace left, as it is handed on to somebody. */
#include "base/mem.h"
#include "mnt/world.h"

static void free_namespaces(struct mnt_world *world, uint32_t but)
{
	for (uint32_t i = 0; i < world->n_ns; i++) {
		if (i == but)
			continue;
		mnt_table_done(&world->ns[i].table);
		free(world->ns[i].procs);
		free(world->ns[i].holds);
	}
	world->ns[0] = world->ns[but];
	world->n_ns = 1;
	world->self = world->self == but ? 0 : MAP_NONE;
}

static uint64_t device(uint32_t major, uint32_t minor)
{
	return (uint64_t)major << 32 | minor;
}

/* A memory map tells its file system only. */
static void keep_uses(struct mnt_world *world, bool *kept)
{
	const struct mnt_table *table = &world->ns[0].table;
	struct map ids = {0}, devices = {0};
	uint32_t n = 0;

	for (uint32_t i = 0; i < table->n; i++) {
		map_add(&ids, table->v[i].id, i);
		map_add(&devices, device(table->v[i].major, table->v[i].minor), i);
	}
	for (uint32_t i = 0; i < world->n_uses; i++) {
		const struct mnt_use *use = &world->uses[i];
		uint32_t found = use->mount ? map_get(&ids, use->mount)
					    : map_get(&devices, device(use->major, use->minor));
		if (found == MAP_NONE)
			continue;
		kept[use->proc] = true;
		world->uses[n++] = *use;
	}
	world->n_uses = n;
	map_done(&ids);
	map_done(&devices);
}

/* Moves those that are kept together; `now` is where each one is then. */
static void keep_procs(struct mnt_world *world, uint32_t ns, const bool *kept, uint32_t *now)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < world->n_procs; i++) {
		now[i] = MAP_NONE;
		if (!kept[i])
			continue;
		now[i] = n;
		world->procs[n] = world->procs[i];
		world->procs[n++].ns = world->procs[i].ns == ns ? 0 : MAP_NONE;
	}
	world->n_procs = n;
}

void mnt_world_only(struct mnt_world *world, uint32_t ns)
{
	bool *kept = xcalloc(world->n_procs + 1, sizeof(*kept));
	uint32_t *now = xcalloc(world->n_procs + 1, sizeof(*now));

	free_namespaces(world, ns);
	struct mnt_ns *only = &world->ns[0];
	keep_uses(world, kept);
	for (uint32_t i = 0; i < only->n_procs; i++)
		kept[only->procs[i]] = true;
	for (uint32_t i = 0; i < only->n_holds; i++)
		if (only->holds[i].proc != MAP_NONE)
			kept[only->holds[i].proc] = true;
	keep_procs(world, ns, kept, now);
	for (uint32_t i = 0; i < only->n_procs; i++)
		only->procs[i] = now[only->procs[i]];
	for (uint32_t i = 0; i < world->n_uses; i++)
		world->uses[i].proc = now[world->uses[i].proc];
	for (uint32_t i = 0; i < only->n_holds; i++) {
		struct mnt_hold *hold = &only->holds[i];
		hold->proc = hold->proc == MAP_NONE ? MAP_NONE : now[hold->proc];
		hold->in = hold->in == ns ? 0 : MAP_NONE;
	}
	free(kept);
	free(now);
}
