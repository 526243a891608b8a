// SPDX-License-Identifier: Apache-2.0
/* What /proc calls the files that processes use; asked for only where somebody wants to read it. */
#include "read/scan.h"

#include <limits.h>
#include <stdio.h>

static void link_of(const struct mnt_use *use, pid_t tid, char *ret, size_t size)
{
	static const char *const names[] = {
		[MNT_USE_CWD] = "cwd", [MNT_USE_ROOT] = "root", [MNT_USE_EXE] = "exe"};

	if (use->kind == MNT_USE_FD)
		snprintf(ret, size, "/proc/%d/fd/%d", tid, use->fd);
	else
		snprintf(ret, size, "/proc/%d/%s", tid, names[use->kind]);
}

void scan_path(struct mnt_world *world, uint32_t i)
{
	struct mnt_use *use = &world->uses[i];
	char link[64], path[PATH_MAX];

	if (use->path || use->kind == MNT_USE_MAP)
		return;
	link_of(use, world->procs[use->proc].tid, link, sizeof(link));
	ssize_t n = readlink(link, path, sizeof(path));
	if (n > 0)
		use->path = arena_strn(&world->text, path, (size_t)n);
}

void scan_paths(struct mnt_world *world)
{
	struct map ids = {0};

	for (uint32_t i = 0; i < world->n_ns; i++)
		for (uint32_t k = 0; k < world->ns[i].table.n; k++)
			map_add(&ids, world->ns[i].table.v[k].id, k);
	for (uint32_t i = 0; i < world->n_uses; i++) {
		if (map_get(&ids, world->uses[i].mount) != MAP_NONE)
			scan_path(world, i);
	}
	map_done(&ids);
}
