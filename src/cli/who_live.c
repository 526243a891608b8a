// SPDX-License-Identifier: Apache-2.0
/* What a path means here and now, and how much of what was found --release may touch. */
#include "base/mem.h"
#include "cli/run.h"
#include "cli/who.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static bool look(const char *path, struct statx *ret)
{
	return statx(AT_FDCWD, path, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT,
		     STATX_TYPE | STATX_MNT_ID, ret) == 0;
}

/* Our own table names mount points from its root, which after chroot(2) is not ours. */
static bool is_own_root(const struct mnt_table *table, const struct mnt_tree *tree)
{
	struct statx st;

	return tree->first != MAP_NONE && look("/", &st) &&
	       st.stx_attributes & STATX_ATTR_MOUNT_ROOT &&
	       st.stx_mnt_id == table->v[tree->first].id;
}

/* 0: the path is a mount point by the table alone. */
static int by_mount_point(const struct mnt_world *world, const char *path, struct mnt_subject *ret)
{
	const struct mnt_table *table;
	struct mnt_tree tree;
	uint32_t i = MAP_NONE;

	if (world->self == MAP_NONE)
		return -ENOENT;
	table = &world->ns[world->self].table;
	if (mnt_tree_init(&tree, table, NULL) < 0)
		return -EINVAL;
	if (is_own_root(table, &tree))
		i = mnt_tree_find(&tree, table, path);
	mnt_tree_done(&tree);
	if (i == MAP_NONE || strcmp(table->v[i].target, path))
		return -ENOENT;
	return mnt_subject_mount(world, table->v[i].id, ret, NULL);
}

static bool by_image(const struct mnt_world *world, const char *path, struct mnt_subject *ret)
{
	AUTO_FREE char *real = realpath(path, NULL);

	for (uint32_t i = 0; real && i < world->n_blocks; i++) {
		const struct mnt_block *block = &world->blocks[i];
		if (block->major && block->backing && !strcmp(block->backing, real))
			return mnt_subject_parse(world, real, ret, NULL) == 0;
	}
	return false;
}

int who_live_subject(const struct mnt_world *world, const char *text, struct mnt_subject *ret,
		     struct err *err)
{
	AUTO_FREE char *path = NULL;
	struct statx st;

	if (*text != '/')
		return mnt_subject_parse(world, text, ret, err);
	if (run_absolute(text, &path, err) < 0)
		return -err->code;
	if (by_mount_point(world, path, ret) == 0)
		return 0;
	if (!look(path, &st)) {
		/* A share's name may begin with a slash, as //server/share does. */
		int code = errno;
		return mnt_subject_source(world, text, ret, NULL) == 0
			       ? 0
			       : err_set(err, code, "'%s'", text);
	}
	if (S_ISBLK(st.stx_mode))
		return mnt_subject_device(world, st.stx_rdev_major, st.stx_rdev_minor, ret, err);
	if (S_ISREG(st.stx_mode) && by_image(world, path, ret))
		return 0;
	return mnt_subject_mount(world, (uint32_t)st.stx_mnt_id, ret, err) < 0
		       ? err_add(err, "'%s'", text)
		       : 0;
}

/* Below a directory stands a whole file system: that was not asked for. */
static int check_mount_point(const struct mnt_world *world, const char *text,
			     const struct mnt_subject *subject, struct err *err)
{
	const struct mnt *mnt = &world->ns[subject->ns].table.v[subject->mount];
	AUTO_FREE char *path = NULL;
	AUTO_FREE char *real = NULL;

	if (run_absolute(text, &path, NULL) == 0 && strcmp(path, mnt->target))
		real = realpath(text, NULL);
	if (!path || strcmp(real ? real : path, mnt->target))
		return err_say(err, EINVAL,
			       "--release: '%s' is no mount point: it is on %s, and all of that "
			       "would be released; name that if it is meant",
			       text, mnt->target);
	if (!subject->only && strcmp(mnt->root, "/"))
		return err_say(err, EINVAL,
			       "--release: '%s' shows only a directory of its file system, %s: "
			       "--mount releases this mount alone, %u:%u the whole file system",
			       text, mnt->root, mnt->major, mnt->minor);
	return 0;
}

int who_may_release(const struct mnt_world *world, const char *text, const struct mnt_who *who,
		    struct err *err)
{
	for (size_t i = 0; i < who->n; i++)
		if (who->v[i].is_root && who->v[i].ns == world->self)
			return err_say(err, EPERM,
				       "--release: the root of this namespace is on it, which "
				       "cannot be released");
	return who->subject.mount != MAP_NONE && *text == '/'
		       ? check_mount_point(world, text, &who->subject, err)
		       : 0;
}
