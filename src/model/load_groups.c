// SPDX-License-Identifier: Apache-2.0
/* Rings and masters of loaded tables: they join mounts of all namespaces. */
#include "base/mem.h"
#include "model/load.h"

#include <errno.h>

/* The kernel gives out the smallest free number: so large a one would need as many groups. */
#define GROUP_MAX (1U << 24)

struct ring {
	struct mount *first, *last;
	uint32_t master; /* group */
	uint32_t seen;	 /* by which walk; 0: by none */
};
struct rings {
	struct map of_group;
	struct ring *v;
	size_t n;
};

static int refuse_table(const struct mnt *from, const char *why, struct err *err)
{
	return err_say(err, EINVAL, "mount %u at %s: %s", from->id, from->target, why);
}

static int check_line(const struct mnt *from, struct err *err)
{
	if (from->group > GROUP_MAX || from->master > GROUP_MAX)
		return refuse_table(from, "no kernel gives a peer group so large a number", err);
	if (from->group && from->group == from->master)
		return refuse_table(from, "it is its own group's slave", err);
	if (from->group && from->flags & MNT_UNBINDABLE)
		return refuse_table(from, "it is both shared and unbindable", err);
	return 0;
}

static int join(struct rings *rings, const struct loaded *loaded, struct err *err)
{
	const struct mnt *from = loaded->from;
	struct mount *mnt = loaded->mnt;
	uint32_t i = map_add(&rings->of_group, from->group, (uint32_t)rings->n);

	if (i == rings->n) {
		VEC_PUSH(rings->v, rings->n, (struct ring){mnt, mnt, from->master, 0});
		mnt->group = from->group;
	} else {
		struct ring *ring = &rings->v[i];
		if (ring->first->root->sb != mnt->root->sb)
			return refuse_table(from, "its peers are of another file system", err);
		if (ring->master != from->master)
			return refuse_table(from, "its peers have another master", err);
		group_join(mnt, ring->last);
		ring->last = mnt;
	}
	mnt->flags |= MOUNT_SHARED;
	return 0;
}

/* Masters above masters must end somewhere. Each ring is walked over once. */
static int check_cycles(struct rings *rings, struct err *err)
{
	for (uint32_t i = 0; i < rings->n; i++)
		for (uint32_t at = i; at != MAP_NONE && !rings->v[at].seen;) {
			uint32_t up = map_get(&rings->of_group, rings->v[at].master);
			rings->v[at].seen = i + 1;
			if (up != MAP_NONE && rings->v[up].seen == i + 1)
				return err_say(err, EINVAL, "peer group %u is a slave of itself",
					       rings->v[at].master);
			at = up;
		}
	return 0;
}

/* A group of which no table shows a member: one is made up, that belongs to no namespace. */
static struct mount *master_of(struct load *load, struct rings *rings, const struct loaded *slave)
{
	uint32_t i = map_add(&rings->of_group, slave->from->master, (uint32_t)rings->n);

	if (i < rings->n)
		return rings->v[i].first;
	struct mount *mnt = mount_new(load->m, slave->mnt->root->sb->root);
	mnt->refs = 1;
	mnt->group = slave->from->master;
	mnt->flags |= MOUNT_SHARED;
	VEC_PUSH(rings->v, rings->n, (struct ring){mnt, mnt, 0, 0});
	return mnt;
}

/* Peers stand side by side among the slaves of their master. */
static int enslave(struct load *load, struct rings *rings, const struct loaded *slave,
		   struct err *err)
{
	struct mount *mnt = slave->mnt, *p = mnt;

	if (!slave->from->master || mnt->master)
		return 0;
	struct mount *master = master_of(load, rings, slave);
	if (master->root->sb != mnt->root->sb)
		return refuse_table(slave->from, "its master is of another file system", err);
	slave_put_first(mnt, master);
	for (struct mount *before = p; (p = p->peer_next) != mnt; before = p)
		slave_put_behind(p, before);
	return 0;
}

static void use_number(struct model *m, uint32_t group)
{
	while (m->n_groups <= group / 64) {
		size_t n = m->n_groups ? 2 * m->n_groups : 64;
		m->groups = xrealloc(m->groups, n, sizeof(*m->groups));
		for (size_t i = m->n_groups; i < n; i++)
			m->groups[i] = 0;
		m->n_groups = n;
	}
	m->groups[(group - 1) / 64] |= 1ULL << (group - 1) % 64;
}

int load_groups(struct load *load, struct err *err)
{
	struct rings rings = {0};
	int rc = 0;

	for (size_t i = 0; i < load->n && rc == 0; i++) {
		rc = check_line(load->v[i].from, err);
		if (rc == 0 && load->v[i].from->group)
			rc = join(&rings, &load->v[i], err);
	}
	if (rc == 0)
		rc = check_cycles(&rings, err);
	for (size_t i = 0; i < load->n && rc == 0; i++)
		rc = enslave(load, &rings, &load->v[i], err);
	for (size_t i = 0; i < rings.n && rc == 0; i++)
		use_number(load->m, rings.v[i].first->group);
	map_done(&rings.of_group);
	free(rings.v);
	return rc;
}
