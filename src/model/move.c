// SPDX-License-Identifier: Apache-2.0
/* A tree that is somewhere goes somewhere else: MS_MOVE and move_mount(2), also below a mount. */
#include "model/parts.h"

/* An attached mount moves within its namespace, and off a parent that tells nobody. */
static int check_attached(struct model *m, const struct mount *src, const struct mount *to)
{
	if (!mount_has_parent(src))
		return refuse_at(m, MODEL_WHY_MOVE_ROOT, src);
	if (src->flags & MOUNT_LOCKED)
		return refuse_at(m, MODEL_WHY_MOVE_LOCKED, src);
	if (src->parent->flags & MOUNT_SHARED)
		return refuse_at(m, MODEL_WHY_MOVE_PARENT_SHARED, src->parent);
	if (to->ns != src->ns)
		return refuse_at(m, MODEL_WHY_MOVE_TARGET_OTHER_NS, to);
	return 0;
}

static int check_detached_source(struct model *m, const struct mount *src)
{
	if (!src->ns)
		return refuse(m, MODEL_WHY_MOVE_SOURCE_UNMOUNTED);
	if (!src->ns->anonymous)
		return refuse_at(m, MODEL_WHY_MOVE_SOURCE_OTHER_NS, src);
	return mount_has_parent(src) ? refuse_at(m, MODEL_WHY_MOVE_SOURCE_IN_TREE, src) : 0;
}

/* A detached tree goes to the caller's namespace, or onto another one that came from there. */
static int check_detached(struct model *m, const struct model_task *task, const struct mount *src,
			  const struct mount *to)
{
	int rc = check_detached_source(m, src);

	if (rc < 0)
		return rc;
	if (to->ns == src->ns)
		return refuse_at(m, MODEL_WHY_MOVE_INTO_SOURCE, to);
	if (to->ns == task->ns)
		return 0;
	if (!to->ns->anonymous)
		return refuse_at(m, MODEL_WHY_MOVE_TARGET_ATTACHED_ELSEWHERE, to);
	if (m->rules.closed_trees)
		return refuse_at(m, MODEL_WHY_MOVE_TARGET_CLOSED, to);
	return ns_is_of(to->ns, task->ns) ? 0
					  : refuse_at(m, MODEL_WHY_MOVE_TARGET_OTHER_ORIGIN, to);
}

