// SPDX-License-Identifier: Apache-2.0
/* Copies of mounts: of one, and of a tree. A copy belongs to no namespace until it is attached. */
#include "model/parts.h"

#include <errno.h>

struct mount *mount_clone(struct model *m, struct mount *old, struct dentry *root, unsigned how)
{
	struct mount *mnt = mount_new(m, root);

	mnt->attr = old->attr;
	mnt->locks = old->locks;
	mnt->flags = old->flags & MOUNT_IDMAPPED;
	if (m->rules.clones_unbindable)
		mnt->flags |= old->flags & MOUNT_UNBINDABLE;
	if (!(how & CLONE_AS_SLAVE) && old->group)
		group_join(mnt, old);
	else if (how & CLONE_AS_SHARED)
		mnt->group = group_alloc(m);
	if (mnt->group)
		mnt->flags |= MOUNT_SHARED;
	if (how & CLONE_AS_SLAVE && old->group)
		slave_put_first(mnt, old);
	else if (old->master)
		slave_put_behind(mnt, old);
	return mnt;
}

/* Whether the copy leaves out this mount and all on it; EPERM: it may not be left out. */
static int leaves_out(struct model *m, const struct mount *mnt, unsigned how)
{
	if (!(how & CLONE_ALL_TYPES) && mnt->flags & MOUNT_UNBINDABLE)
		return mnt->flags & MOUNT_LOCKED ? refuse_at(m, MODEL_WHY_PASSES_LOCKED, mnt) : 1;
	return !(how & CLONE_NS_FILES) && mnt->root->kind == DENTRY_MNT_NS;
}

static int copy_kids(struct model *m, struct mount *src, struct dentry *root, unsigned how)
{
	struct mount *kid = src->kids;

	while (kid) {
		bool outside = kid->parent == src && !dentry_is_under(kid->mp, root);
		int out = outside ? 1 : leaves_out(m, kid, how);
		if (out < 0)
			return out;
		if (!out) {
			kid->copy = mount_clone(m, kid, kid->root, how);
			kid->copy->flags |= kid->flags & MOUNT_LOCKED;
			mount_place(m, kid->copy, kid->parent->copy, kid->mp);
		}
		kid = out ? mount_skip(kid, src) : mount_next(kid, src);
	}
	return 0;
}

int copy_tree(struct model *m, struct mount *src, struct dentry *root, unsigned how,
	      struct mount **ret)
{
	if (!(how & CLONE_ALL_TYPES) && src->flags & MOUNT_UNBINDABLE)
		return refuse_at(m, MODEL_WHY_PASSES_UNBINDABLE, src);
	if (!(how & CLONE_NS_FILES) && root->kind == DENTRY_MNT_NS)
		return refuse_at(m, MODEL_WHY_PASSES_NS_FILE, src);
	struct mount *copy = src->copy = mount_clone(m, src, root, how);
	int rc = copy_kids(m, src, root, how);
	if (rc < 0)
		discard_tree(m, copy);
	else
		*ret = copy;
	return rc;
}

/* A locked child hides what is under it, so a plain bind without it would reveal that. */
const struct mount *find_locked_child(const struct mount *mnt, const struct dentry *root)
{
	for (const struct mount *kid = mnt->kids; kid; kid = kid->kid_next)
		if (kid->flags & MOUNT_LOCKED && dentry_is_under(kid->mp, root))
			return kid;
	return NULL;
}
