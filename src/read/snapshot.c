// SPDX-License-Identifier: Apache-2.0
/* Worlds from files. */
#include "read/snapshot.h"
#include "base/mem.h"
#include "read/table.h"

int snapshot_read(const char *text, size_t len, const char *name, struct mnt_world *ret,
		  struct err *err)
{
	struct mnt_world world = {.self = 0};
	AUTO(mnt_table) struct mnt_table table = {0};
	int rc = read_mountinfo_text(text, len, name, &table, err);

	if (rc < 0)
		return rc;
	world.ns = xcalloc(1, sizeof(*world.ns));
	world.n_ns = 1;
	world.ns[0] =
		(struct mnt_ns){.n_mounts = (uint32_t)table.n, .has_table = true, .table = table};
	table = (struct mnt_table){0};
	*ret = world;
	return 0;
}
