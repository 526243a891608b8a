// SPDX-License-Identifier: Apache-2.0
/* What code relies on in a world, checked where it comes from a file. */
#include "read/snapshot_parts.h"

#include <errno.h>
#include <string.h>

/* EINVAL: `why` is said of a value, ".namespaces[3].inode". */
#define lie(c, why, ...)                                                                           \
	({                                                                                         \
		(c)->path.len = 0;                                                                 \
		buf_addf(&(c)->path, __VA_ARGS__);                                                 \
		cursor_fail(c, "%s", why);                                                         \
	})

static bool is_none_or(uint32_t index, uint32_t n)
{
	return index == MAP_NONE || index < n;
}

static int check_holds(const struct mnt_world *world, uint32_t n, struct cursor *c)
{
	for (uint32_t i = 0; i < world->ns[n].n_holds; i++) {
		const struct mnt_hold *hold = &world->ns[n].holds[i];
		if (!is_none_or(hold->proc, world->n_procs))
			return lie(c, "there is no such process",
				   ".namespaces[%u].holds[%u].process", n, i);
		if (!is_none_or(hold->in, world->n_ns))
			return lie(c, "there is no such namespace",
				   ".namespaces[%u].holds[%u].namespace", n, i);
		if (hold->kind == MNT_HOLD_FD && hold->proc == MAP_NONE)
			return lie(c, "a descriptor without its process",
				   ".namespaces[%u].holds[%u].process", n, i);
		if (hold->kind == MNT_HOLD_BIND && !hold->path)
			return lie(c, "a bind without its path", ".namespaces[%u].holds[%u].path",
				   n, i);
	}
	return 0;
}

static int check_mounts(const struct mnt_table *table, uint32_t n, struct cursor *c)
{
	AUTO(err) struct err err = {0};
	struct mnt_tree tree;

	for (size_t i = 0; i < table->n; i++)
		if (table->v[i].target[0] != '/')
			return lie(c, "expected a path that begins with /",
				   ".namespaces[%u].mounts[%zu].target", n, i);
	if (mnt_tree_init(&tree, table, &err) < 0)
		return lie(c, err.msg, ".namespaces[%u].mounts", n);
	mnt_tree_done(&tree);
	return 0;
}

static int check_namespaces(const struct mnt_world *world, struct cursor *c)
{
	for (uint32_t i = 0; i < world->n_ns; i++) {
		const struct mnt_ns *ns = &world->ns[i];
		if (i && ns->inode == ns[-1].inode)
			return lie(c, "two namespaces have it", ".namespaces[%u].inode", i);
		if (i && ns->inode < ns[-1].inode)
			return lie(c, "expected namespaces in the order of their inodes",
				   ".namespaces[%u].inode", i);
		int rc = check_holds(world, i, c);
		if (rc == 0)
			rc = check_mounts(&ns->table, i, c);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int check_procs(const struct mnt_world *world, struct cursor *c)
{
	for (uint32_t i = 0; i < world->n_procs; i++) {
		const struct mnt_proc *proc = &world->procs[i];
		if (proc->pid < 1 || proc->tid < 1)
			return lie(c, "expected PIDs from 1", ".processes[%u].pid", i);
		if (i && proc->pid < proc[-1].pid)
			return lie(c, "expected processes in the order of their PIDs",
				   ".processes[%u].pid", i);
		if (!is_none_or(proc->ns, world->n_ns))
			return lie(c, "there is no such namespace", ".processes[%u].namespace", i);
	}
	return 0;
}

static int check_uses(const struct mnt_world *world, struct cursor *c)
{
	for (uint32_t i = 0; i < world->n_uses; i++) {
		const struct mnt_use *use = &world->uses[i];
		if (use->proc >= world->n_procs)
			return lie(c, "there is no such process", ".uses[%u].process", i);
		if (i && use->proc < use[-1].proc)
			return lie(c, "expected uses in the order of their processes",
				   ".uses[%u].process", i);
	}
	return 0;
}

static int check_blocks(const struct mnt_world *world, struct cursor *c)
{
	for (uint32_t i = 1; i < world->n_blocks; i++)
		if (strcmp(world->blocks[i - 1].name, world->blocks[i].name) >= 0)
			return lie(c, "expected devices in the order of their names",
				   ".blocks[%u].name", i);
	return 0;
}

int snapshot_check(const struct mnt_world *world, struct cursor *c)
{
	int rc = is_none_or(world->self, world->n_ns)
			 ? 0
			 : lie(c, "there is no such namespace", ".self");

	if (rc == 0)
		rc = check_namespaces(world, c);
	if (rc == 0)
		rc = check_procs(world, c);
	if (rc == 0)
		rc = check_uses(world, c);
	return rc < 0 ? rc : check_blocks(world, c);
}
