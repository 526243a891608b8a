// SPDX-License-Identifier: Apache-2.0
/* How a tree comes to its place, here and at every receiver; and the calls that bring new ones. */
#include "base/mem.h"
#include "model/parts.h"

#include <string.h>

/* The mounts of the tree without a group that get one; they are remembered for a refusal. */
static void give_groups(struct model *m, struct mount *src, struct mounts *ret)
{
	for (struct mount *mnt = src; mnt; mnt = mount_next(mnt, src)) {
		if (mnt->group)
			continue;
		mnt->group = group_alloc(m);
		VEC_PUSH(ret->v, ret->n, mnt);
	}
}

static void take_groups(struct model *m, const struct mounts *given)
{
	for (size_t i = 0; i < given->n; i++) {
		group_free(m, given->v[i]->group);
		given->v[i]->group = 0;
	}
}

/* What was there is mounted again on top of the tree that arrives, where src's own stack ends. */
static void put(struct model *m, const struct model_ns *acting, struct mount *tree,
		struct mount *parent, struct dentry *mp, struct dentry *top_root)
{
	struct mount *was = mount_at(m, parent, mp);

	if (parent->ns->owner != acting->owner)
		lock_tree(tree);
	mount_place(m, tree, parent, mp);
	ns_take_tree(parent->ns, tree);
	if (!was)
		return;
	struct mount *top = tree;
	for (struct mount *on; (on = mount_at(m, top, top->root)) && on != was;)
		top = on;
	mount_unplace(m, was);
	mount_place(m, was, top, top_root);
}

static void commit(struct model *m, const struct model_ns *acting, struct mount *src,
		   struct mount *dest, struct dentry *mp, const struct copies *copies)
{
	struct model_ns *from = src->ns;

	if (dest->flags & MOUNT_SHARED)
		for (struct mount *mnt = src; mnt; mnt = mount_next(mnt, src)) {
			mnt->flags |= MOUNT_SHARED;
			mnt->flags &= (uint16_t)~MOUNT_UNBINDABLE;
		}
	if (mount_has_parent(src)) {
		mount_unplace(m, src);
		from->n -= mount_count(src);
	} else if (from) {
		ns_forget_anonymous(m, from);
	}
	struct dentry *top_root = mount_top(m, src)->root;
	put(m, acting, src, dest, mp, top_root);
	for (size_t i = copies->n; i-- > 0;)
		put(m, acting, copies->v[i].tree, copies->v[i].parent, mp, top_root);
}

int attach_tree(struct model *m, const struct model_ns *acting, struct mount *src,
		struct mount *dest, struct dentry *mp)
{
	AUTO(mounts) struct mounts given = {0};
	struct copies copies = {0};
	uint32_t n = mount_has_parent(src) ? 0 : mount_count(src);
	int rc = 0;

	/* Something may have to be mounted on it, and on a removed directory nothing can be. */
	if (mount_top(m, src)->root->dead)
		return refuse_at(m, MODEL_WHY_SOURCE_ROOT_REMOVED, src);
	dest->ns->pending += n;
	if (n && dest->ns->n + dest->ns->pending > m->mount_max)
		rc = refuse_at(m, MODEL_WHY_NS_FULL, dest->ns->root);
	if (rc == 0 && dest->flags & MOUNT_SHARED) {
		give_groups(m, src, &given);
		rc = propagate_mount(m, src, dest, mp, &copies);
	}
	dest->ns->pending = 0;
	for (size_t i = 0; i < copies.n; i++)
		copies.v[i].parent->ns->pending = 0;
	if (rc == 0)
		commit(m, acting, src, dest, mp, &copies);
	for (size_t i = copies.n; rc < 0 && i-- > 0;)
		discard_tree(m, copies.v[i].tree);
	if (rc < 0)
		take_groups(m, &given);
	free(copies.v);
	return rc;
}

/* Where something is mounted that is asked for at a place: on the topmost mount there. */
int target_top(struct model *m, struct place at, struct place *ret)
{
	*ret = place_top(m, at);
	if (ret->d->dead)
		return refuse_at(m, MODEL_WHY_TARGET_REMOVED, ret->mnt);
	return ret->mnt->ns ? 0 : refuse(m, MODEL_WHY_TARGET_UNMOUNTED);
}

static int check_fit(struct model *m, const struct dentry *src, const struct place *target)
{
	if (dentries_fit(src, target->d))
		return 0;
	return refuse_at(m, dentry_is_dir(src) ? MODEL_WHY_DIR_ON_FILE : MODEL_WHY_FILE_ON_DIR,
			 target->mnt);
}

/* As above, and in the caller's namespace. */
static int own_target_top(struct model *m, const struct model_task *task, struct place at,
			  struct place *ret)
{
	int rc = target_top(m, at, ret);

	if (rc == 0 && ret->mnt->ns != task->ns)
		rc = refuse_at(m, MODEL_WHY_TARGET_OTHER_NS, ret->mnt);
	return rc;
}

/* A tree that belongs to nobody yet; it is gone if it cannot be attached. */
static int attach_new(struct model *m, const struct model_task *task, struct mount *src,
		      const struct place *target)
{
	int rc = check_fit(m, src->root, target);

	if (rc == 0)
		rc = attach_tree(m, task->ns, src, target->mnt, target->d);
	if (rc < 0)
		discard_tree(m, src);
	return rc;
}

