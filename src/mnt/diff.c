// SPDX-License-Identifier: Apache-2.0
/* What is different between the mounts that are the same, and which have no counterpart. */
#include "mnt/diff.h"
#include "base/mem.h"

#include <string.h>

/* Numbers of one table that stand for numbers of another: one for one, as they are met first. */
struct numbers {
	struct map to_b, to_a;
};

struct compare {
	const struct mnt_table *a, *b;
	const struct mnt_tree *tree_a, *tree_b;
	struct mnt_pairs pairs;
	struct numbers groups, devices;
	unsigned flags;
};

/* Sets that they correspond, unless one of them has another counterpart; whether they do. */
static bool correspond(struct numbers *numbers, uint32_t a, uint32_t b)
{
	if (!a || !b)
		return a == b;
	if (map_get(&numbers->to_b, a) == MAP_NONE && map_get(&numbers->to_a, b) == MAP_NONE) {
		map_set(&numbers->to_b, a, b);
		map_set(&numbers->to_a, b, a);
	}
	return map_get(&numbers->to_b, a) == b && map_get(&numbers->to_a, b) == a;
}

/* Before all others, so that where a few mounts have changed their group the rest has not. */
static void keep_equal(struct compare *c)
{
	for (uint32_t i = 0; i < c->a->n; i++) {
		if (c->pairs.of_a[i] == MAP_NONE)
			continue;
		const struct mnt *a = &c->a->v[i], *b = &c->b->v[c->pairs.of_a[i]];
		if (a->group == b->group)
			correspond(&c->groups, a->group, b->group);
		if (a->master == b->master)
			correspond(&c->groups, a->master, b->master);
		if (!a->major && !b->major && a->minor == b->minor)
			correspond(&c->devices, a->minor, b->minor);
	}
}

/* Device numbers without a device are made up anew on each machine. */
static bool same_device(struct compare *c, const struct mnt *a, const struct mnt *b)
{
	if (c->flags & MNT_DIFF_SAME_MACHINE || a->major || b->major)
		return a->major == b->major && a->minor == b->minor;
	return correspond(&c->devices, a->minor, b->minor);
}

static bool is_slave_only(const struct mnt *mnt)
{
	return mnt->master && !mnt->group;
}

/* A fresh copy: a peer, or made a slave, or made private. */
static bool is_copied_type(struct compare *c, const struct mnt *a, const struct mnt *b)
{
	if (b->flags & ~a->flags & MNT_UNBINDABLE)
		return false;
	if (!b->group && !b->master)
		return true;
	if (is_slave_only(b) && a->group)
		return correspond(&c->groups, a->group, b->master);
	return correspond(&c->groups, a->group, b->group) &&
	       correspond(&c->groups, a->master, b->master);
}

static bool same_type(struct compare *c, const struct mnt *a, const struct mnt *b)
{
	if (c->flags & MNT_DIFF_COPY_OK)
		return is_copied_type(c, a, b);
	return correspond(&c->groups, a->group, b->group) &&
	       correspond(&c->groups, a->master, b->master) &&
	       correspond(&c->groups, a->from, b->from) &&
	       !((a->flags ^ b->flags) & MNT_UNBINDABLE);
}

static bool same_options(const struct mnt *a, const struct mnt *b)
{
	return a->attr == b->attr && !((a->flags ^ b->flags) & MNT_IDMAPPED) &&
	       !strcmp(a->extra, b->extra);
}

/* One that is there only on one side explains itself why what was on it is elsewhere now. */
static bool same_parent(const struct compare *c, uint32_t a, uint32_t b)
{
	uint32_t parent_a = c->tree_a->v[a].parent, parent_b = c->tree_b->v[b].parent;

	if (parent_a == MAP_NONE || parent_b == MAP_NONE)
		return parent_a == parent_b;
	return c->pairs.of_a[parent_a] == MAP_NONE || c->pairs.of_b[parent_b] == MAP_NONE ||
	       c->pairs.of_a[parent_a] == parent_b;
}

/* It came along with what it is on. */
static bool moved_along(const struct compare *c, uint32_t a, uint32_t b)
{
	uint32_t parent_a = c->tree_a->v[a].parent, parent_b = c->tree_b->v[b].parent;

	if (parent_a == MAP_NONE || c->pairs.of_a[parent_a] != parent_b)
		return false;
	const char *on_a = c->a->v[parent_a].target, *on_b = c->b->v[parent_b].target;
	const char *at_a = c->a->v[a].target, *at_b = c->b->v[b].target;
	return str_starts(at_a, on_a) && str_starts(at_b, on_b) &&
	       !strcmp(at_a + strlen(on_a), at_b + strlen(on_b));
}

