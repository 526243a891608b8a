// SPDX-License-Identifier: Apache-2.0
/* The propagation type of a mount, and the group that it is put into by name. */
#include "model/parts.h"

#include <errno.h>

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
static int may_change(const struct model *m, const struct model_task *task, const struct mount *mnt)
{
	if (!mnt->ns || (m->rules.types_of_own_only && mnt->ns != task->ns))
		return -EINVAL;
	return userns_has_cap(task, mnt->ns->owner) ? 0 : -EPERM;
}

int type_of_mount(struct model *m, const struct model_task *task, const struct place *at,
		  unsigned flags)
{
	unsigned type = flags & ~(unsigned)(MODEL_MS_REC | MODEL_MS_SILENT);

	if (at->d != at->mnt->root || type & ~(unsigned)MODEL_MS_TYPES || type & (type - 1))
		return -EINVAL;
	int rc = may_change(m, task, at->mnt);
	if (rc < 0)
		return rc;
	struct mount *top = at->mnt;
	bool rec = flags & MODEL_MS_REC;
	for (struct mount *mnt = top; mnt; mnt = rec ? mount_next(mnt, top) : NULL)
		type_change(m, mnt, type);
	return 0;
}

int set_group(struct model *m, const struct model_task *task, const struct place *from,
	      const struct place *to)
{
	struct mount *model = from->mnt, *mnt = to->mnt;
	int rc = may_change(m, task, model);

	if (rc == 0)
		rc = may_change(m, task, mnt);
	if (rc < 0)
		return rc;
	if (from->d != model->root || to->d != mnt->root || mnt->root->sb != model->root->sb ||
	    !dentry_is_under(mnt->root, model->root) || has_locked_child(model, mnt->root) ||
	    mnt->group || mnt->master || (!model->group && !model->master))
		return -EINVAL;
	if (model->master)
		slave_put_behind(mnt, model);
	if (model->group) {
		group_join(mnt, model);
		make_shared(m, mnt);
	}
	return 0;
}
