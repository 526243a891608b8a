// SPDX-License-Identifier: Apache-2.0
/* Attributes of mounts: remount, mount_setattr, and what a less privileged namespace may not drop.
 */
#include "model/parts.h"

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

static int check_locks(struct model *m, const struct mount *mnt, unsigned attr)
{
	unsigned dropped = mnt->locks & KEPT & ~attr;

	if (dropped & MODEL_ATTR_RDONLY)
		return refuse_at(m, MODEL_WHY_LOCKED_RO, mnt);
	if (dropped & MODEL_ATTR_NODEV)
		return refuse_at(m, MODEL_WHY_LOCKED_NODEV, mnt);
	if (dropped & MODEL_ATTR_NOSUID)
		return refuse_at(m, MODEL_WHY_LOCKED_NOSUID, mnt);
	if (dropped & MODEL_ATTR_NOEXEC)
		return refuse_at(m, MODEL_WHY_LOCKED_NOEXEC, mnt);
	if (mnt->locks & ATIME && (attr ^ mnt->attr) & ATIME)
		return refuse_at(m, MODEL_WHY_LOCKED_ATIME, mnt);
	return 0;
}

/* Who writes would have to be stopped. */
static int check_writers(struct model *m, const struct mount *mnt, unsigned attr)
{
	return attr & ~mnt->attr & MODEL_ATTR_RDONLY && mnt->writers
		       ? refuse_at(m, MODEL_WHY_MOUNT_WRITTEN, mnt)
		       : 0;
}

static int remount_fs(struct model *m, const struct model_task *task, struct sb *sb, bool read_only)
{
	if (!userns_has_cap(task, sb->owner))
		return refuse(m, MODEL_WHY_FS_MAY_NOT);
	int rc = read_only ? sb_make_read_only(m, sb) : 0;
	if (rc == 0)
		sb->ro = read_only;
	return rc;
}

int remount(struct model *m, const struct model_task *task, const struct place *at, unsigned flags)
{
	unsigned attr = attr_of_ms(flags);
	struct mount *mnt = at->mnt;

	if (!(flags &
	      (MODEL_MS_NOATIME | MODEL_MS_NODIRATIME | MODEL_MS_RELATIME | MODEL_MS_STRICTATIME)))
		attr = (attr & ~(unsigned)ATIME) | (mnt->attr & ATIME);
	if (mnt->ns != task->ns)
		return refuse_at(m, MODEL_WHY_REMOUNT_OTHER_NS, mnt);
	if (at->d != mnt->root)
		return refuse_at(m, MODEL_WHY_REMOUNT_NOT_ROOT, mnt);
	int rc = check_locks(m, mnt, attr);
	if (rc == 0 && flags & MODEL_MS_BIND)
		rc = check_writers(m, mnt, attr);
	else if (rc == 0)
		rc = remount_fs(m, task, mnt->root->sb, flags & MODEL_MS_RDONLY);
	if (rc == 0)
		mnt->attr = attr;
	return rc;
}

int model_reconfigure(struct model *m, struct model_task *task, const struct model_at *at,
		      int read_only)
{
	struct place place;

	if (!task_may(task))
		return refuse(m, MODEL_WHY_MAY_NOT);
	int rc = lookup(m, task, at, true, &place);
	if (rc < 0)
		return rc;
	struct sb *sb = place.mnt->root->sb;
	if (place.d != place.mnt->root)
		return refuse_at(m, MODEL_WHY_RECONFIGURE_NOT_ROOT, place.mnt);
	return remount_fs(m, task, sb, read_only < 0 ? sb->ro : read_only);
}

static unsigned changed(const struct mount *mnt, const struct model_setattr *attr)
{
	return (mnt->attr & ~(unsigned)attr->clear) | ((unsigned)attr->set & MODEL_ATTR_ALL);
}

/* relatime, noatime or strictatime */
bool is_atime_mode(uint64_t mode)
{
	return !mode || mode == MODEL_ATTR_NOATIME || mode == MODEL_ATTR_STRICTATIME;
}

static int check_atime(struct model *m, uint64_t mode, uint64_t clear)
{
	if (!clear)
		return mode ? refuse(m, MODEL_WHY_ATIME_NOT_CLEARED) : 0;
	if (clear != MODEL_ATTR_ATIME)
		return refuse(m, MODEL_WHY_ATIME_PART);
	if (!is_atime_mode(mode))
		return refuse(m, MODEL_WHY_ATIME_TWO);
	return 0;
}

