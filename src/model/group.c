// SPDX-License-Identifier: Apache-2.0
/*
 * Peer groups: their ids, the ring of their members, and the ordered list of slaves that each
 * member has. The order of all of these decides in which order mounts get their ids.
 */
#include "base/mem.h"
#include "model/parts.h"

#include <string.h>

/* The smallest number that is not in use on the whole system. */
uint32_t group_alloc(struct model *m)
{
	size_t i = m->group_hint;

	while (i < m->n_groups && !~m->groups[i])
		i++;
	if (i >= m->n_groups) {
		size_t n = m->n_groups ? 2 * m->n_groups : 4;
		m->groups = xrealloc(m->groups, n, sizeof(*m->groups));
		memset(m->groups + m->n_groups, 0, (n - m->n_groups) * sizeof(*m->groups));
		m->n_groups = n;
	}
	unsigned bit = (unsigned)__builtin_ctzll(~m->groups[i]);
	m->groups[i] |= 1ULL << bit;
	m->group_hint = i;
	return (uint32_t)(64 * i + bit) + 1;
}

void group_free(struct model *m, uint32_t group)
{
	size_t i = (group - 1) / 64;

	m->groups[i] &= ~(1ULL << (group - 1) % 64);
	if (i < m->group_hint)
		m->group_hint = i;
}

void model_see_groups(struct model *m)
{
	m->seen_groups = xrealloc(m->seen_groups, m->n_groups, sizeof(*m->groups));
	if (m->n_groups)
		memcpy(m->seen_groups, m->groups, m->n_groups * sizeof(*m->groups));
	m->n_seen_groups = m->n_groups;
}

bool model_group_is_new(const struct model *m, uint32_t group)
{
	size_t i = (group - 1) / 64;

	return group && (i >= m->n_seen_groups || !(m->seen_groups[i] >> (group - 1) % 64 & 1));
}

void group_join(struct mount *mnt, struct mount *old)
{
	mnt->group = old->group;
	mnt->peer_next = old->peer_next;
	mnt->peer_prev = old;
	mnt->peer_next->peer_prev = mnt;
	old->peer_next = mnt;
}

void group_leave(struct model *m, struct mount *mnt)
{
	if (mnt->group && group_is_alone(mnt))
		group_free(m, mnt->group);
	mnt->peer_next->peer_prev = mnt->peer_prev;
	mnt->peer_prev->peer_next = mnt->peer_next;
	mnt->peer_next = mnt->peer_prev = mnt;
	mnt->group = 0;
	mnt->flags &= (uint16_t)~MOUNT_SHARED;
}

void slave_leave(struct mount *mnt)
{
	if (!mnt->master)
		return;
	if (mnt->slave_prev)
		mnt->slave_prev->slave_next = mnt->slave_next;
	else
		mnt->master->slaves = mnt->slave_next;
	if (mnt->slave_next)
		mnt->slave_next->slave_prev = mnt->slave_prev;
	mnt->master = mnt->slave_next = mnt->slave_prev = NULL;
}

void slave_put_first(struct mount *mnt, struct mount *master)
{
	mnt->master = master;
	mnt->slave_prev = NULL;
	mnt->slave_next = master->slaves;
	if (mnt->slave_next)
		mnt->slave_next->slave_prev = mnt;
	master->slaves = mnt;
}

void slave_put_behind(struct mount *mnt, struct mount *other)
{
	mnt->master = other->master;
	mnt->slave_prev = other;
	mnt->slave_next = other->slave_next;
	if (mnt->slave_next)
		mnt->slave_next->slave_prev = mnt;
	other->slave_next = mnt;
}

/* All slaves get another master, at the head of its list and in their order; NULL: none. */
void slaves_give(struct mount *mnt, struct mount *heir)
{
	struct mount *first = mnt->slaves, *last = NULL;

	mnt->slaves = NULL;
	for (struct mount *s = first, *next; s; s = next) {
		next = s->slave_next;
		s->master = heir;
		if (!heir)
			s->slave_next = s->slave_prev = NULL;
		last = s;
	}
	if (!first || !heir)
		return;
	last->slave_next = heir->slaves;
	if (heir->slaves)
		heir->slaves->slave_prev = last;
	heir->slaves = first;
}
