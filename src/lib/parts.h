/* SPDX-License-Identifier: Apache-2.0 */
/* What is behind the opaque types of include/mntns/. */
#ifndef LIB_PARTS_H
#define LIB_PARTS_H

#include <mntns/table.h>

#include "base/err.h"
#include "mnt/world.h"

struct mntns_error {
	struct err err;
};

/* A mount's handle; the mount itself is at the same index of the table. */
struct mntns_mount {
	const struct mntns_namespace *ns;
	uint32_t index;
};

struct mntns_namespace {
	const struct mntns_snapshot *snapshot;
	const struct mnt_ns *ns;
	struct mnt_tree tree;
	struct mntns_mount *mounts;
	char *label;
};

struct mntns_group {
	const struct mntns_snapshot *snapshot;
	uint32_t number;
	uint32_t n_members, n_slaves;
	const struct mntns_mount **mounts; /* the members, then the slaves */
};

struct mntns_snapshot {
	struct mnt_world world;
	struct mntns_namespace *ns; /* as many as the world's */
	struct mntns_group *groups; /* by number */
	uint32_t n_groups;
	struct map group_of;		    /* number -> index */
	const struct mntns_mount **grouped; /* what all groups' `mounts` point into */
};

/* Finds the groups of a snapshot whose mounts have their handles. */
void lib_groups_init(struct mntns_snapshot *snapshot);
void lib_groups_done(struct mntns_snapshot *snapshot);

/* Hands err to the caller, if there is one who wants it; returns its negative code. */
int lib_fail(struct err *err, struct mntns_error **ret_error);
/* Takes the world, also where it fails. */
int lib_snapshot_new(struct mnt_world *world, struct mntns_snapshot **ret,
		     struct mntns_error **ret_error);

static inline const struct mnt *lib_mount(const struct mntns_mount *mount)
{
	return &mount->ns->ns->table.v[mount->index];
}

/* MAP_NONE gives NULL. */
static inline const struct mntns_mount *lib_handle(const struct mntns_namespace *ns, uint32_t index)
{
	return index == MAP_NONE ? NULL : &ns->mounts[index];
}

#endif
