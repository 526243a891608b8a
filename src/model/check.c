// SPDX-License-Identifier: Apache-2.0
/* What holds at all times, whatever was done: asked after each call in tests. */
#include "base/mem.h"
#include "model/parts.h"

static const char *check_ring(const struct mount *mnt)
{
	if (mnt->peer_next->peer_prev != mnt || mnt->peer_prev->peer_next != mnt)
		return "its ring is broken";
	if (mnt->peer_next->group != mnt->group)
		return "its peer is in another group";
	if (!mnt->group && mnt->peer_next != mnt)
		return "it has peers but no group";
	if (mnt->peer_next->master != mnt->master)
		return "its peer has another master";
	if (mnt->peer_next->root->sb != mnt->root->sb)
		return "its peer is of another file system";
	if (mnt->slaves && !mnt->group)
		return "it has slaves but no group";
	return NULL;
}

static const char *check_slaves(const struct mount *mnt)
{
	const struct mount *before = NULL;

	for (const struct mount *s = mnt->slaves; s; before = s, s = s->slave_next) {
		if (s->master != mnt || s->slave_prev != before)
			return "its list of slaves is broken";
		if (before && before->group && before->group == s->group)
			continue;
		/* A new group, or a lone one: the whole group must stand here. */
		uint32_t n = 0, in_ring = 0;
		const struct mount *p = s;
		do
			in_ring++;
		while ((p = p->peer_next) != s);
		for (p = s; p && (p == s || (s->group && p->group == s->group)); p = p->slave_next)
			n++;
		if (n != in_ring)
			return "peers are not neighbors among their master's slaves";
	}
	return NULL;
}

static const char *check_place(const struct model *m, const struct mount *mnt)
{
	if (mnt->flags & MOUNT_UNBINDABLE && mnt->group)
		return "it is unbindable and shared";
	if (!!mnt->group != !!(mnt->flags & MOUNT_SHARED))
		return "its group and its type differ";
	if (mnt->flags & (MOUNT_DOOMED | MOUNT_MAYBE | MOUNT_LEAKY | MOUNT_HEIR))
		return "a mark was left on it";
	if (mount_has_parent(mnt) && mount_at(m, mnt->parent, mnt->mp) != mnt)
		return "another mount is at its place";
	/* It need not be below its parent's root: a directory can be renamed out of a bind. */
	if (mount_has_parent(mnt) && mnt->mp->sb != mnt->parent->root->sb)
		return "its mountpoint is not on its parent";
	for (const struct mount *kid = mnt->kids; kid; kid = kid->kid_next)
		if (kid->parent != mnt || kid->ns != mnt->ns)
			return "a child of it is elsewhere";
	return NULL;
}

char *model_check(const struct model *m)
{
	for (const struct model_ns *ns = m->namespaces; ns; ns = ns->next) {
		uint32_t n = 0;
		for (struct mount *mnt = ns->root; mnt; mnt = mount_next(mnt, ns->root), n++) {
			const char *why = check_ring(mnt);
			why = why ? why : check_slaves(mnt);
			why = why ? why : check_place(m, mnt);
			if (why || mnt->ns != ns)
				return xasprintf("mount %llu: %s", (unsigned long long)mnt->uid,
						 why ? why : "it is in another namespace");
		}
		if (n != ns->n || ns->pending)
			return xasprintf("a namespace counts %u mounts and has %u", ns->n, n);
	}
	return NULL;
}
