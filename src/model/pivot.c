// SPDX-License-Identifier: Apache-2.0
/* pivot_root(2): two mounts change their places, and processes go along. */
#include "model/parts.h"

static bool is_shared(const struct mount *mnt)
{
	return mnt->flags & MOUNT_SHARED;
}

/* Nothing of it may have to be told to others. */
static int check_types(struct model *m, const struct mount *old, const struct mount *new,
		       const struct mount *put)
{
	if (is_shared(put))
		return refuse_at(m, MODEL_WHY_PIVOT_PUT_SHARED, put);
	if (is_shared(new->parent))
		return refuse_at(m, MODEL_WHY_PIVOT_NEW_PARENT_SHARED, new->parent);
	if (is_shared(old->parent))
		return refuse_at(m, MODEL_WHY_PIVOT_OLD_PARENT_SHARED, old->parent);
	return 0;
}

static int check_mounts(struct model *m, const struct model_task *task, const struct place *to,
			const struct mount *put)
{
	const struct mount *old = task->root.mnt, *new = to->mnt;

	if (old->ns != task->ns)
		return refuse_at(m, MODEL_WHY_PIVOT_OLD_OTHER_NS, old);
	if (new->ns != task->ns)
		return refuse_at(m, MODEL_WHY_PIVOT_NEW_OTHER_NS, new);
	if (new->flags & MOUNT_LOCKED)
		return refuse_at(m, MODEL_WHY_PIVOT_NEW_LOCKED, new);
	if (to->d->dead)
		return refuse_at(m, MODEL_WHY_PIVOT_NEW_REMOVED, new);
	if (new == old)
		return refuse_at(m, MODEL_WHY_PIVOT_SAME, new);
	return put == old ? refuse_at(m, MODEL_WHY_PIVOT_PUT_ON_OLD, put) : 0;
}

static int check_places(struct model *m, const struct model_task *task, const struct place *to,
			const struct place *put)
{
	const struct mount *old = task->root.mnt, *new = to->mnt;

	if (task->root.d != old->root)
		return refuse_at(m, MODEL_WHY_PIVOT_CHROOTED, old);
	if (!mount_has_parent(old))
		return refuse_at(m, MODEL_WHY_PIVOT_ROOTFS, old);
	if (to->d != new->root)
		return refuse_at(m, MODEL_WHY_PIVOT_NEW_NOT_ROOT, new);
	if (!mount_has_parent(new))
		return refuse_at(m, MODEL_WHY_PIVOT_NEW_NS_ROOT, new);
	if (!place_is_reachable(put, to))
		return refuse_at(m, MODEL_WHY_PIVOT_PUT_OUTSIDE, put->mnt);
	if (!place_is_reachable(to, &task->root))
		return refuse_at(m, MODEL_WHY_PIVOT_NEW_OUTSIDE, new);
	return 0;
}

static int check(struct model *m, const struct model_task *task, const struct place *to,
		 const struct place *put)
{
	int rc = check_types(m, task->root.mnt, to->mnt, put->mnt);

	if (rc == 0)
		rc = check_mounts(m, task, to, put->mnt);
	return rc < 0 ? rc : check_places(m, task, to, put);
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
		return refuse(m, MODEL_WHY_MAY_NOT);
	int rc = lookup_path(m, task, new_root, &to);
	if (rc == 0 && !dentry_is_dir(to.d))
		rc = refuse(m, MODEL_WHY_PIVOT_NOT_DIR);
	if (rc == 0)
		rc = lookup_path(m, task, put_old, &at);
	if (rc == 0 && !dentry_is_dir(at.d))
		rc = refuse(m, MODEL_WHY_PIVOT_NOT_DIR);
	if (rc == 0)
		rc = target_top(m, at, &put);
	if (rc == 0)
		rc = check(m, task, &to, &put);
	if (rc == 0)
		swap(m, task->root, to, put);
	return rc;
}
