// SPDX-License-Identifier: Apache-2.0
/*
 * Where an event on a mount arrives. Umounts visit receivers mount by mount; mounts visit them
 * group by group, because the members of one group get copies that are peers of each other.
 */
#include "base/mem.h"
#include "model/parts.h"

/*
 * The receiver behind `mnt` of an event on `origin`; begin with mnt = origin. Each one's slaves
 * come before the next member of the ring.
 */
struct mount *receiver_next(struct mount *mnt, const struct mount *origin)
{
	if (mnt->ns && mnt->slaves)
		return mnt->slaves;
	for (;;) {
		if (mnt->master == origin->master)
			return mnt->peer_next == origin ? NULL : mnt->peer_next;
		if (mnt->slave_next)
			return mnt->slave_next;
		mnt = mnt->master;
	}
}

struct spread {
	struct model *m;
	struct mount *src, *dest;
	struct dentry *mp;
	struct copies copies;
	struct map made; /* group -> index of its newest copy */
	struct mounts stack;
};

/* The newest copy in the nearest group above that has any; the ring of dest has at least src. */
static struct mount *copy_above(const struct spread *s, const struct mount *mnt)
{
	for (const struct mount *up = mnt->master; up->group != s->dest->group; up = up->master) {
		uint32_t i = map_get(&s->made, up->group);
		if (i != MAP_NONE)
			return s->copies.v[i].tree;
	}
	uint32_t i = map_get(&s->made, s->dest->group);
	return i == MAP_NONE ? s->src : s->copies.v[i].tree;
}

/* `previous`: a copy that the group of mnt has already; NULL: this is its first. */
static int copy_to(struct spread *s, struct mount *mnt, struct mount *previous)
{
	unsigned how = previous ? CLONE_AS_SHARED : CLONE_AS_SLAVE;
	struct mount *copy;

	if (!previous && mnt->flags & MOUNT_SHARED)
		how |= CLONE_AS_SHARED;
	int rc =
		copy_tree(s->m, previous ? previous : copy_above(s, mnt), s->src->root, how, &copy);
	if (rc < 0)
		return rc;
	if (mnt->group)
		map_set(&s->made, mnt->group, (uint32_t)s->copies.n);
	VEC_PUSH(s->copies.v, s->copies.n, (struct copy){copy, mnt});
	mnt->ns->pending += mount_count(copy);
	return mnt->ns->n + mnt->ns->pending > s->m->mount_max
		       ? refuse_at(s->m, MODEL_WHY_RECEIVER_FULL, mnt)
		       : 0;
}

static bool wants(const struct spread *s, const struct mount *mnt)
{
	return mnt->ns && !mnt->ns->anonymous && mnt->root->sb == s->dest->root->sb &&
	       dentry_is_under(s->mp, mnt->root);
}

/* Pushes the groups that are slaves of mnt, the first of them on top. */
static void push_slaves(struct spread *s, const struct mount *first)
{
	size_t from = s->stack.n;
	const struct mount *mnt = first;

	do {
		uint32_t group = 0;
		for (struct mount *slave = mnt->ns ? mnt->slaves : NULL; slave;
		     slave = slave->slave_next) {
			if (!slave->group || slave->group != group)
				VEC_PUSH(s->stack.v, s->stack.n, slave);
			group = slave->group;
		}
	} while ((mnt = mnt->peer_next) != first);
	for (size_t i = from, j = s->stack.n; i + 1 < j;) {
		struct mount *swap = s->stack.v[i];
		s->stack.v[i++] = s->stack.v[--j];
		s->stack.v[j] = swap;
	}
}

static int visit_group(struct spread *s, struct mount *first, struct mount *previous)
{
	struct mount *mnt = first;

	do {
		if (mnt == s->dest || !wants(s, mnt))
			continue;
		int rc = copy_to(s, mnt, previous);
		if (rc < 0)
			return rc;
		previous = s->copies.v[s->copies.n - 1].tree;
	} while ((mnt = mnt->peer_next) != first);
	return 0;
}

int propagate_mount(struct model *m, struct mount *src, struct mount *dest, struct dentry *mp,
		    struct copies *ret)
{
	struct spread s = {.m = m, .src = src, .dest = dest, .mp = mp};
	int rc = visit_group(&s, dest, src);

	push_slaves(&s, dest);
	while (rc == 0 && s.stack.n) {
		struct mount *first = s.stack.v[--s.stack.n];
		rc = visit_group(&s, first, NULL);
		push_slaves(&s, first);
	}
	map_done(&s.made);
	free(s.stack.v);
	*ret = s.copies;
	return rc;
}
