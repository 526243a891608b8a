// SPDX-License-Identifier: Apache-2.0
/* Id maps of mounts: that a mount has one, not what is in it. */
#include "model/parts.h"

/* What the call says of a map. `is_copy`: of a copy that nobody saw yet, which may lose its map. */
int idmap_check_words(struct model *m, const struct model_task *task,
		      const struct model_setattr *attr, bool is_copy)
{
	if (attr->clear & MODEL_ATTR_IDMAP && !is_copy)
		return refuse(m, MODEL_WHY_IDMAP_CLEARED);
	if (!(attr->set & MODEL_ATTR_IDMAP) || !attr->userns_of)
		return 0;
	/* That the caller has rights over it is known: it could open its file. */
	return attr->userns_of->userns->parent ? 0 : refuse(m, MODEL_WHY_IDMAP_INITIAL);
}

int idmap_check_mount(struct model *m, const struct model_task *task, const struct mount *mnt,
		      const struct model_setattr *attr, bool is_copy)
{
	const struct sb *sb = mnt->root->sb;

	if (!((attr->set | attr->clear) & MODEL_ATTR_IDMAP))
		return 0;
	if (attr->set & MODEL_ATTR_IDMAP && attr->userns_of && attr->userns_of->userns == sb->owner)
		return refuse_at(m, MODEL_WHY_IDMAP_FS_OWNER, mnt);
	if (mnt->flags & MOUNT_IDMAPPED && !is_copy)
		return refuse_at(m, MODEL_WHY_IDMAP_TWICE, mnt);
	if (sb == m->nsfs)
		return refuse_at(m, MODEL_WHY_IDMAP_FS, mnt);
	if (!userns_has_cap(task, sb->owner))
		return refuse_at(m, MODEL_WHY_IDMAP_FS_MAY_NOT, mnt);
	return mnt->ns->anonymous ? 0 : refuse_at(m, MODEL_WHY_IDMAP_ATTACHED, mnt);
}

void idmap_set(struct mount *mnt, const struct model_setattr *attr)
{
	if (attr->clear & MODEL_ATTR_IDMAP)
		mnt->flags &= (uint16_t)~MOUNT_IDMAPPED;
	if (attr->set & MODEL_ATTR_IDMAP)
		mnt->flags |= MOUNT_IDMAPPED;
}
