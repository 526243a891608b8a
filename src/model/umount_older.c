// SPDX-License-Identifier: Apache-2.0
/*
 * What a propagated umount takes away before Linux 6.17 (and since 4.12). There each candidate is
 * judged when it is found, by what is on it then, and the parent again whenever a mount on it went.
 * A cover never counts: so a mount may go although a cover stays that is deeper in its tree, and
 * the cover sinks past all that went.
 */
#include "base/mem.h"
#include "model/parts.h"

/* The candidates that have been judged, and those of them that stay or only sink. */
struct older {
	struct mounts seen, stay;
	struct mounts *doomed;
};

static void doom(struct older *o, struct mount *mnt)
{
	mnt->flags |= MOUNT_DOOMED;
	mnt->flags &= (uint16_t)~MOUNT_EMPTY;
	VEC_PUSH(o->doomed->v, o->doomed->n, mnt);
}

static void see(struct older *o, struct mount *mnt)
{
	mnt->flags |= MOUNT_MAYBE;
	VEC_PUSH(o->seen.v, o->seen.n, mnt);
}

static void stay(struct older *o, struct mount *mnt)
{
	see(o, mnt);
	VEC_PUSH(o->stay.v, o->stay.n, mnt);
}

/* What goes is as good as off already; what is locked goes with its parent, if that does. */
static bool is_empty(const struct mount *mnt)
{
	for (const struct mount *kid = mnt->kids; kid; kid = kid->kid_next)
		if (kid->mp != mnt->root && !(kid->flags & (MOUNT_DOOMED | MOUNT_EMPTY)))
			return false;
	return true;
}

/* Whether anything changed for the mount that it is on. */
static bool judge(struct older *o, struct mount *mnt)
{
	if (mnt->flags & (MOUNT_DOOMED | MOUNT_EMPTY))
		return false;
	if (!is_empty(mnt)) {
		stay(o, mnt);
		return false;
	}
	if (mnt->flags & MOUNT_LOCKED) {
		mnt->flags |= MOUNT_EMPTY;
		stay(o, mnt);
	} else {
		see(o, mnt);
		doom(o, mnt);
	}
	return true;
}

static void judge_copies(const struct model *m, struct older *o, struct mount *mnt)
{
	struct mount *origin = mnt->parent, *q = origin;

	while (mount_has_parent(mnt) && (q = receiver_next(q, origin))) {
		struct mount *same = mount_at(m, q, mnt->mp);
		if (!same || same->flags & MOUNT_MAYBE)
			continue;
		if (same->flags & MOUNT_DOOMED) {
			see(o, same);
			continue;
		}
		while (judge(o, same) && same->parent->flags & MOUNT_MAYBE)
			same = same->parent;
	}
}

/* With what goes goes all that is on it, which is locked; but for covers. */
static void doom_kids(struct older *o, size_t from)
{
	for (size_t i = from; i < o->doomed->n; i++) {
		const struct mount *mnt = o->doomed->v[i];
		for (struct mount *kid = mnt->kids; kid; kid = kid->kid_next)
			if (kid->flags & MOUNT_DOOMED)
				continue;
			else if (kid->mp == mnt->root)
				stay(o, kid);
			else
				doom(o, kid);
	}
}

static void sink(struct model *m, struct mount *mnt)
{
	struct mount *parent = mnt->parent;
	struct dentry *mp = mnt->mp;

	while (parent->flags & MOUNT_DOOMED && mount_has_parent(parent)) {
		mp = parent->mp;
		parent = parent->parent;
	}
	if (parent == mnt->parent)
		return;
	mount_unplace(m, mnt);
	mount_place(m, mnt, parent, mp);
}

/* `doomed` is the tree that is unmounted, and gets the copies that go with it. */
void doom_older(struct model *m, struct mounts *doomed)
{
	struct older o = {.doomed = doomed};
	size_t own = doomed->n;

	for (size_t i = own; i-- > 0;) {
		struct mount *mnt = doomed->v[i];
		if (mnt->flags & MOUNT_MAYBE)
			continue;
		see(&o, mnt);
		judge_copies(m, &o, mnt);
	}
	doom_kids(&o, own);
	for (size_t i = 0; i < o.stay.n; i++)
		if (!(o.stay.v[i]->flags & MOUNT_DOOMED))
			sink(m, o.stay.v[i]);
	for (size_t i = 0; i < o.seen.n; i++)
		o.seen.v[i]->flags &= (uint16_t) ~(MOUNT_MAYBE | MOUNT_EMPTY);
	free(o.seen.v);
	free(o.stay.v);
}
