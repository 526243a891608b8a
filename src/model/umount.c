// SPDX-License-Identifier: Apache-2.0
/* umount2(2): how it is refused, and what it does instead of unmounting "/". */
#include "model/parts.h"

#define KNOWN                                                                                      \
	((unsigned)(MODEL_UMOUNT_FORCE | MODEL_UMOUNT_DETACH | MODEL_UMOUNT_EXPIRE |               \
		    MODEL_UMOUNT_NOFOLLOW))

/* The copy because of which the umount is refused: one that would go, and is in use. */
static const struct mount *find_busy_copy(const struct model *m, const struct mount *mnt)
{
	for (struct mount *q = mnt->parent; (q = receiver_next(q, mnt->parent));) {
		struct mount *same = mount_at(m, q, mnt->mp);
		if (!same)
			continue;
		struct mount *cover = mount_cover(m, same);
		if (same->kids && (same->kids != cover || cover->kid_next))
			continue;
		if (same->refs)
			return same;
	}
	return NULL;
}

static int expire(struct model *m, struct mount *mnt, const struct model_task *task, unsigned flags)
{
	if (mnt == task->root.mnt)
		return refuse_at(m, MODEL_WHY_EXPIRE_OWN_ROOT, mnt);
	if (flags & (MODEL_UMOUNT_FORCE | MODEL_UMOUNT_DETACH))
		return refuse(m, MODEL_WHY_EXPIRE_FLAGS);
	if (mnt->refs || mnt->kids)
		return refuse_at(m, MODEL_WHY_EXPIRE_IN_USE, mnt);
	if (!(mnt->flags & MOUNT_EXPIRES)) {
		mnt->flags |= MOUNT_EXPIRES;
		return refuse_at(m, MODEL_WHY_EXPIRE_MARKED, mnt);
	}
	return 0;
}

/* umount of one's own "/" is an old way to stop writing to it. */
static int root_read_only(struct model *m, const struct model_task *task)
{
	struct sb *sb = task->root.mnt->root->sb;

	if (!userns_has_cap(task, sb->owner))
		return refuse(m, MODEL_WHY_FS_MAY_NOT);
	return sb_make_read_only(m, sb);
}

static int check(struct model *m, const struct model_task *task, const struct place *at,
		 unsigned flags)
{
	const struct mount *mnt = at->mnt;

	if (at->d != mnt->root)
		return refuse_at(m, MODEL_WHY_UMOUNT_NOT_ROOT, mnt);
	if (!mnt->ns)
		return refuse(m, MODEL_WHY_UMOUNT_UNMOUNTED);
	if (mnt->ns != task->ns)
		return refuse_at(m, MODEL_WHY_UMOUNT_OTHER_NS, mnt);
	if (mnt->flags & MOUNT_LOCKED)
		return refuse_at(m, MODEL_WHY_UMOUNT_LOCKED, mnt);
	if (flags & MODEL_UMOUNT_FORCE && !userns_has_cap(task, mnt->root->sb->owner))
		return refuse_at(m, MODEL_WHY_FORCE_MAY_NOT, mnt);
	return 0;
}

static int check_idle(struct model *m, const struct mount *mnt)
{
	if (mnt->kids)
		return refuse_at(m, MODEL_WHY_UMOUNT_HAS_MOUNTS, mnt->kids);
	if (mnt->refs)
		return refuse_at(m, MODEL_WHY_UMOUNT_IN_USE, mnt);
	const struct mount *copy = find_busy_copy(m, mnt);
	return copy ? refuse_at(m, MODEL_WHY_UMOUNT_COPY_IN_USE, copy) : 0;
}

static int umount(struct model *m, const struct model_task *task, const struct place *at,
		  unsigned flags)
{
	struct mount *mnt = at->mnt;

	int rc = check(m, task, at, flags);
	if (rc == 0 && flags & MODEL_UMOUNT_EXPIRE)
		rc = expire(m, mnt, task, flags);
	if (rc < 0)
		return rc;
	if (mnt == task->root.mnt && !(flags & MODEL_UMOUNT_DETACH))
		return root_read_only(m, task);
	if (!mount_has_parent(mnt))
		return refuse_at(m, MODEL_WHY_UMOUNT_NS_ROOT, mnt);
	bool sync = !(flags & MODEL_UMOUNT_DETACH);
	rc = sync ? check_idle(m, mnt) : 0;
	if (rc < 0)
		return rc;
	umount_tree(m, mnt, true, sync ? UMOUNT_APART : UMOUNT_LAZY);
	return 0;
}

int model_umount(struct model *m, struct model_task *task, const char *target, unsigned flags)
{
	struct place at;

	if (flags & ~KNOWN)
		return refuse(m, MODEL_WHY_UMOUNT_FLAGS);
	int rc = lookup_mountpoint(m, task, target, &at);
	if (rc == 0)
		rc = task_may(task) ? umount(m, task, &at, flags) : refuse(m, MODEL_WHY_MAY_NOT);
	ns_settle(m);
	return rc;
}
