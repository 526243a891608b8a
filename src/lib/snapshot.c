// SPDX-License-Identifier: Apache-2.0
/* Snapshots: a world, and for each namespace its tree and the handles of its mounts. */
#include "base/mem.h"
#include "lib/parts.h"
#include "read/scan.h"
#include "read/snapshot.h"

#include <errno.h>

/* The library's flags are the scan's. */
_Static_assert(MNTNS_SCAN_TABLES == (int)SCAN_TABLES && MNTNS_SCAN_USES == (int)SCAN_USES &&
		       MNTNS_SCAN_MAPS == (int)SCAN_MAPS && MNTNS_SCAN_BLOCKS == (int)SCAN_BLOCKS,
	       "mntns/table.h and read/scan.h name the same flags");

static int open_namespace(struct mntns_snapshot *snapshot, uint32_t index, struct err *err)
{
	struct mntns_namespace *ns = &snapshot->ns[index];

	ns->snapshot = snapshot;
	ns->ns = &snapshot->world.ns[index];
	ns->label = mnt_ns_label(&snapshot->world, index);
	ns->mounts = xcalloc(ns->ns->table.n + 1, sizeof(*ns->mounts));
	for (uint32_t i = 0; i < ns->ns->table.n; i++)
		ns->mounts[i] = (struct mntns_mount){ns, i};
	if (mnt_tree_init(&ns->tree, &ns->ns->table, err) < 0)
		return err_add(err, "mnt:[%llu]", (unsigned long long)ns->ns->inode);
	return 0;
}

int lib_snapshot_new(struct mnt_world *world, struct mntns_snapshot **ret,
		     struct mntns_error **ret_error)
{
	struct mntns_snapshot *snapshot = xcalloc(1, sizeof(*snapshot));
	struct err err = {0};

	snapshot->world = *world;
	snapshot->ns = xcalloc(world->n_ns + 1, sizeof(*snapshot->ns));
	for (uint32_t i = 0; i < world->n_ns; i++) {
		if (open_namespace(snapshot, i, &err) < 0) {
			mntns_snapshot_free(snapshot);
			return lib_fail(&err, ret_error);
		}
	}
	lib_groups_init(snapshot);
	*ret = snapshot;
	return 0;
}

int mntns_snapshot_scan(unsigned flags, struct mntns_snapshot **ret, struct mntns_error **ret_error)
{
	unsigned known = SCAN_TABLES | SCAN_USES | SCAN_MAPS | SCAN_BLOCKS;
	struct err err = {0};
	struct mnt_world world;

	if (flags & ~known) {
		err_say(&err, EINVAL, "0x%x are flags that this version has not", flags & ~known);
		return lib_fail(&err, ret_error);
	}
	if (scan_world(flags, &world, &err) < 0)
		return lib_fail(&err, ret_error);
	if (flags & SCAN_USES)
		scan_paths(&world);
	return lib_snapshot_new(&world, ret, ret_error);
}

int mntns_snapshot_scan_one(int pid, const char *path, struct mntns_snapshot **ret,
			    struct mntns_error **ret_error)
{
	struct err err = {0};
	struct mnt_world world;

	if (pid < 0 || (pid && path)) {
		err_say(&err, EINVAL, "expected a PID, 0 for the caller, or a path alone");
		return lib_fail(&err, ret_error);
	}
	if (scan_one(path ? 0 : pid ? pid : getpid(), path, &world, &err) < 0)
		return lib_fail(&err, ret_error);
	return lib_snapshot_new(&world, ret, ret_error);
}

int mntns_snapshot_load(const char *file, struct mntns_snapshot **ret,
			struct mntns_error **ret_error)
{
	struct err err = {0};
	struct mnt_world world;

	if (snapshot_load(file, &world, &err) < 0)
		return lib_fail(&err, ret_error);
	return lib_snapshot_new(&world, ret, ret_error);
}

int mntns_snapshot_parse(const char *text, size_t len, const char *name,
			 struct mntns_snapshot **ret, struct mntns_error **ret_error)
{
	struct err err = {0};
	struct mnt_world world;

	if (snapshot_read(text, len, name, &world, &err) < 0)
		return lib_fail(&err, ret_error);
	return lib_snapshot_new(&world, ret, ret_error);
}

int mntns_snapshot_write(const struct mntns_snapshot *snapshot, FILE *out)
{
	errno = 0;
	snapshot_print(&snapshot->world, out);
	if (fflush(out) == 0 && !ferror(out))
		return 0;
	return errno ? -errno : -EIO;
}

void mntns_snapshot_free(struct mntns_snapshot *snapshot)
{
	if (!snapshot)
		return;
	for (uint32_t i = 0; i < snapshot->world.n_ns; i++) {
		mnt_tree_done(&snapshot->ns[i].tree);
		free(snapshot->ns[i].mounts);
		free(snapshot->ns[i].label);
	}
	lib_groups_done(snapshot);
	free(snapshot->ns);
	mnt_world_done(&snapshot->world);
	free(snapshot);
}

size_t mntns_snapshot_n_namespaces(const struct mntns_snapshot *snapshot)
{
	return snapshot->world.n_ns;
}

const struct mntns_namespace *mntns_snapshot_namespace(const struct mntns_snapshot *snapshot,
						       size_t i)
{
	return i < snapshot->world.n_ns ? &snapshot->ns[i] : NULL;
}

const struct mntns_namespace *mntns_snapshot_self(const struct mntns_snapshot *snapshot)
{
	return mntns_snapshot_namespace(snapshot, snapshot->world.self);
}

const struct mntns_namespace *mntns_snapshot_find(const struct mntns_snapshot *snapshot,
						  uint64_t inode)
{
	return mntns_snapshot_namespace(snapshot, mnt_world_find(&snapshot->world, inode));
}

size_t mntns_snapshot_n_gaps(const struct mntns_snapshot *snapshot)
{
	return snapshot->world.gaps.n;
}

const char *mntns_snapshot_gap(const struct mntns_snapshot *snapshot, size_t i)
{
	return i < snapshot->world.gaps.n ? snapshot->world.gaps.v[i] : NULL;
}

int64_t mntns_snapshot_time(const struct mntns_snapshot *snapshot)
{
	return snapshot->world.time;
}

const char *mntns_snapshot_host(const struct mntns_snapshot *snapshot)
{
	return snapshot->world.host;
}
