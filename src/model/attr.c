// SPDX-License-Identifier: Apache-2.0
/* Attributes of mounts: remount, mount_setattr, and what a less privileged namespace may not drop.
 */
#include "model/parts.h"

#include <errno.h>

#define ATIME (MODEL_ATTR_ATIME | MODEL_ATTR_NODIRATIME)
#define KEPT  (MODEL_ATTR_RDONLY | MODEL_ATTR_NOSUID | MODEL_ATTR_NODEV | MODEL_ATTR_NOEXEC)

unsigned attr_of_ms(unsigned flags)
{
	unsigned attr = flags & KEPT; /* the same bits in both */

	if (flags & MODEL_MS_NODIRATIME)
		attr |= MODEL_ATTR_NODIRATIME;
	if (flags & MODEL_MS_NOSYMFOLLOW)
		attr |= MODEL_ATTR_NOSYMFOLLOW;
	if (flags & MODEL_MS_STRICTATIME)
		attr |= MODEL_ATTR_STRICTATIME;
	else if (flags & MODEL_MS_NOATIME)
		attr |= MODEL_ATTR_NOATIME;
	return attr;
}

static bool drops_lock(const struct mount *mnt, unsigned attr)
{
	unsigned kept = mnt->locks & KEPT;

	return (attr & kept) != kept || (mnt->locks & ATIME && (attr ^ mnt->attr) & ATIME);
}

/* Who writes would have to be stopped. */
static bool is_written(const struct mount *mnt, unsigned attr)
{
	return attr & ~mnt->attr & MODEL_ATTR_RDONLY && mnt->writers;
}

int remount(struct model *m, const struct model_task *task, const struct place *at, unsigned flags)
{
	unsigned attr = attr_of_ms(flags);
	struct mount *mnt = at->mnt;

	if (!(flags &
	      (MODEL_MS_NOATIME | MODEL_MS_NODIRATIME | MODEL_MS_RELATIME | MODEL_MS_STRICTATIME)))
		attr = (attr & ~(unsigned)ATIME) | (mnt->attr & ATIME);
	if (mnt->ns != task->ns || at->d != mnt->root)
		return -EINVAL;
	if (drops_lock(mnt, attr))
		return -EPERM;
	if (flags & MODEL_MS_BIND && is_written(mnt, attr))
		return -EBUSY;
	if (!(flags & MODEL_MS_BIND)) {
		if (!userns_has_cap(task, mnt->root->sb->owner))
			return -EPERM;
		if (flags & MODEL_MS_RDONLY && sb_make_read_only(mnt->root->sb) < 0)
			return -EBUSY;
		mnt->root->sb->ro = flags & MODEL_MS_RDONLY;
	}
	mnt->attr = attr;
	return 0;
}

int model_reconfigure(struct model *m, struct model_task *task, const struct model_at *at,
		      int read_only)
{
	struct place place;

	if (!task_may(task))
		return -EPERM;
	int rc = lookup(m, task, at, true, &place);
	if (rc < 0)
		return rc;
	struct sb *sb = place.mnt->root->sb;
	if (place.d != place.mnt->root)
		return -EINVAL;
	if (!userns_has_cap(task, sb->owner))
		return -EPERM;
	if (read_only == 1 && sb_make_read_only(sb) < 0)
		return -EBUSY;
	if (read_only >= 0)
		sb->ro = read_only;
	return 0;
}

static unsigned changed(const struct mount *mnt, const struct model_setattr *attr)
{
	return (mnt->attr & ~(unsigned)attr->clear) | (unsigned)attr->set;
}

static int check_words(const struct model_setattr *attr)
{
	uint64_t type = attr->propagation;

	if (type & ~(uint64_t)MODEL_MS_TYPES || type & (type - 1))
		return -EINVAL;
	if ((attr->set | attr->clear) & ~(uint64_t)MODEL_ATTR_ALL)
		return -EINVAL;
	if (attr->clear & MODEL_ATTR_ATIME) {
		uint64_t mode = attr->set & MODEL_ATTR_ATIME;
		bool is_mode =
			!mode || mode == MODEL_ATTR_NOATIME || mode == MODEL_ATTR_STRICTATIME;
		return (attr->clear & MODEL_ATTR_ATIME) == MODEL_ATTR_ATIME && is_mode ? 0
										       : -EINVAL;
	}
	return attr->set & MODEL_ATTR_ATIME ? -EINVAL : 0;
}

static int set_tree(struct model *m, struct mount *top, bool rec, const struct model_setattr *attr)
{
	for (struct mount *mnt = top; mnt; mnt = rec ? mount_next(mnt, top) : NULL)
		if (drops_lock(mnt, changed(mnt, attr)))
			return -EPERM;
		else if (is_written(mnt, changed(mnt, attr)))
			return -EBUSY;
	for (struct mount *mnt = top; mnt; mnt = rec ? mount_next(mnt, top) : NULL) {
		mnt->attr = changed(mnt, attr);
		if (attr->propagation)
			type_change(m, mnt, (unsigned)attr->propagation);
	}
	return 0;
}

int model_mount_setattr(struct model *m, struct model_task *task, const struct model_at *at,
			bool rec, const struct model_setattr *attr)
{
	struct place place;

	if (!task_may(task))
		return -EPERM;
	if (!attr->set && !attr->clear && !attr->propagation)
		return 0;
	int rc = check_words(attr);
	if (rc == 0)
		rc = lookup(m, task, at, true, &place);
	if (rc < 0)
		return rc;
	const struct mount *mnt = place.mnt;
	bool detached = mnt->ns && mnt->ns->anonymous && !mount_has_parent(mnt);
	if (place.d != mnt->root || (mnt->ns != task->ns && !detached))
		return -EINVAL;
	return set_tree(m, place.mnt, rec, attr);
}

/* What a tree is given that comes to a less privileged namespace at once. */
void lock_tree(struct mount *top)
{
	for (struct mount *mnt = top; mnt; mnt = mount_next(mnt, top)) {
		mnt->locks |= (uint16_t)(ATIME | (mnt->attr & KEPT));
		if (mnt != top)
			mnt->flags |= MOUNT_LOCKED;
	}
}
