// SPDX-License-Identifier: Apache-2.0
/* A tree that is somewhere goes somewhere else: MS_MOVE and move_mount(2), also below a mount. */
#include "model/parts.h"

#include <errno.h>

static int check_source(const struct model_task *task, const struct place *from,
			const struct place *to)
{
	const struct mount *src = from->mnt;

	if (src->ns == task->ns) {
		if (!mount_has_parent(src) || src->flags & MOUNT_LOCKED ||
		    src->parent->flags & MOUNT_SHARED || to->mnt->ns != task->ns)
			return -EINVAL;
		return 0;
	}
	if (!src->ns || !src->ns->anonymous || mount_has_parent(src))
		return -EINVAL;
	if (to->mnt->ns == src->ns)
		return -EINVAL;
	if (to->mnt->ns == task->ns)
		return 0;
	return is_usable_source(task, to) && to->mnt->ns->anonymous ? 0 : -EINVAL;
}

/* Whether a mount on `under` would come back onto `mnt`, which is a copy of what is there. */
static bool comes_back(const struct mount *mnt, const struct mount *under, const struct dentry *mp)
{
	if (!(under->flags & MOUNT_SHARED) || mnt->root->sb != under->root->sb || mnt->root != mp)
		return false;
	for (; mnt; mnt = mnt->master)
		if (mnt->group == under->group)
			return true;
	return false;
}

/* `top` is what src goes below. */
static int check_beneath(const struct model *m, const struct model_task *task,
			 const struct mount *src, const struct mount *top)
{
	if (!mount_has_parent(top) || top->flags & MOUNT_LOCKED || mount_cover(m, src) ||
	    top == task->root.mnt || !mount_has_parent(top->parent) || mount_is_below(src, top))
		return -EINVAL;
	if (comes_back(top, top->parent, top->mp))
		return -EINVAL;
	if (src->ns == task->ns && comes_back(src, top->parent, top->mp))
		return -EINVAL;
	return 0;
}

static bool has_unbindable(struct mount *top)
{
	for (struct mount *mnt = top; mnt; mnt = mount_next(mnt, top))
		if (mnt->flags & MOUNT_UNBINDABLE)
			return true;
	return false;
}

static bool has_ns_loop(const struct model_task *task, struct mount *top)
{
	for (struct mount *mnt = top; mnt; mnt = mount_next(mnt, top))
		if (is_ns_loop(task, mnt->root))
			return true;
	return false;
}

int move(struct model *m, const struct model_task *task, struct place from, struct place target,
	 bool beneath)
{
	struct mount *src = from.mnt;
	struct place to;

	if (from.d != src->root || !dentries_fit(src->root, target.d))
		return -EINVAL;
	/* Only a mount's root has something below which another one can go. */
	if (beneath && target.d != target.mnt->root)
		return -EINVAL;
	int rc = target_top(m, task, target, &to);
	/* What counts below a mount is where that mount is, not what it shows. */
	if (beneath && to.mnt->ns && mount_has_parent(to.mnt))
		rc = 0;
	if (rc < 0)
		return rc;
	rc = check_source(task, &from, &to);
	if (rc == 0 && beneath)
		rc = check_beneath(m, task, src, to.mnt);
	if (rc < 0)
		return rc;
	if (beneath)
		to = (struct place){to.mnt->parent, to.mnt->mp};
	if (to.mnt->flags & MOUNT_SHARED && has_unbindable(src))
		return -EINVAL;
	if (has_ns_loop(task, src) || mount_is_below(to.mnt, src))
		return -ELOOP;
	return attach_tree(m, task->ns, src, to.mnt, to.d);
}

int model_move_mount(struct model *m, struct model_task *task, const struct model_at *from,
		     const struct model_at *to, unsigned flags)
{
	struct place source, target;
	int rc;

	if (!task_may(task))
		return -EPERM;
	if (flags & ~(unsigned)MODEL_MOVE_ALL ||
	    (flags & MODEL_MOVE_BENEATH && flags & MODEL_MOVE_SET_GROUP))
		return -EINVAL;
	rc = lookup(m, task, to, flags & MODEL_MOVE_T_EMPTY, &target);
	if (rc == 0)
		rc = lookup(m, task, from, flags & MODEL_MOVE_F_EMPTY, &source);
	if (rc < 0)
		return rc;
	if (flags & MODEL_MOVE_SET_GROUP)
		rc = set_group(m, task, &source, &target);
	else
		rc = move(m, task, source, target, flags & MODEL_MOVE_BENEATH);
	ns_settle(m);
	return rc;
}
