// SPDX-License-Identifier: Apache-2.0
/* Directories made, renamed and removed, as far as mounts can tell. */
#include "model/parts.h"

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
static int check_no_mountpoint(struct model *m, const struct model_task *task,
			       const struct dentry *d)
{
	for (const struct mount *mnt = d->mounts; mnt; mnt = mnt->at_next)
		if (mnt->ns == task->ns)
			return refuse_at(m, MODEL_WHY_IS_MOUNTPOINT, mnt);
	return 0;
}

static int make(struct model *m, struct model_task *task, const struct model_at *at,
		enum dentry_kind kind)
{
	struct name name;
	int rc = find(m, task, at, &name);

	if (rc < 0)
		return rc;
	if (!name.len || is_dots(&name) || dentry_child(m, name.dir.d, name.s, name.len))
		return refuse(m, MODEL_WHY_EXISTS);
	if (name.dir.d->dead)
		return refuse(m, MODEL_WHY_DIR_REMOVED);
	rc = mount_check_writable(m, name.dir.mnt);
	if (rc < 0)
		return rc;
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

static int check_last(struct model *m, const struct name *name)
{
	if (!name->len)
		return refuse(m, MODEL_WHY_RMDIR_ROOT);
	if (!is_dots(name))
		return 0;
	return refuse(m, name->len == 1 ? MODEL_WHY_RMDIR_DOT : MODEL_WHY_RMDIR_DOTDOT);
}

static void remove_dentry(struct model *m, struct dentry *d)
{
	dentry_unlink(m, d);
	detach_mounts(m, d);
	ns_settle(m);
}

static int not_there(struct model *m, const struct name *name)
{
	return refuse_name(m, MODEL_WHY_NOT_THERE, name->dir.mnt, name->s, name->len);
}

/* ret: what the name names; rc: what the name itself was found to be. */
static int find_victim(struct model *m, const struct name *name, int rc, struct dentry **ret)
{
	if (rc == 0)
		rc = mount_check_writable(m, name->dir.mnt);
	if (rc < 0)
		return rc;
	*ret = dentry_child(m, name->dir.d, name->s, name->len);
	return *ret ? 0 : not_there(m, name);
}

int model_rmdir(struct model *m, struct model_task *task, const struct model_at *at)
{
	struct name name;
	struct dentry *d;
	int rc = find(m, task, at, &name);

	rc = find_victim(m, &name, rc < 0 ? rc : check_last(m, &name), &d);
	if (rc < 0)
		return rc;
	if (!dentry_is_dir(d))
		return refuse(m, MODEL_WHY_RMDIR_FILE);
	rc = check_no_mountpoint(m, task, d);
	if (rc == 0 && d->n_kids)
		rc = refuse(m, MODEL_WHY_NOT_EMPTY);
	if (rc < 0)
		return rc;
	remove_dentry(m, d);
	return 0;
}

int model_unlink(struct model *m, struct model_task *task, const struct model_at *at)
{
	struct name name;
	struct dentry *d;
	int rc = find(m, task, at, &name);

	if (rc == 0 && (!name.len || is_dots(&name)))
		rc = refuse(m, MODEL_WHY_UNLINK_DOTS);
	rc = find_victim(m, &name, rc, &d);
	if (rc < 0)
		return rc;
	if (dentry_is_dir(d))
		return refuse(m, MODEL_WHY_UNLINK_DIR);
	rc = check_no_mountpoint(m, task, d);
	if (rc < 0)
		return rc;
	remove_dentry(m, d);
	return 0;
}

/* d takes the name; what has it already gives way. */
static int replace(struct model *m, struct model_task *task, struct dentry *d,
		   const struct name *name, struct dentry *was)
{
	struct dentry *dir = name->dir.d;

	if (dir->dead)
		return refuse(m, MODEL_WHY_DIR_REMOVED);
	if (was == d)
		return 0;
	if (was && dentry_is_dir(d) != dentry_is_dir(was))
		return refuse(m, dentry_is_dir(d) ? MODEL_WHY_RENAME_DIR_ON_FILE
						  : MODEL_WHY_RENAME_FILE_ON_DIR);
	int rc = check_no_mountpoint(m, task, d);
	if (rc == 0 && was)
		rc = check_no_mountpoint(m, task, was);
	if (rc == 0 && was && was->n_kids)
		rc = refuse(m, MODEL_WHY_NOT_EMPTY);
	if (rc < 0)
		return rc;
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
		rc = refuse(m, MODEL_WHY_RENAME_OTHER_MOUNT);
	if (rc == 0 && (!old.len || !new.len || is_dots(&old) || is_dots(&new)))
		rc = refuse(m, MODEL_WHY_RENAME_DOTS);
	if (rc == 0)
		rc = mount_check_writable(m, old.dir.mnt);
	if (rc == 0 && new.len > 255)
		rc = refuse(m, MODEL_WHY_RENAME_TOO_LONG);
	if (rc < 0)
		return rc;
	struct dentry *d = dentry_child(m, old.dir.d, old.s, old.len);
	if (!d)
		return not_there(m, &old);
	struct dentry *was = dentry_child(m, new.dir.d, new.s, new.len);
	if (dentry_is_under(new.dir.d, d))
		return refuse(m, MODEL_WHY_RENAME_INTO_ITSELF);
	if (was && dentry_is_under(old.dir.d, was))
		return refuse(m, MODEL_WHY_RENAME_ONTO_PARENT);
	return replace(m, task, d, &new, was);
}
