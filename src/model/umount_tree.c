// SPDX-License-Identifier: Apache-2.0
/*
 * Taking mounts away. All that goes is marked first; who stays and why is decided before anything
 * is changed, in time linear in what could go.
 */
#include "base/mem.h"
#include "model/parts.h"

static bool goes(const struct mount *mnt)
{
	return mnt->flags & (MOUNT_DOOMED | MOUNT_MAYBE);
}

static void doom(struct mount *mnt, struct mounts *doomed)
{
	mnt->flags |= MOUNT_DOOMED;
	VEC_PUSH(doomed->v, doomed->n, mnt);
}

static void doom_tree(struct mount *top, struct mounts *doomed)
{
	for (struct mount *mnt = top; mnt; mnt = mount_next(mnt, top))
		doom(mnt, doomed);
}

/* What lies at the same place at each receiver of the parent. */
static void find_candidates(const struct model *m, const struct mounts *doomed, struct mounts *ret)
{
	for (size_t i = 0; i < doomed->n; i++) {
		struct mount *mnt = doomed->v[i], *origin = mnt->parent, *q = origin;
		while (mount_has_parent(mnt) && (q = receiver_next(q, origin))) {
			struct mount *same = mount_at(m, q, mnt->mp);
			if (!same || goes(same))
				continue;
			same->flags |= MOUNT_MAYBE;
			VEC_PUSH(ret->v, ret->n, same);
		}
	}
}

/* Something on mnt stays: so do those under it, but for a mount that it only covers. */
static void keep_under(struct mount *mnt)
{
	struct mount *under = mnt->parent;

	for (; mount_has_parent(mnt) && goes(under); mnt = under, under = mnt->parent) {
		if (mnt->mp != under->root)
			under->flags &= (uint16_t)~MOUNT_MAYBE;
		if (under->flags & MOUNT_LEAKY)
			break;
		under->flags |= MOUNT_LEAKY;
	}
}

static void keep_used(const struct mounts *candidates)
{
	AUTO(mounts) struct mounts stay = {0};

	for (size_t i = 0; i < candidates->n; i++)
		for (struct mount *kid = candidates->v[i]->kids; kid; kid = kid->kid_next)
			if (!goes(kid))
				VEC_PUSH(stay.v, stay.n, kid);
	for (size_t i = 0; i < stay.n; i++)
		keep_under(stay.v[i]);
}

static bool is_held(const struct mount *mnt)
{
	return mnt->flags & MOUNT_MAYBE && mnt->flags & MOUNT_LOCKED && !goes(mnt->parent);
}

/* A locked mount does not leave a parent that stays. */
static void keep_locked(const struct mounts *candidates)
{
	AUTO(mounts) struct mounts held = {0};

	for (size_t i = 0; i < candidates->n; i++)
		if (is_held(candidates->v[i]))
			VEC_PUSH(held.v, held.n, candidates->v[i]);
	while (held.n) {
		struct mount *mnt = held.v[--held.n];
		mnt->flags &= (uint16_t)~MOUNT_MAYBE;
		for (struct mount *kid = mnt->kids; kid; kid = kid->kid_next)
			if (is_held(kid))
				VEC_PUSH(held.v, held.n, kid);
	}
}

/* A mount that only covered what goes sinks to where the lowest of that stack was. */
static void sink(struct model *m, struct mount *cover)
{
	struct mount *low = cover->parent;

	while (mount_has_parent(low) && low->mp == low->parent->root &&
	       low->parent->flags & MOUNT_DOOMED)
		low = low->parent;
	struct mount *parent = low->parent;
	struct dentry *mp = low->mp;
	mount_unplace(m, cover);
	/* low still stands in the index, in front of which this one now is. */
	mount_place(m, cover, parent, mp);
}

static bool is_bare(const struct mount *mnt)
{
	for (const struct mount *kid = mnt->kids; kid; kid = kid->kid_next)
		if (!(kid->flags & MOUNT_DOOMED))
			return false;
	return !(mnt->flags & MOUNT_LOCKED);
}

static void doom_candidate(struct mount *mnt, struct mounts *doomed)
{
	mnt->flags &= (uint16_t)~MOUNT_MAYBE;
	doom(mnt, doomed);
}

/*
 * First those with nothing on them, then the others, each with those that it is on; the last found
 * is the first. Whoever inherits slaves has in front those that came last.
 */
static void doom_candidates(const struct mounts *candidates, struct mounts *doomed)
{
	for (size_t i = candidates->n; i-- > 0;) {
		struct mount *mnt = candidates->v[i];
		mnt->flags &= (uint16_t)~MOUNT_LEAKY;
		if (mnt->flags & MOUNT_MAYBE && is_bare(mnt))
			doom_candidate(mnt, doomed);
	}
	for (size_t i = candidates->n; i-- > 0;)
		for (struct mount *mnt = candidates->v[i]; mnt->flags & MOUNT_MAYBE;
		     mnt = mnt->parent)
			doom_candidate(mnt, doomed);
}

