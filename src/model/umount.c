// SPDX-License-Identifier: Apache-2.0
/* umount2(2): how it is refused, and what it does instead of unmounting "/". */
#include "model/parts.h"

#include <errno.h>

/* Whether the umount is refused because of a copy: one that would go, and is in use. */
static bool copies_are_busy(const struct model *m, const struct mount *mnt)
{
	for (struct mount *q = mnt->parent; (q = receiver_next(q, mnt->parent));) {
		struct mount *same = mount_at(m, q, mnt->mp);
		if (!same)
			continue;
		struct mount *cover = mount_cover(m, same);
		if (same->kids && (same->kids != cover || cover->kid_next))
			continue;
		if (same->refs)
			return true;
	}
	return false;
}

static int expire(struct mount *mnt, const struct model_task *task, unsigned flags)
{
	if (mnt == task->root.mnt || flags & (MODEL_UMOUNT_FORCE | MODEL_UMOUNT_DETACH))
		return -EINVAL;
	if (mnt->refs || mnt->kids)
		return -EBUSY;
	if (!(mnt->flags & MOUNT_EXPIRES)) {
		mnt->flags |= MOUNT_EXPIRES;
		return -EAGAIN;
	}
	return 0;
}

/* umount of one's own "/" is an old way to stop writing to it. */
static int root_read_only(const struct model_task *task)
{
	struct sb *sb = task->root.mnt->root->sb;

	if (!userns_has_cap(task, sb->owner))
		return -EPERM;
	return sb_make_read_only(sb);
}

static int umount(struct model *m, const struct model_task *task, const struct place *at,
		  unsigned flags)
{
	struct mount *mnt = at->mnt;

	if (at->d != mnt->root || mnt->ns != task->ns || mnt->flags & MOUNT_LOCKED)
		return -EINVAL;
	if (flags & MODEL_UMOUNT_FORCE && !userns_has_cap(task, mnt->root->sb->owner))
		return -EPERM;
	int rc = flags & MODEL_UMOUNT_EXPIRE ? expire(mnt, task, flags) : 0;
	if (rc < 0)
		return rc;
	if (mnt == task->root.mnt && !(flags & MODEL_UMOUNT_DETACH))
		return root_read_only(task);
	if (!mount_has_parent(mnt))
		return -EINVAL;
	bool sync = !(flags & MODEL_UMOUNT_DETACH);
	if (sync && (mnt->kids || mnt->refs || copies_are_busy(m, mnt)))
		return -EBUSY;
	umount_tree(m, mnt, true, sync ? UMOUNT_APART : UMOUNT_LAZY);
	return 0;
}

int model_umount(struct model *m, struct model_task *task, const char *target, unsigned flags)
{
	struct place at;

	if (flags & ~(unsigned)(MODEL_UMOUNT_FORCE | MODEL_UMOUNT_DETACH | MODEL_UMOUNT_EXPIRE))
		return -EINVAL;
	int rc = lookup_mountpoint(m, task, target, &at);
	if (rc == 0)
		rc = task_may(task) ? umount(m, task, &at, flags) : -EPERM;
	ns_settle(m);
	return rc;
}
