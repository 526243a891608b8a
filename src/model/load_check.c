// SPDX-License-Identifier: Apache-2.0
/* What a line of a table must be like for the rest of loading to make sense of it. */
#include "base/mem.h"
#include "model/load.h"

#include <errno.h>
#include <string.h>

/* They lead elsewhere, so no kernel shows them, but in the root of a cgroup above one's own. */
static bool has_dots(const char *path)
{
	while (*path) {
		size_t len = strcspn(path, "/");
		if ((len == 1 && *path == '.') || (len == 2 && !memcmp(path, "..", 2)))
			return true;
		path += len + (path[len] == '/');
	}
	return false;
}

/* The kernel counts them: at a million a second this takes a hundred thousand years. */
#define UNIQUE_MAX (1ULL << 62)

static int refuse_line(const struct mnt *from, const char *why, struct err *err)
{
	return err_say(err, EINVAL, "mount %u: %s", from->id, why);
}

int load_check(struct load *load, const struct mnt *from, struct err *err)
{
	if (*from->target != '/')
		return refuse_line(from, "its mount point is no absolute path", err);
	if (!*from->root)
		return refuse_line(from, "it has no root directory", err);
	if (has_dots(from->target) || (has_dots(from->root) && !str_starts(from->fstype, "cgroup")))
		return refuse_line(from, "a path has . or .. in it", err);
	if (from->flags & MNT_DELETED && !mnt_root_is_deleted(from->root))
		return refuse_line(from, "its root is called removed, and is not marked so", err);
	if (from->unique >= UNIQUE_MAX)
		return refuse_line(from, "no kernel gives so large a unique id", err);
	if (from->unique && map_add(&load->by_unique, from->unique, (uint32_t)load->n) != load->n)
		return refuse_line(from, "another mount has the same unique id", err);
	return 0;
}

int load_check_ns(struct load *load, uint32_t index, struct err *err)
{
	const struct mnt_ns *ns = &load->world->ns[index];

	if (ns->inode && map_add(&load->by_inode, ns->inode, index) != index)
		return err_say(err, EINVAL, "two namespaces have the same number");
	return 0;
}