static void sink_survivors(struct model *m, const struct mounts *doomed)
{
	for (size_t i = 0; i < doomed->n; i++) {
		struct mount *cover = mount_cover(m, doomed->v[i]);
		if (cover && !(cover->flags & MOUNT_DOOMED))
			sink(m, cover);
	}
}

/*
 * The first survivor in the ring, else that of the master's ring. All that are passed on the way
 * have the same one, and remember it.
 */
static struct mount *find_heir(struct mount *mnt)
{
	AUTO(mounts) struct mounts passed = {0};
	struct mount *heir = NULL;

	while (mnt && !heir) {
		struct mount *p = mnt;
		bool is_known = mnt->flags & MOUNT_HEIR;
		for (; p->flags & MOUNT_DOOMED && !(p->flags & MOUNT_HEIR); p = p->peer_next) {
			p->flags |= MOUNT_HEIR;
			VEC_PUSH(passed.v, passed.n, p);
		}
		if (!(p->flags & MOUNT_DOOMED))
			heir = p;
		else if (is_known || p != mnt)
			heir = p->copy;
		/* Round the ring without a survivor: the master's is next. */
		mnt = is_known || p != mnt ? NULL : mnt->master;
	}
	for (size_t i = 0; i < passed.n; i++)
		passed.v[i]->copy = heir;
	return heir;
}

static void leave_groups(struct model *m, const struct mounts *doomed)
{
	for (size_t i = 0; i < doomed->n; i++)
		if (!(doomed->v[i]->flags & MOUNT_HEIR))
			find_heir(doomed->v[i]);
	for (size_t i = 0; i < doomed->n; i++)
		slave_leave(doomed->v[i]);
	for (size_t i = 0; i < doomed->n; i++) {
		struct mount *mnt = doomed->v[i];
		if (mnt->group)
			group_leave(m, mnt);
		slaves_give(mnt, mnt->copy);
	}
}

/* A locked mount stays on its parent in a lazy umount: nothing may ever be seen under it. */
static bool stays_connected(const struct mount *mnt, enum umount_how how)
{
	if (how == UMOUNT_APART || !mount_has_parent(mnt) || !(mnt->parent->flags & MOUNT_DOOMED))
		return false;
	return how == UMOUNT_CONNECTED || mnt->flags & MOUNT_LOCKED;
}

static void cut(struct model *m, const struct mounts *doomed, enum umount_how how)
{
	for (size_t i = 0; i < doomed->n; i++) {
		struct mount *mnt = doomed->v[i];
		if (mnt->ns)
			mnt->ns->n--;
		mnt->ns = NULL;
		if (mount_has_parent(mnt) && !stays_connected(mnt, how))
			mount_unplace(m, mnt);
	}
	for (size_t i = 0; i < doomed->n; i++)
		doomed->v[i]->flags &= (uint16_t) ~(MOUNT_DOOMED | MOUNT_HEIR);
	/* What stays on another one is freed with it. */
	AUTO(mounts) struct mounts tops = {0};
	for (size_t i = 0; i < doomed->n; i++)
		if (!mount_has_parent(doomed->v[i]))
			VEC_PUSH(tops.v, tops.n, doomed->v[i]);
	for (size_t i = 0; i < tops.n; i++)
		mount_drop(m, tops.v[i]);
}

static void unlock_receivers(const struct model *m, const struct mount *mnt)
{
	if (!mount_has_parent(mnt))
		return;
	for (struct mount *q = mnt->parent; (q = receiver_next(q, mnt->parent));) {
		struct mount *same = mount_at(m, q, mnt->mp);
		if (same)
			same->flags &= (uint16_t)~MOUNT_LOCKED;
	}
}

void umount_tree(struct model *m, struct mount *mnt, bool propagates, enum umount_how how)
{
	AUTO(mounts) struct mounts doomed = {0}, candidates = {0};

	if (propagates)
		unlock_receivers(m, mnt);
	doom_tree(mnt, &doomed);
	if (propagates && m->rules.umounts_hastily) {
		doom_older(m, &doomed);
	} else if (propagates) {
		find_candidates(m, &doomed, &candidates);
		keep_used(&candidates);
		keep_locked(&candidates);
		doom_candidates(&candidates, &doomed);
		sink_survivors(m, &doomed);
	}
	leave_groups(m, &doomed);
	cut(m, &doomed, how);
}

/* A tree that was never attached. */
void discard_tree(struct model *m, struct mount *mnt)
{
	umount_tree(m, mnt, false, UMOUNT_APART);
}

/* The directory was removed: all that was mounted on it, anywhere, goes. */
void detach_mounts(struct model *m, struct dentry *d)
{
	while (d->mounts) {
		struct mount *mnt = d->mounts;
		if (mnt->ns) {
			umount_tree(m, mnt, false, UMOUNT_CONNECTED);
		} else {
			mount_unplace(m, mnt);
			mount_drop(m, mnt);
		}
	}
}
