// SPDX-License-Identifier: Apache-2.0
/*
 * v2 has no process in a cgroup that passes controllers on. Where a container has divided its own,
 * as systemd does, its processes are below, and who joins it goes to where its first one is.
 */
#include "base/io.h"
#include "base/mem.h"
#include "oci/cgroups.h"

#include <fcntl.h>
#include <string.h>

static bool is_divided(const struct hierarchy *h)
{
	AUTO_FREE char *path = xasprintf("%s/cgroup.subtree_control", h->dir);
	AUTO(buf) struct buf text = {0};

	return h->v2 && io_read_file(AT_FDCWD, path, 4096, &text, NULL) == 0 && text.len > 1;
}

/* The line of v2 in /proc/PID/cgroup is 0::PATH. */
char *cgroups_of(const struct hierarchy *h, pid_t pid)
{
	AUTO_FREE char *file = xasprintf("/proc/%d/cgroup", pid);
	AUTO(buf) struct buf text = {0};

	if (io_read_file(AT_FDCWD, file, 1 << 17, &text, NULL) < 0)
		return NULL;
	const char *line = text.data && str_starts(text.data, "0::") ? text.data : NULL;
	const char *later = text.data && !line ? strstr(text.data, "\n0::") : NULL;
	line = later ? later + 1 : line;
	return line ? xasprintf("%s%.*s", h->mount, (int)strcspn(line + 3, "\n"), line + 3) : NULL;
}

void cgroups_follow(struct cgroups *cg, pid_t pid)
{
	for (size_t i = 0; i < cg->n; i++) {
		struct hierarchy *h = &cg->v[i];
		AUTO_FREE char *dir = is_divided(h) ? cgroups_of(h, pid) : NULL;
		size_t len = strlen(h->dir);
		if (!dir || !str_starts(dir, h->dir) || dir[len] != '/')
			continue;
		free(h->dir);
		h->dir = TAKE_PTR(dir);
	}
}
