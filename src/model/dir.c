// SPDX-License-Identifier: Apache-2.0
/* Directories made, renamed and removed, as far as mounts can tell. */
#include "model/parts.h"

#include <errno.h>
#include <string.h>

struct name {
	struct place dir;
	const char *s;
	size_t len;
};

static bool is_dots(const struct name *name)
{
	return (name->len == 1 && *name->s == '.') || (name->len == 2 && !memcmp(name->s, "..", 2));
}

static int find(struct model *m, const struct model_task *task, const struct model_at *at,
		struct name *ret)
{
	return lookup_parent(m, task, at, &ret->dir, &ret->s, &ret->len);
}

/* Whether a mount of the caller's namespace is on it, by whichever way it is reached. */
static bool is_mountpoint_of(const struct model_task *task, const struct dentry *d)
{
	for (const struct mount *mnt = d->mounts; mnt; mnt = mnt->at_next)
		if (mnt->ns == task->ns)
			return true;
	return false;
}

static int make(struct model *m, struct model_task *task, const struct model_at *at,
		enum dentry_kind kind)
{
	struct name name;
	int rc = find(m, task, at, &name);

	if (rc < 0)
		return rc;
	if (!name.len || is_dots(&name) || dentry_child(m, name.dir.d, name.s, name.len))
		return -EEXIST;
	if (name.dir.d->dead)
		return -ENOENT;
	if (mount_is_read_only(name.dir.mnt))
		return -EROFS;
	dentry_add(m, name.dir.d, name.s, name.len, kind);
	return 0;
}

int model_mkdir(struct model *m, struct model_task *task, const struct model_at *at)
{
	return make(m, task, at, DENTRY_DIR);
}

int model_mkfile(struct model *m, struct model_task *task, const struct model_at *at)
{
	return make(m, task, at, DENTRY_FILE);
}

static int check_last(const struct name *name)
{
	if (!name->len)
		return -EBUSY;
	if (!is_dots(name))
		return 0;
	return name->len == 1 ? -EINVAL : -ENOTEMPTY;
}

static void remove_dentry(struct model *m, struct dentry *d)
{
	dentry_unlink(m, d);
	detach_mounts(m, d);
	ns_settle(m);
}

/* ret: what the name names; rc: what the name itself was found to be. */
static int find_victim(struct model *m, const struct name *name, int rc, struct dentry **ret)
{
	if (rc == 0 && mount_is_read_only(name->dir.mnt))
		rc = -EROFS;
	if (rc < 0)
		return rc;
	*ret = dentry_child(m, name->dir.d, name->s, name->len);
	return *ret ? 0 : -ENOENT;
}

int model_rmdir(struct model *m, struct model_task *task, const struct model_at *at)
{
	struct name name;
	struct dentry *d;
	int rc = find(m, task, at, &name);

	rc = find_victim(m, &name, rc < 0 ? rc : check_last(&name), &d);
	if (rc < 0)
		return rc;
	if (!dentry_is_dir(d))
		return -ENOTDIR;
	if (is_mountpoint_of(task, d))
		return -EBUSY;
	if (d->n_kids)
		return -ENOTEMPTY;
	remove_dentry(m, d);
	return 0;
}

int model_unlink(struct model *m, struct model_task *task, const struct model_at *at)
{
	struct name name;
	struct dentry *d;
	int rc = find(m, task, at, &name);

	if (rc == 0 && (!name.len || is_dots(&name)))
		rc = -EISDIR;
	rc = find_victim(m, &name, rc, &d);
	if (rc < 0)
		return rc;
	if (dentry_is_dir(d))
		return -EISDIR;
	if (is_mountpoint_of(task, d))
		return -EBUSY;
	remove_dentry(m, d);
	return 0;
}

/* d takes the name; what has it already gives way. */
static int replace(struct model *m, struct model_task *task, struct dentry *d,
		   const struct name *name, struct dentry *was)
{
	struct dentry *dir = name->dir.d;

	if (dir->dead)
		return -ENOENT;
	if (was == d)
		return 0;
	if (was && dentry_is_dir(d) != dentry_is_dir(was))
		return dentry_is_dir(d) ? -ENOTDIR : -EISDIR;
	if (is_mountpoint_of(task, d) || (was && is_mountpoint_of(task, was)))
		return -EBUSY;
	if (was && was->n_kids)
		return -ENOTEMPTY;
	if (was)
		dentry_unlink(m, was);
	char text[256];
	memcpy(text, name->s, name->len);
	text[name->len] = '\0';
	dentry_move(m, d, dir, text);
	if (was) {
		detach_mounts(m, was);
		ns_settle(m);
	}
	return 0;
}

int model_rename(struct model *m, struct model_task *task, const struct model_at *from,
		 const struct model_at *to)
{
	struct name old, new;
	int rc = find(m, task, from, &old);

	if (rc == 0)
		rc = find(m, task, to, &new);
	if (rc == 0 && old.dir.mnt != new.dir.mnt)
		rc = -EXDEV;
	if (rc == 0 && (!old.len || !new.len || is_dots(&old) || is_dots(&new)))
		rc = -EBUSY;
	if (rc == 0 && mount_is_read_only(old.dir.mnt))
		rc = -EROFS;
	if (rc == 0 && new.len > 255)
		rc = -ENAMETOOLONG;
	if (rc < 0)
		return rc;
	struct dentry *d = dentry_child(m, old.dir.d, old.s, old.len);
	if (!d)
		return -ENOENT;
	struct dentry *was = dentry_child(m, new.dir.d, new.s, new.len);
	if (dentry_is_under(new.dir.d, d))
		return -EINVAL;
	if (was && dentry_is_under(old.dir.d, was))
		return -ENOTEMPTY;
	return replace(m, task, d, &new, was);
}
