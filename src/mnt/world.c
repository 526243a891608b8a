// SPDX-License-Identifier: Apache-2.0
/* The machine as a value: finding namespaces and mounts, and naming them. */
#include "mnt/world.h"
#include "base/mem.h"

#include <string.h>

void mnt_world_done(struct mnt_world *world)
{
	for (uint32_t i = 0; i < world->n_ns; i++) {
		mnt_table_done(&world->ns[i].table);
		free(world->ns[i].procs);
		free(world->ns[i].holds);
	}
	for (uint32_t i = 0; i < world->n_blocks; i++)
		strv_done(&world->blocks[i].slaves);
	free(world->ns);
	free(world->procs);
	free(world->uses);
	free(world->blocks);
	strv_done(&world->gaps);
	arena_done(&world->text);
	*world = (struct mnt_world){.self = MAP_NONE};
}

uint32_t mnt_world_find(const struct mnt_world *world, uint64_t inode)
{
	for (uint32_t i = 0; i < world->n_ns; i++)
		if (world->ns[i].inode == inode)
			return i;
	return MAP_NONE;
}

const struct mnt *mnt_world_mount(const struct mnt_world *world, uint32_t id, uint32_t *ret_ns)
{
	for (uint32_t i = 0; i < world->n_ns; i++) {
		const struct mnt_table *table = &world->ns[i].table;
		for (size_t k = 0; k < table->n; k++) {
			if (table->v[k].id != id)
				continue;
			*ret_ns = i;
			return &table->v[k];
		}
	}
	return NULL;
}

char *mnt_ns_label(const struct mnt_world *world, uint32_t ns)
{
	const struct mnt_ns *n = &world->ns[ns];
	const struct mnt_proc *first = n->n_procs ? &world->procs[n->procs[0]] : NULL;

	if (n->name)
		return xstrdup(n->name);
	if (first && first->container)
		return xasprintf("container %.12s", first->container);
	if (first && first->unit && first->pid != 1)
		return xstrdup(first->unit);
	if (first)
		return xasprintf("%s (%d)", first->comm, first->tid);
	return xasprintf("mnt:[%llu]", (unsigned long long)n->inode);
}

static void print_hold(const struct mnt_world *world, const struct mnt_hold *hold, struct buf *out)
{
	if (hold->kind == MNT_HOLD_BIND)
		buf_addf(out, "pin %s", hold->path);
	else if (hold->kind == MNT_HOLD_FD)
		buf_addf(out, "descriptor %d of %d", hold->fd, world->procs[hold->proc].pid);
	else
		buf_adds(out, "the kernel: a descriptor in flight, or of a process out of sight");
}

void mnt_ns_print_holds(const struct mnt_world *world, uint32_t ns, struct buf *out)
{
	const struct mnt_ns *n = &world->ns[ns];
	size_t start = out->len;

	if (n->n_procs)
		buf_addf(out, "%u process%s", n->n_procs, n->n_procs == 1 ? "" : "es");
	for (uint32_t i = 0; i < n->n_holds; i++) {
		if (out->len > start)
			buf_adds(out, ", ");
		print_hold(world, &n->holds[i], out);
	}
}