/* In the caller's namespace, a file of nsfs, or in a tree detached from here or from nowhere. */
static int check_source(struct model *m, const struct model_task *task, const struct place *at)
{
	const struct model_ns *ns = at->mnt->ns;

	if (ns == task->ns || at->d->kind == DENTRY_MNT_NS)
		return 0;
	if (!ns)
		return refuse(m, MODEL_WHY_SOURCE_UNMOUNTED);
	if (!ns->anonymous)
		return refuse_at(m, MODEL_WHY_SOURCE_OTHER_NS, at->mnt);
	if (m->rules.closed_trees)
		return refuse_at(m, MODEL_WHY_SOURCE_CLOSED, at->mnt);
	if (ns_is_of(ns, task->ns))
		return 0;
	return refuse_at(m, MODEL_WHY_SOURCE_OTHER_ORIGIN, at->mnt);
}

/* A namespace may only be pinned in older ones, else two could keep each other. */
bool is_ns_loop(const struct model_task *task, const struct dentry *d)
{
	return d->kind == DENTRY_MNT_NS && d->ns->id <= task->ns->id;
}

int clone_source(struct model *m, const struct model_task *task, const struct place *at, bool rec,
		 struct mount **ret)
{
	if (at->mnt->flags & MOUNT_UNBINDABLE)
		return refuse_at(m, MODEL_WHY_SOURCE_UNBINDABLE, at->mnt);
	int rc = check_source(m, task, at);
	if (rc < 0)
		return rc;
	const struct mount *locked = rec ? NULL : find_locked_child(at->mnt, at->d);
	if (locked)
		return refuse_at(m, MODEL_WHY_SOURCE_LOCKED_CHILD, locked);
	if (rec)
		return copy_tree(m, at->mnt, at->d, CLONE_NS_FILES, ret);
	*ret = mount_clone(m, at->mnt, at->d, 0);
	return 0;
}

static int bind(struct model *m, const struct model_task *task, const struct model_at *source,
		struct place target, bool rec)
{
	struct place from, to;
	struct mount *copy;

	if (!source || (!source->ns_of && !*source->path))
		return refuse(m, MODEL_WHY_NO_SOURCE);
	int rc = lookup(m, task, source, false, &from);
	if (rc < 0)
		return rc;
	if (is_ns_loop(task, from.d))
		return refuse(m, MODEL_WHY_NS_FILE_NOT_YOUNGER);
	rc = own_target_top(m, task, target, &to);
	if (rc == 0)
		rc = clone_source(m, task, &from, rec, &copy);
	return rc < 0 ? rc : attach_new(m, task, copy, &to);
}

struct mount *new_fs(struct model *m, const struct model_task *task, const char *fstype,
		     const char *source, unsigned attr)
{
	struct sb *sb = sb_new(m, fstype, source, task->userns, DENTRY_DIR);
	struct mount *mnt = mount_new(m, sb->root);

	/* Others show what they hold, whatever that is. */
	sb->is_new = !strcmp(fstype, "tmpfs") || !strcmp(fstype, "ramfs");
	mnt->attr = attr;
	return mnt;
}

static int mount_new_fs(struct model *m, const struct model_task *task,
			const struct model_at *source, struct place target, const char *fstype,
			unsigned flags)
{
	struct place to;

	if (!fstype)
		return refuse(m, MODEL_WHY_NO_FSTYPE);
	int rc = own_target_top(m, task, target, &to);
	if (rc < 0)
		return rc;
	const char *name = source && *source->path ? source->path : "none";
	struct mount *mnt = new_fs(m, task, fstype, name, attr_of_ms(flags));
	mnt->root->sb->ro = flags & MODEL_MS_RDONLY;
	return attach_new(m, task, mnt, &to);
}

static int move_old(struct model *m, const struct model_task *task, const struct model_at *source,
		    struct place target)
{
	struct place from;

	if (!source || (!source->ns_of && !*source->path))
		return refuse(m, MODEL_WHY_NO_SOURCE);
	int rc = lookup(m, task, source, false, &from);
	return rc < 0 ? rc : move(m, task, from, target, false);
}

int model_mount(struct model *m, struct model_task *task, const struct model_at *source,
		const char *target, const char *fstype, unsigned flags)
{
	struct place at;
	int rc = lookup_path(m, task, target, &at);

	if (rc == 0 && !task_may(task))
		rc = refuse(m, MODEL_WHY_MAY_NOT);
	if (rc < 0)
		return rc;
	if (flags & MODEL_MS_REMOUNT)
		rc = remount(m, task, &at, flags);
	else if (flags & MODEL_MS_BIND)
		rc = bind(m, task, source, at, flags & MODEL_MS_REC);
	else if (flags & MODEL_MS_TYPES)
		rc = type_of_mount(m, task, &at, flags);
	else if (flags & MODEL_MS_MOVE)
		rc = move_old(m, task, source, at);
	else
		rc = mount_new_fs(m, task, source, at, fstype, flags);
	ns_settle(m);
	return rc;
}