static int check_source(struct model *m, const struct model_task *task, const struct mount *src,
			const struct mount *to)
{
	return src->ns == task->ns ? check_attached(m, src, to) : check_detached(m, task, src, to);
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

/* `top` is what src goes below, `at` what is judged in its place. */
static int check_beneath(struct model *m, const struct model_task *task, const struct mount *src,
			 const struct mount *top, const struct mount *at)
{
	if (!mount_has_parent(top))
		return refuse_at(m, MODEL_WHY_BENEATH_ROOT, top);
	if (at->flags & MOUNT_LOCKED)
		return refuse_at(m, MODEL_WHY_BENEATH_LOCKED, at);
	if (mount_cover(m, src))
		return refuse_at(m, MODEL_WHY_BENEATH_COVERED, src);
	if (at == task->root.mnt)
		return refuse_at(m, MODEL_WHY_BENEATH_OWN_ROOT, at);
	/* In a detached tree one may be on the lowest: nobody calls that "/". */
	if (at->parent == task->ns->root)
		return refuse_at(m, MODEL_WHY_BENEATH_NS_ROOT, at);
	if (mount_is_below(src, at))
		return refuse_at(m, MODEL_WHY_BENEATH_SOURCE, src);
	if (comes_back(at, at->parent, top->mp))
		return refuse_at(m, MODEL_WHY_BENEATH_COMES_BACK, at);
	if (src->ns == task->ns && comes_back(src, at->parent, top->mp))
		return refuse_at(m, MODEL_WHY_BENEATH_SOURCE_COMES_BACK, src);
	return 0;
}

/*
 * A mount that is nowhere is its own parent. So where it is named and covered by one mount, the
 * kernel takes it for that one, and judges the lower in place of the cover.
 */
static const struct mount *judged(const struct mount *named, const struct mount *top)
{
	return top->parent == named && !mount_has_parent(named) ? named : top;
}

static const struct mount *find_unbindable(struct mount *top)
{
	struct mount *mnt = top;

	while (mnt && !(mnt->flags & MOUNT_UNBINDABLE))
		mnt = mount_next(mnt, top);
	return mnt;
}

static const struct mount *find_ns_loop(const struct model_task *task, struct mount *top)
{
	struct mount *mnt = top;

	while (mnt && !is_ns_loop(task, mnt->root))
		mnt = mount_next(mnt, top);
	return mnt;
}

/* What the call names, before it is asked what that is. */
static int check_kinds(struct model *m, const struct place *from, const struct place *target,
		       bool beneath)
{
	if (from->d != from->mnt->root)
		return refuse_at(m, MODEL_WHY_MOVE_NOT_ROOT, from->mnt);
	if (!dentries_fit(from->d, target->d))
		return refuse_at(m, MODEL_WHY_MOVE_KIND, target->mnt);
	/* Only a mount's root has something below which another one can go. */
	if (beneath && target->d != target->mnt->root)
		return refuse_at(m, MODEL_WHY_BENEATH_NOT_ROOT, target->mnt);
	return 0;
}

static int check_arrival(struct model *m, const struct model_task *task, struct mount *src,
			 const struct mount *to)
{
	const struct mount *unbindable = to->flags & MOUNT_SHARED ? find_unbindable(src) : NULL;
	const struct mount *loop = find_ns_loop(task, src);

	if (unbindable)
		return refuse_at(m, MODEL_WHY_MOVE_UNBINDABLE, unbindable);
	if (loop)
		return refuse_at(m, MODEL_WHY_MOVE_NS_LOOP, loop);
	return mount_is_below(to, src) ? refuse_at(m, MODEL_WHY_MOVE_INTO_ITSELF, to) : 0;
}

int move(struct model *m, const struct model_task *task, struct place from, struct place target,
	 bool beneath)
{
	struct mount *src = from.mnt;
	struct place to;

	int rc = check_kinds(m, &from, &target, beneath);
	if (rc < 0)
		return rc;
	rc = target_top(m, target, &to);
	/* What counts below a mount is where that mount is, not what it shows. */
	if (beneath && to.mnt->ns && mount_has_parent(to.mnt))
		rc = 0;
	if (rc == 0)
		rc = check_source(m, task, src, to.mnt);
	if (rc == 0 && beneath)
		rc = check_beneath(m, task, src, to.mnt, judged(target.mnt, to.mnt));
	if (rc < 0)
		return rc;
	if (beneath)
		to = (struct place){to.mnt->parent, to.mnt->mp};
	rc = check_arrival(m, task, src, to.mnt);
	return rc < 0 ? rc : attach_tree(m, task->ns, src, to.mnt, to.d);
}

static unsigned known_flags(const struct model *m)
{
	return MODEL_MOVE_ALL & ~(m->rules.no_beneath ? MODEL_MOVE_BENEATH : 0u) &
	       ~(m->rules.no_set_group ? MODEL_MOVE_SET_GROUP : 0u);
}

int model_move_mount(struct model *m, struct model_task *task, const struct model_at *from,
		     const struct model_at *to, unsigned flags)
{
	struct place source, target;
	int rc;

	if (!task_may(task))
		return refuse(m, MODEL_WHY_MAY_NOT);
	if (flags & ~known_flags(m))
		return refuse(m, MODEL_WHY_MOVE_FLAGS);
	if (flags & MODEL_MOVE_BENEATH && flags & MODEL_MOVE_SET_GROUP)
		return refuse(m, MODEL_WHY_MOVE_BOTH);
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