/* Not where what it is on was hidden, or found again, in the same way. */
static bool hides_anew(const struct compare *c, uint32_t a, uint32_t b)
{
	const struct mnt_link *x = &c->tree_a->v[a], *y = &c->tree_b->v[b];
	bool hidden = x->hidden != MAP_NONE;

	if (hidden == (y->hidden != MAP_NONE))
		return false;
	if (x->parent == MAP_NONE || c->pairs.of_a[x->parent] != y->parent)
		return true;
	return (c->tree_a->v[x->parent].hidden != MAP_NONE) != hidden ||
	       (c->tree_b->v[y->parent].hidden != MAP_NONE) == hidden;
}

static unsigned fields_of(struct compare *c, uint32_t i, uint32_t k)
{
	const struct mnt *a = &c->a->v[i], *b = &c->b->v[k];
	unsigned fields = 0;

	if (strcmp(a->target, b->target) && !moved_along(c, i, k))
		fields |= MNT_FIELD_TARGET;
	else if (!same_parent(c, i, k))
		fields |= MNT_FIELD_PARENT;
	fields |= strcmp(a->source, b->source) ? MNT_FIELD_SOURCE : 0;
	fields |= strcmp(a->root, b->root) ? MNT_FIELD_ROOT : 0;
	fields |= strcmp(a->fstype, b->fstype) ? MNT_FIELD_FSTYPE : 0;
	fields |= same_device(c, a, b) ? 0 : MNT_FIELD_DEVICE;
	fields |= same_options(a, b) ? 0 : MNT_FIELD_OPTIONS;
	fields |= strcmp(a->options, b->options) ? MNT_FIELD_FS_OPTIONS : 0;
	fields |= same_type(c, a, b) ? 0 : MNT_FIELD_PROPAGATION;
	fields |= hides_anew(c, i, k) ? MNT_FIELD_HIDDEN : 0;
	return fields;
}

/* unshare(2) leaves out what pins a mount namespace, and what is mounted on that. */
static bool is_left_out(const struct compare *c, uint32_t a)
{
	for (; a != MAP_NONE; a = c->tree_a->v[a].parent)
		if (!strcmp(c->a->v[a].fstype, "nsfs") && str_starts(c->a->v[a].root, "mnt:["))
			return true;
	return false;
}

static void add(struct mnt_diff *diff, uint32_t a, uint32_t b, unsigned fields)
{
	VEC_PUSH(diff->v, diff->n, (struct mnt_change){a, b, fields});
}

static void compare_all(struct compare *c, struct mnt_diff *ret)
{
	bool copy_ok = c->flags & MNT_DIFF_COPY_OK;

	for (uint32_t i = c->tree_a->first; i != MAP_NONE; i = mnt_tree_next(c->tree_a, i)) {
		uint32_t k = c->pairs.of_a[i];
		unsigned fields = k == MAP_NONE ? 0 : fields_of(c, i, k);
		if (fields || (k == MAP_NONE && !(copy_ok && is_left_out(c, i))))
			add(ret, i, k, fields);
	}
	for (uint32_t k = c->tree_b->first; k != MAP_NONE; k = mnt_tree_next(c->tree_b, k))
		if (c->pairs.of_b[k] == MAP_NONE)
			add(ret, MAP_NONE, k, 0);
}

struct placed {
	const char *at;
	struct mnt_change change;
};

static int by_path(const void *x, const void *y)
{
	const struct placed *at_p = x, *at_q = y;
	const struct mnt_change *p = &at_p->change, *q = &at_q->change;
	int order = strcmp(at_p->at, at_q->at);

	if (!order && p->a != q->a)
		order = p->a < q->a ? -1 : 1;
	return order ? order : (p->b > q->b) - (p->b < q->b);
}

static void sort(const struct compare *c, struct mnt_diff *diff)
{
	AUTO_FREE struct placed *v = xcalloc(diff->n + 1, sizeof(*v));

	for (size_t i = 0; i < diff->n; i++) {
		const struct mnt_change *p = &diff->v[i];
		v[i].at = p->b != MAP_NONE ? c->b->v[p->b].target : c->a->v[p->a].target;
		v[i].change = *p;
	}
	qsort(v, diff->n, sizeof(*v), by_path);
	for (size_t i = 0; i < diff->n; i++)
		diff->v[i] = v[i].change;
}

void mnt_diff(const struct mnt_table *a, const struct mnt_tree *tree_a, const struct mnt_table *b,
	      const struct mnt_tree *tree_b, unsigned flags, struct mnt_diff *ret)
{
	struct compare c = {a, b, tree_a, tree_b, .flags = flags};

	*ret = (struct mnt_diff){0};
	mnt_pairs_init(&c.pairs, a, tree_a, b, tree_b, flags & MNT_DIFF_SAME_MACHINE);
	keep_equal(&c);
	compare_all(&c, ret);
	sort(&c, ret);
	mnt_pairs_done(&c.pairs);
	map_done(&c.groups.to_a);
	map_done(&c.groups.to_b);
	map_done(&c.devices.to_a);
	map_done(&c.devices.to_b);
}

void mnt_diff_done(struct mnt_diff *diff)
{
	free(diff->v);
	*diff = (struct mnt_diff){0};
}
