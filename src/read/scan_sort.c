// SPDX-License-Identifier: Apache-2.0
/* The namespaces in an order that does not depend on how they were found. */
#include "base/mem.h"
#include "read/scan_parts.h"

struct order {
	uint64_t inode;
	uint32_t was;
};

static int compare(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	return x->inode < y->inode ? -1 : x->inode > y->inode;
}

static void renumber(struct mnt_world *world, const uint32_t *now)
{
	for (uint32_t i = 0; i < world->n_procs; i++)
		if (world->procs[i].ns != MAP_NONE)
			world->procs[i].ns = now[world->procs[i].ns];
	for (uint32_t i = 0; i < world->n_ns; i++)
		for (uint32_t k = 0; k < world->ns[i].n_holds; k++)
			if (world->ns[i].holds[k].in != MAP_NONE)
				world->ns[i].holds[k].in = now[world->ns[i].holds[k].in];
}

static void drop(struct mnt_ns *ns)
{
	mnt_table_done(&ns->table);
	free(ns->procs);
	free(ns->holds);
}

void scan_sort(struct scan *scan)
{
	struct mnt_world *world = scan->world;
	struct order *order = xcalloc(world->n_ns, sizeof(*order));
	struct mnt_ns *sorted = xcalloc(world->n_ns, sizeof(*sorted));
	uint32_t *now = xcalloc(world->n_ns, sizeof(*now));

	uint32_t n = 0;

	for (uint32_t i = 0; i < world->n_ns; i++) {
		now[i] = MAP_NONE;
		if (scan->ways[i].ended)
			drop(&world->ns[i]);
		else
			order[n++] = (struct order){world->ns[i].inode, i};
	}
	qsort(order, n, sizeof(*order), compare);
	for (uint32_t i = 0; i < n; i++) {
		sorted[i] = world->ns[order[i].was];
		now[order[i].was] = i;
	}
	free(world->ns);
	world->ns = sorted;
	world->n_ns = n;
	renumber(world, now);
	free(order);
	free(now);
}
