// SPDX-License-Identifier: Apache-2.0
/* Which mount of one table is which of another. */
#include "base/mem.h"
#include "mnt/diff.h"

#include <string.h>

struct side {
	const struct mnt_table *table;
	uint32_t *pair; /* MAP_NONE: none yet */
	uint32_t *next; /* of the same list; MAP_NONE: the last */
	struct map heads;
};

struct sides {
	struct side a, b;
	bool same_machine;
};

static void join(struct sides *sides, uint32_t a, uint32_t b)
{
	sides->a.pair[a] = b;
	sides->b.pair[b] = a;
}

/* The device numbers of two machines say nothing: it is enough to look the same. */
static bool alike(const struct sides *sides, uint32_t a, uint32_t b)
{
	const struct mnt *x = &sides->a.table->v[a], *y = &sides->b.table->v[b];

	return !strcmp(x->root, y->root) && !strcmp(x->fstype, y->fstype) &&
	       !strcmp(x->source, y->source) && (!sides->same_machine || mnt_is_same_dir(x, y));
}

/* Not after the machine was started anew: what has the id must be alike too. */
static void join_unique(struct sides *sides)
{
	struct map ids = {0};

	for (uint32_t i = 0; i < sides->b.table->n; i++)
		if (sides->b.table->v[i].unique)
			map_set(&ids, sides->b.table->v[i].unique, i);
	for (uint32_t i = 0; ids.n && i < sides->a.table->n; i++) {
		uint32_t b = map_get(&ids, sides->a.table->v[i].unique);
		if (b != MAP_NONE && alike(sides, i, b))
			join(sides, i, b);
	}
	map_done(&ids);
}

/* What makes a list: a key, and equality behind it. */
struct listing {
	uint64_t (*key)(const struct mnt *mnt, uint64_t seed);
	bool (*equal)(const struct mnt *a, const struct mnt *b);
};

static uint64_t place_key(const struct mnt *mnt, uint64_t seed)
{
	return map_hash(seed, mnt->target, strlen(mnt->target));
}

static bool place_equal(const struct mnt *a, const struct mnt *b)
{
	return !strcmp(a->target, b->target);
}

static uint64_t dir_key(const struct mnt *mnt, uint64_t seed)
{
	return map_hash(seed ^ ((uint64_t)mnt->major << 32 | mnt->minor), mnt->root,
			strlen(mnt->root));
}

static bool dir_equal(const struct mnt *a, const struct mnt *b)
{
	return mnt_is_same_dir(a, b) && !strcmp(a->fstype, b->fstype) &&
	       !strcmp(a->source, b->source);
}

/* The head of the list that `mnt` belongs to; its key. Different text under one key: another key.
 */
static uint32_t find(const struct side *side, const struct listing *by, const struct mnt *mnt,
		     uint64_t *ret_key)
{
	for (uint64_t seed = 0;; seed++) {
		uint64_t key = by->key(mnt, seed * 0x9e3779b97f4a7c15ULL);
		uint32_t i = map_get(&side->heads, key);
		*ret_key = key;
		if (i == MAP_NONE || by->equal(&side->table->v[i], mnt))
			return i;
	}
}

/* Lists of what has no pair yet, each in preorder: a stack from its bottom. */
static void list_all(struct side *side, const struct mnt_tree *tree, const struct listing *by)
{
	uint32_t *order = xcalloc(side->table->n, sizeof(*order));
	size_t n = 0;
	uint64_t key;

	map_done(&side->heads);
	for (uint32_t i = tree->first; i != MAP_NONE; i = mnt_tree_next(tree, i))
		if (side->pair[i] == MAP_NONE)
			order[n++] = i;
	while (n-- > 0) {
		uint32_t i = order[n];
		side->next[i] = find(side, by, &side->table->v[i], &key);
		map_set(&side->heads, key, i);
	}
	free(order);
}

struct stack {
	uint32_t *v;
	size_t n;
};

static void collect(const struct side *side, uint32_t i, struct stack *ret)
{
	ret->n = 0;
	for (; i != MAP_NONE; i = side->next[i])
		VEC_PUSH(ret->v, ret->n, i);
}

/* The mounts of one place that are alike, from the bottom up and from the top down. */
static void join_alike(struct sides *sides, const struct stack *a, const struct stack *b)
{
	size_t first = 0, last_a = a->n, last_b = b->n;

	for (; first < last_a && first < last_b && alike(sides, a->v[first], b->v[first]); first++)
		join(sides, a->v[first], b->v[first]);
	for (; first < last_a && first < last_b && alike(sides, a->v[last_a - 1], b->v[last_b - 1]);
	     last_a--, last_b--)
		join(sides, a->v[last_a - 1], b->v[last_b - 1]);
}

static void join_in_order(struct sides *sides, const struct stack *a, const struct stack *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++)
		join(sides, a->v[i], b->v[i]);
}

static const struct listing by_place = {place_key, place_equal}, by_dir = {dir_key, dir_equal};

/* What has no pair yet, each list of a with that of b. */
static void join_lists(struct sides *sides, const struct mnt_tree *tree_a,
		       const struct mnt_tree *tree_b, const struct listing *by,
		       void (*how)(struct sides *, const struct stack *, const struct stack *))
{
	struct stack a = {0}, b = {0};
	uint64_t key;

	list_all(&sides->a, tree_a, by);
	list_all(&sides->b, tree_b, by);
	for (uint32_t i = 0; i < sides->a.table->n; i++) {
		const struct mnt *mnt = &sides->a.table->v[i];
		if (sides->a.pair[i] != MAP_NONE || find(&sides->a, by, mnt, &key) != i)
			continue;
		collect(&sides->a, i, &a);
		collect(&sides->b, find(&sides->b, by, mnt, &key), &b);
		how(sides, &a, &b);
	}
	free(a.v);
	free(b.v);
}

static struct side begin(const struct mnt_table *table)
{
	struct side side = {table, xcalloc(table->n, sizeof(uint32_t)),
			    xcalloc(table->n, sizeof(uint32_t))};

	memset(side.pair, 0xff, table->n * sizeof(uint32_t));
	return side;
}

void mnt_pairs_init(struct mnt_pairs *pairs, const struct mnt_table *a,
		    const struct mnt_tree *tree_a, const struct mnt_table *b,
		    const struct mnt_tree *tree_b, bool same_machine)
{
	struct sides sides = {begin(a), begin(b), same_machine};

	if (same_machine)
		join_unique(&sides);
	join_lists(&sides, tree_a, tree_b, &by_place, join_alike);
	join_lists(&sides, tree_a, tree_b, &by_dir, join_in_order);
	join_lists(&sides, tree_a, tree_b, &by_place, join_in_order);
	*pairs = (struct mnt_pairs){sides.a.pair, sides.b.pair};
	free(sides.a.next);
	free(sides.b.next);
	map_done(&sides.a.heads);
	map_done(&sides.b.heads);
}

void mnt_pairs_done(struct mnt_pairs *pairs)
{
	free(pairs->of_a);
	free(pairs->of_b);
	*pairs = (struct mnt_pairs){0};
}
