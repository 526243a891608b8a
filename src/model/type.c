// SPDX-License-Identifier: Apache-2.0
/* The propagation type of a mount, and the group that it is put into by name. */
#include "model/parts.h"

static void make_shared(struct model *m, struct mount *mnt)
{
	if (!mnt->group)
		mnt->group = group_alloc(m);
	mnt->flags |= MOUNT_SHARED;
	mnt->flags &= (uint16_t)~MOUNT_UNBINDABLE;
}

void type_change(struct model *m, struct mount *mnt, unsigned type)
{
	if (type == MODEL_MS_SHARED)
		return make_shared(m, mnt);
	struct mount *heir = mnt->peer_next != mnt ? mnt->peer_next : mnt->master;
	if (mnt->group) {
		group_leave(m, mnt);
		slaves_give(mnt, heir);
	}
	slave_leave(mnt);
	if (type == MODEL_MS_SLAVE && heir)
		slave_put_first(mnt, heir);
	if (type == MODEL_MS_PRIVATE)
		mnt->flags &= (uint16_t)~MOUNT_UNBINDABLE;
	if (type == MODEL_MS_UNBINDABLE)
		mnt->flags |= MOUNT_UNBINDABLE;
}

/* One's own right over the namespace of that mount: it may be another one, or a detached tree. */
static int may_change(struct model *m, const struct model_task *task, const struct mount *mnt)
{
	if (!mnt->ns)
		return refuse(m, MODEL_WHY_TYPE_UNMOUNTED);
	return userns_has_cap(task, mnt->ns->owner) ? 0 : refuse_at(m, MODEL_WHY_TYPE_MAY_NOT, mnt);
}

int type_of_mount(struct model *m, const struct model_task *task, const struct place *at,
		  unsigned flags)
{
	unsigned type = flags & ~(unsigned)(MODEL_MS_REC | MODEL_MS_SILENT);

	if (at->d != at->mnt->root)
		return refuse_at(m, MODEL_WHY_TYPE_NOT_ROOT, at->mnt);
	if (type & ~(unsigned)MODEL_MS_TYPES)
		return refuse(m, MODEL_WHY_TYPE_FLAGS);
	if (type & (type - 1))
		return refuse(m, MODEL_WHY_TYPE_TWO);
	int rc = may_change(m, task, at->mnt);
	if (at->mnt->ns && m->rules.types_of_own_only && at->mnt->ns != task->ns)
		rc = refuse_at(m, MODEL_WHY_TYPE_OTHER_NS, at->mnt);
	if (rc < 0)
		return rc;
	struct mount *top = at->mnt;
	bool rec = flags & MODEL_MS_REC;
	for (struct mount *mnt = top; mnt; mnt = rec ? mount_next(mnt, top) : NULL)
		type_change(m, mnt, type);
	return 0;
}

static int check_group(struct model *m, const struct place *from, const struct place *to)
{
	const struct mount *model = from->mnt, *mnt = to->mnt;

	if (from->d != model->root || to->d != mnt->root)
		return refuse_at(m, MODEL_WHY_GROUP_NOT_ROOT, from->d != model->root ? model : mnt);
	if (mnt->root->sb != model->root->sb)
		return refuse_at(m, MODEL_WHY_GROUP_OTHER_FS, mnt);
	if (!dentry_is_under(mnt->root, model->root))
		return refuse_at(m, MODEL_WHY_GROUP_OUTSIDE, mnt);
	const struct mount *locked = find_locked_child(model, mnt->root);
	if (locked)
		return refuse_at(m, MODEL_WHY_GROUP_LOCKED_CHILD, locked);
	if (mnt->group || mnt->master)
		return refuse_at(m, MODEL_WHY_GROUP_HAS_ONE, mnt);
	return model->group || model->master ? 0 : refuse_at(m, MODEL_WHY_GROUP_NONE, model);
}

int set_group(struct model *m, const struct model_task *task, const struct place *from,
	      const struct place *to)
{
	struct mount *model = from->mnt, *mnt = to->mnt;
	int rc = may_change(m, task, model);

	if (rc == 0)
		rc = may_change(m, task, mnt);
	if (rc == 0)
		rc = check_group(m, from, to);
	if (rc < 0)
		return rc;
	if (model->master)
		slave_put_behind(mnt, model);
	if (model->group) {
		group_join(mnt, model);
		make_shared(m, mnt);
	}
	return 0;
}