static int check_words(struct model *m, const struct model_task *task,
		       const struct model_setattr *attr, bool is_copy)
{
	uint64_t type = attr->propagation;

	if (type & ~(uint64_t)MODEL_MS_TYPES || type & (type - 1))
		return refuse(m, MODEL_WHY_SETATTR_TYPES);
	if ((attr->set | attr->clear) & ~(uint64_t)(MODEL_ATTR_ALL | MODEL_ATTR_IDMAP))
		return refuse(m, MODEL_WHY_SETATTR_UNKNOWN);
	int rc = check_atime(m, attr->set & MODEL_ATTR_ATIME, attr->clear & MODEL_ATTR_ATIME);
	return rc < 0 ? rc : idmap_check_words(m, task, attr, is_copy);
}

static int check_one(struct model *m, const struct model_task *task, const struct mount *mnt,
		     const struct model_setattr *attr, bool is_copy)
{
	int rc = check_locks(m, mnt, changed(mnt, attr));

	if (rc == 0)
		rc = idmap_check_mount(m, task, mnt, attr, is_copy);
	return rc < 0 ? rc : check_writers(m, mnt, changed(mnt, attr));
}

static int set_tree(struct model *m, const struct model_task *task, struct mount *top, bool rec,
		    const struct model_setattr *attr, bool is_copy)
{
	for (struct mount *mnt = top; mnt; mnt = rec ? mount_next(mnt, top) : NULL) {
		int rc = check_one(m, task, mnt, attr, is_copy);
		if (rc < 0)
			return rc;
	}
	for (struct mount *mnt = top; mnt; mnt = rec ? mount_next(mnt, top) : NULL) {
		mnt->attr = changed(mnt, attr);
		idmap_set(mnt, attr);
		if (attr->propagation)
			type_change(m, mnt, (unsigned)attr->propagation);
	}
	return 0;
}

static int check_mount(struct model *m, const struct model_task *task, const struct place *at)
{
	const struct mount *mnt = at->mnt;

	if (at->d != mnt->root)
		return refuse_at(m, MODEL_WHY_SETATTR_NOT_ROOT, mnt);
	if (mnt->ns == task->ns)
		return 0;
	if (!mnt->ns)
		return refuse(m, MODEL_WHY_SETATTR_UNMOUNTED);
	if (!mnt->ns->anonymous)
		return refuse_at(m, MODEL_WHY_SETATTR_OTHER_NS, mnt);
	return mount_has_parent(mnt) ? refuse_at(m, MODEL_WHY_SETATTR_IN_TREE, mnt) : 0;
}

static bool is_nothing(const struct model_setattr *attr)
{
	return !attr->set && !attr->clear && !attr->propagation;
}

/* Whose /proc/PID/ns/user is opened for the call. */
static int check_userns(struct model *m, const struct model_task *task,
			const struct model_setattr *attr)
{
	return !attr->userns_of || userns_has_cap(task, attr->userns_of->userns)
		       ? 0
		       : refuse(m, MODEL_WHY_NS_FILE_MAY_NOT);
}

int model_mount_setattr(struct model *m, struct model_task *task, const struct model_at *at,
			bool rec, const struct model_setattr *attr)
{
	struct place place;
	int rc = check_userns(m, task, attr);

	if (rc < 0)
		return rc;
	if (!task_may(task))
		return refuse(m, MODEL_WHY_MAY_NOT);
	if (is_nothing(attr))
		return 0;
	rc = check_words(m, task, attr, false);
	if (rc == 0)
		rc = lookup(m, task, at, true, &place);
	if (rc < 0)
		return rc;
	rc = check_mount(m, task, &place);
	return rc < 0 ? rc : set_tree(m, task, place.mnt, rec, attr, false);
}

int model_open_tree_attr(struct model *m, struct model_task *task, int fd,
			 const struct model_at *at, bool rec, const struct model_setattr *attr)
{
	int rc = check_userns(m, task, attr);

	if (rc == 0)
		rc = model_open_tree(m, task, fd, at, rec);
	if (rc < 0 || is_nothing(attr))
		return rc;
	rc = check_words(m, task, attr, true);
	if (rc == 0)
		rc = set_tree(m, task, task_file(task, fd)->at.mnt, rec, attr, true);
	if (rc < 0)
		model_close(m, task, fd);
	return rc;
}

static void lock_attr(struct mount *mnt)
{
	mnt->locks |= (uint16_t)(ATIME | (mnt->attr & KEPT));
}

/* What a tree is given that comes to a less privileged namespace at once. */
void lock_tree(struct mount *top)
{
	for (struct mount *mnt = top; mnt; mnt = mount_next(mnt, top)) {
		lock_attr(mnt);
		if (mnt != top)
			mnt->flags |= MOUNT_LOCKED;
	}
}

void model_lock(struct model_task *task, const struct map *uniques)
{
	struct mount *top = task->ns->root;

	for (struct mount *mnt = top; mnt; mnt = mount_next(mnt, top))
		if (map_get(uniques, mnt->uid) != MAP_NONE) {
			lock_attr(mnt);
			mnt->flags |= MOUNT_LOCKED;
		}
}
