// SPDX-License-Identifier: Apache-2.0
/* Where a mount arrives. */
#include "base/mem.h"
#include "mnt/groups.h"

#include <string.h>

/* What of `path` is behind `base`, with its slash; NULL: it is not below. "/" is above all. */
static const char *behind(const char *path, const char *base)
{
	size_t len = strcmp(base, "/") ? strlen(base) : 0;

	if (strncmp(path, base, len) || (path[len] && path[len] != '/'))
		return NULL;
	return path[len] == '/' && !path[len + 1] ? path + len + 1 : path + len;
}

static void join(const char *base, const char *rest, struct buf *out)
{
	if (strcmp(base, "/") || !*rest)
		buf_adds(out, base);
	buf_adds(out, rest);
}

void mnt_dir_of(const struct mnt *mnt, const char *path, struct buf *out)
{
	const char *rest = behind(path, mnt->target);

	join(mnt->root, rest ? rest : "", out);
}

bool mnt_path_of(const struct mnt *mnt, const char *dir, struct buf *out)
{
	const char *rest = behind(dir, mnt->root);

	if (rest)
		join(mnt->target, rest, out);
	return rest;
}

bool mnt_arrives(const struct mnt *from, const char *dir, const struct mnt *to, struct buf *out)
{
	if (from->flags & MNT_DELETED || from->major != to->major || from->minor != to->minor)
		return false;
	return mnt_path_of(to, dir, out);
}

/* All mounts of one group, peers or slaves, that show the directory. */
static void arrive(struct mnt_arrivals *arrivals, const struct mnt_groups *groups,
		   const struct mnt_world *world, uint32_t i, struct mnt_ref on, const char *dir)
{
	const struct mnt_group *group = &groups->v[i];
	const struct mnt *source = mnt_ref_get(world, on);

	for (uint32_t k = 0; k < group->n_members + group->n_lone; k++) {
		struct mnt_ref ref = groups->refs[group->first + k];
		const struct mnt *mnt = mnt_ref_get(world, ref);
		AUTO(buf) struct buf path = {0};
		bool is_self = ref.ns == on.ns && ref.mount == on.mount;

		if (!is_self && mnt_arrives(source, dir, mnt, &path))
			VEC_PUSH(arrivals->v, arrivals->n,
				 (struct mnt_arrival){ref, i, buf_take(&path)});
	}
}

void mnt_arrivals_init(struct mnt_arrivals *arrivals, const struct mnt_groups *groups,
		       const struct mnt_world *world, struct mnt_ref on, const char *path)
{
	const struct mnt *mnt = mnt_ref_get(world, on);
	AUTO(buf) struct buf dir = {0};

	*arrivals = (struct mnt_arrivals){0};
	if (!mnt->group)
		return;
	mnt_dir_of(mnt, path, &dir);
	uint32_t top = mnt_groups_of(groups, mnt), i = top;
	do {
		uint32_t child = groups->v[i].child;
		arrive(arrivals, groups, world, i, on, dir.data);
		i = child != MAP_NONE ? child : mnt_groups_below(groups, top, i);
	} while (i != MAP_NONE);
}

void mnt_arrivals_done(struct mnt_arrivals *arrivals)
{
	for (size_t i = 0; i < arrivals->n; i++)
		free(arrivals->v[i].path);
	free(arrivals->v);
	*arrivals = (struct mnt_arrivals){0};
}
