// SPDX-License-Identifier: Apache-2.0
/* Mounts: how they are made, put in their places and found there, and freed. */
#include "base/mem.h"
#include "model/parts.h"

#define CHUNK 64
static struct mount *mount_take(struct model *m)
{
	if (!m->free_mounts) {
		struct mount *chunk = xcalloc(CHUNK, sizeof(*chunk));
		VEC_PUSH(m->chunks, m->n_chunks, chunk);
		for (size_t i = 0; i < CHUNK; i++) {
			chunk[i].kid_next = m->free_mounts;
			m->free_mounts = &chunk[i];
		}
	}
	struct mount *mnt = m->free_mounts;
	m->free_mounts = mnt->kid_next;
	return mnt;
}

struct mount *mount_new(struct model *m, struct dentry *root)
{
	struct mount *mnt = mount_take(m);

	*mnt = (struct mount){.uid = m->next_uid++, .root = root};
	mnt->parent = mnt->peer_next = mnt->peer_prev = mnt;
	root->sb->n_mounts++;
	root->refs++;
	if (root->kind == DENTRY_MNT_NS)
		root->ns->pins++;
	return mnt;
}

static void let_go_of_ns(struct model *m, struct model_ns *ns)
{
	ns->pins--;
	m->may_end |= ns_is_unused(ns);
}

void mount_drop(struct model *m, struct mount *mnt)
{
	if (mnt->ns || mnt->refs || mount_has_parent(mnt) || mnt == m->nsfs_mount)
		return;
	/* What was kept on an unmounted mount goes with it. */
	while (mnt->kids) {
		struct mount *kid = mnt->kids;
		mount_unplace(m, kid);
		mount_drop(m, kid);
	}
	struct sb *sb = mnt->root->sb;
	mnt->root->refs--;
	if (mnt->root->kind == DENTRY_MNT_NS)
		let_go_of_ns(m, mnt->root->ns);
	if (!--sb->n_mounts && sb != m->nsfs)
		sb_free(m, sb);
	mnt->kid_next = m->free_mounts;
	m->free_mounts = mnt;
}

static size_t place_slot(const struct model *m, const struct mount *parent, const struct dentry *mp)
{
	return spread((uintptr_t)parent, (uintptr_t)mp, m->places_size);
}

static void places_grow(struct model *m)
{
	struct mount **old = m->places;
	size_t size = m->places_size;

	m->places_size = size ? 2 * size : 64;
	m->places = xcalloc(m->places_size, sizeof(*m->places));
	for (size_t i = 0; i < size; i++)
		for (struct mount *mnt = old[i], *next; mnt; mnt = next) {
			next = mnt->place_next;
			struct mount **slot = &m->places[place_slot(m, mnt->parent, mnt->mp)];
			mnt->place_next = *slot;
			*slot = mnt;
		}
	free(old);
}

struct mount *mount_at(const struct model *m, const struct mount *parent, const struct dentry *mp)
{
	struct mount *mnt =
		mp->mounts && m->places_size ? m->places[place_slot(m, parent, mp)] : NULL;

	while (mnt && (mnt->parent != parent || mnt->mp != mp))
		mnt = mnt->place_next;
	return mnt;
}

static void kid_append(struct mount *parent, struct mount *mnt)
{
	mnt->kid_next = NULL;
	if (!parent->kids) {
		parent->kids = mnt->kid_prev = mnt;
		return;
	}
	struct mount *last = parent->kids->kid_prev;
	last->kid_next = mnt;
	mnt->kid_prev = last;
	parent->kids->kid_prev = mnt;
}

static void kid_remove(struct mount *mnt)
{
	struct mount *parent = mnt->parent;

	if (parent->kids == mnt)
		parent->kids = mnt->kid_next;
	else
		mnt->kid_prev->kid_next = mnt->kid_next;
	if (mnt->kid_next)
		mnt->kid_next->kid_prev = mnt->kid_prev;
	else if (parent->kids)
		parent->kids->kid_prev = mnt->kid_prev;
}

void mount_place(struct model *m, struct mount *mnt, struct mount *parent, struct dentry *mp)
{
	if (m->n_places++ >= m->places_size)
		places_grow(m);
	struct mount **slot = &m->places[place_slot(m, parent, mp)];
	mnt->place_next = *slot;
	*slot = mnt;
	mnt->parent = parent;
	mnt->mp = mp;
	mnt->at_next = mp->mounts;
	mnt->at_link = &mp->mounts;
	if (mnt->at_next)
		mnt->at_next->at_link = &mnt->at_next;
	mp->mounts = mnt;
	kid_append(parent, mnt);
}

void mount_unplace(struct model *m, struct mount *mnt)
{
	struct mount **slot = &m->places[place_slot(m, mnt->parent, mnt->mp)];

	while (*slot != mnt)
		slot = &(*slot)->place_next;
	*slot = mnt->place_next;
	m->n_places--;
	*mnt->at_link = mnt->at_next;
	if (mnt->at_next)
		mnt->at_next->at_link = mnt->at_link;
	kid_remove(mnt);
	mnt->parent = mnt;
	mnt->mp = NULL;
}

int mount_check_writable(struct model *m, const struct mount *mnt)
{
	if (mnt->root->sb->ro)
		return refuse_at(m, MODEL_WHY_READ_ONLY_FS, mnt);
	return mnt->attr & MODEL_ATTR_RDONLY ? refuse_at(m, MODEL_WHY_READ_ONLY_MOUNT, mnt) : 0;
}

struct mount *mount_cover(const struct model *m, const struct mount *mnt)
{
	return mount_at(m, mnt, mnt->root);
}

struct mount *mount_top(const struct model *m, struct mount *mnt)
{
	for (struct mount *cover; (cover = mount_cover(m, mnt));)
		mnt = cover;
	return mnt;
}

bool mount_is_below(const struct mount *mnt, const struct mount *top)
{
	while (mnt != top && mount_has_parent(mnt))
		mnt = mnt->parent;
	return mnt == top;
}

struct mount *mount_skip(struct mount *mnt, const struct mount *top)
{
	for (; mnt != top; mnt = mnt->parent)
		if (mnt->kid_next)
			return mnt->kid_next;
	return NULL;
}

struct mount *mount_next(struct mount *mnt, const struct mount *top)
{
	return mnt->kids ? mnt->kids : mount_skip(mnt, top);
}

uint32_t mount_count(struct mount *top)
{
	uint32_t n = 0;

	for (struct mount *mnt = top; mnt; mnt = mount_next(mnt, top))
		n++;
	return n;
}

struct place place_hold(struct place at)
{
	at.mnt->refs++;
	at.d->refs++;
	if (at.d->kind == DENTRY_MNT_NS)
		at.d->ns->pins++;
	return at;
}

/* `to` may be {0}. What was there is let go last: it may be all that keeps `to`. */
void place_set(struct model *m, struct place *at, struct place to)
{
	struct place old = *at;

	*at = to.mnt ? place_hold(to) : to;
	if (!old.mnt)
		return;
	if (old.d->kind == DENTRY_MNT_NS)
		let_go_of_ns(m, old.d->ns);
	old.d->refs--;
	old.mnt->refs--;
	mount_drop(m, old.mnt);
}
