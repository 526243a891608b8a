// SPDX-License-Identifier: Apache-2.0
/* Namespaces, their processes, and where their mounts are found. */
#include "lib/parts.h"

const struct mntns_snapshot *mntns_namespace_snapshot(const struct mntns_namespace *ns)
{
	return ns->snapshot;
}

uint64_t mntns_namespace_inode(const struct mntns_namespace *ns)
{
	return ns->ns->inode;
}

uint64_t mntns_namespace_id(const struct mntns_namespace *ns)
{
	return ns->ns->id;
}

uint64_t mntns_namespace_owner(const struct mntns_namespace *ns)
{
	return ns->ns->owner;
}

const char *mntns_namespace_label(const struct mntns_namespace *ns)
{
	return ns->label;
}

const char *mntns_namespace_gap(const struct mntns_namespace *ns)
{
	return ns->ns->gap;
}

size_t mntns_namespace_n_processes(const struct mntns_namespace *ns)
{
	return ns->ns->n_procs;
}

static const struct mnt_proc *process(const struct mntns_namespace *ns, size_t i)
{
	return i < ns->ns->n_procs ? &ns->snapshot->world.procs[ns->ns->procs[i]] : NULL;
}

int mntns_namespace_pid(const struct mntns_namespace *ns, size_t i)
{
	const struct mnt_proc *proc = process(ns, i);

	return proc ? proc->tid : 0;
}

const char *mntns_namespace_command(const struct mntns_namespace *ns, size_t i)
{
	const struct mnt_proc *proc = process(ns, i);

	return proc ? proc->command : NULL;
}

size_t mntns_namespace_n_mounts(const struct mntns_namespace *ns)
{
	return ns->ns->table.n;
}

const struct mntns_mount *mntns_namespace_mount(const struct mntns_namespace *ns, size_t i)
{
	return i < ns->ns->table.n ? &ns->mounts[i] : NULL;
}

const struct mntns_mount *mntns_namespace_root(const struct mntns_namespace *ns)
{
	return lib_handle(ns, ns->tree.first);
}

const struct mntns_mount *mntns_namespace_find_id(const struct mntns_namespace *ns, uint32_t id)
{
	return lib_handle(ns, map_get(&ns->tree.ids, id));
}

const struct mntns_mount *mntns_namespace_find_path(const struct mntns_namespace *ns,
						    const char *path)
{
	if (*path != '/')
		return NULL;
	return lib_handle(ns, mnt_tree_find(&ns->tree, &ns->ns->table, path));
}
