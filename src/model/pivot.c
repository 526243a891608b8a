// SPDX-License-Identifier: Apache-2.0
/* pivot_root(2): two mounts change their places, and processes go along. */
#include "model/parts.h"

#include <errno.h>

static bool is_shared(const struct mount *mnt)
{
	return mnt->flags & MOUNT_SHARED;
}

static int check(const struct model_task *task, const struct place *to, const struct place *put)
{
	const struct mount *old = task->root.mnt, *new = to->mnt;

	if (is_shared(put->mnt) || is_shared(new->parent) || is_shared(old->parent))
		return -EINVAL;
	if (old->ns != task->ns || new->ns != task->ns || new->flags & MOUNT_LOCKED)
		return -EINVAL;
	if (to->d->dead)
		return -ENOENT;
	if (new == old || put->mnt == old)
		return -EBUSY;
	if (task->root.d != old->root || !mount_has_parent(old) || to->d != new->root ||
	    !mount_has_parent(new))
		return -EINVAL;
	if (!place_is_reachable(put, to) || !place_is_reachable(to, &task->root))
		return -EINVAL;
	return 0;
}

static void follow(struct model *m, struct place *at, const struct place *from,
		   const struct place *to)
{
	if (at->mnt == from->mnt && at->d == from->d)
		place_set(m, at, *to);
}

static void swap(struct model *m, struct place old, struct place to, struct place put)
{
	struct mount *parent = old.mnt->parent;
	struct dentry *mp = old.mnt->mp;

	mount_unplace(m, to.mnt);
	mount_unplace(m, old.mnt);
	if (old.mnt->flags & MOUNT_LOCKED) {
		to.mnt->flags |= MOUNT_LOCKED;
		old.mnt->flags &= (uint16_t)~MOUNT_LOCKED;
	}
	mount_place(m, old.mnt, put.mnt, put.d);
	mount_place(m, to.mnt, parent, mp);
	for (struct model_task *task = m->tasks; task; task = task->next) {
		follow(m, &task->root, &old, &to);
		follow(m, &task->cwd, &old, &to);
	}
}

int model_pivot_root(struct model *m, struct model_task *task, const char *new_root,
		     const char *put_old)
{
	struct place to, at, put;

	if (!task_may(task))
		return -EPERM;
	int rc = lookup_path(m, task, new_root, &to);
	if (rc == 0 && !dentry_is_dir(to.d))
		rc = -ENOTDIR;
	if (rc == 0)
		rc = lookup_path(m, task, put_old, &at);
	if (rc == 0 && !dentry_is_dir(at.d))
		rc = -ENOTDIR;
	if (rc == 0)
		rc = target_top(m, task, at, &put);
	if (rc == 0)
		rc = check(task, &to, &put);
	if (rc == 0)
		swap(m, task->root, to, put);
	return rc;
}
