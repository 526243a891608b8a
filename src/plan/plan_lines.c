// SPDX-License-Identifier: Apache-2.0
/* Two tables of one namespace, whose mounts have names: what became of each. */
#include "base/mem.h"
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

struct sides {
	const struct mnt_table *a, *b;
	struct mnt_tree tree_a, tree_b;
	uint32_t *of_b; /* the same mount in a; MAP_NONE: new */
	bool reconfigured;
};

static void line(struct plan_ns *ns, struct plan_line add)
{
	ns->count[add.kind]++;
	VEC_PUSH(ns->v, ns->n, add);
}

/* What keeps paths from ending on the mount. */
static uint32_t obstacle(const struct mnt_tree *tree, uint32_t i)
{
	return tree->v[i].hidden != MAP_NONE ? tree->v[i].hidden : tree->v[i].cover;
}

static uint64_t unique_at(const struct mnt_table *table, uint32_t i)
{
	return i == MAP_NONE ? 0 : table->v[i].unique;
}

/* The target is its parent's, and what follows: only that is the mount's own. */
static const char *own_part(const struct mnt_table *table, const struct mnt_tree *tree, uint32_t i)
{
	uint32_t up = tree->v[i].parent;
	const char *above = up == MAP_NONE ? "" : table->v[up].target;
	size_t len = strcmp(above, "/") ? strlen(above) : 0;

	return strncmp(table->v[i].target, above, len) ? table->v[i].target
						       : table->v[i].target + len;
}

static bool moves(const struct sides *s, uint32_t a, uint32_t b)
{
	uint32_t up_a = s->tree_a.v[a].parent, up_b = s->tree_b.v[b].parent;

	if (unique_at(s->a, up_a) != unique_at(s->b, up_b))
		return true;
	return strcmp(own_part(s->a, &s->tree_a, a), own_part(s->b, &s->tree_b, b)) != 0;
}

/* A root of a table has no parent there, and one that is not in sight may be another now. */
static bool is_root_still(const struct sides *s, uint32_t a, uint32_t b)
{
	return s->tree_a.v[a].parent == MAP_NONE && s->tree_b.v[b].parent == MAP_NONE &&
	       !strcmp(s->a->v[a].target, s->b->v[b].target);
}

static uint32_t count_below(const struct mnt_tree *tree, uint32_t i)
{
	uint32_t n = 0, end = mnt_tree_skip(tree, i);

	for (uint32_t k = mnt_tree_next(tree, i); k != end; k = mnt_tree_next(tree, k))
		n++;
	return n;
}

/*
 * The options of a file system stand in the line of each of its mounts, read at different times:
 * only an op that changes them makes a difference of them.
 */
static unsigned changed_fields(const struct mnt *a, const struct mnt *b, bool reconfigured)
{
	return (a->attr != b->attr ? MNT_FIELD_OPTIONS : 0) |
	       (a->group != b->group || a->master != b->master ||
				(a->flags ^ b->flags) & MNT_UNBINDABLE
			? MNT_FIELD_PROPAGATION
			: 0) |
	       (reconfigured && strncmp(a->options, b->options, 2) ? MNT_FIELD_FS_OPTIONS : 0) |
	       (strcmp(a->root, b->root) ? MNT_FIELD_ROOT : 0);
}

static void look_at_both(struct plan_ns *ns, const struct sides *s, uint32_t a, uint32_t b)
{
	uint32_t was = obstacle(&s->tree_a, a), is = obstacle(&s->tree_b, b);
	unsigned fields = changed_fields(&s->a->v[a], &s->b->v[b], s->reconfigured);

	if (!is_root_still(s, a, b) && moves(s, a, b))
		line(ns, (struct plan_line){PLAN_MOVES, a, b, is, count_below(&s->tree_b, b), 0});
	if (was == MAP_NONE && is != MAP_NONE)
		line(ns, (struct plan_line){PLAN_COVERED, a, b, is, 0, 0});
	if (was != MAP_NONE && is == MAP_NONE)
		line(ns, (struct plan_line){PLAN_UNCOVERED, a, b, MAP_NONE, 0, 0});
	if (fields)
		line(ns, (struct plan_line){PLAN_CHANGES, a, b, MAP_NONE, 0, fields});
}

static void look(struct plan_ns *ns, const struct sides *s, const bool *stays)
{
	for (uint32_t a = 0; a < s->a->n; a++)
		if (!stays[a])
			line(ns, (struct plan_line){PLAN_DISAPPEARS, a, MAP_NONE, MAP_NONE, 0, 0});
	for (uint32_t b = 0; b < s->b->n; b++)
		if (s->of_b[b] == MAP_NONE)
			line(ns, (struct plan_line){PLAN_APPEARS, MAP_NONE, b,
						    obstacle(&s->tree_b, b), 0, 0});
		else
			look_at_both(ns, s, s->of_b[b], b);
}

static int by_kind(const void *a, const void *b)
{
	const struct plan_line *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->after != y->after)
		return x->after < y->after ? -1 : 1;
	return x->before < y->before ? -1 : x->before > y->before;
}

static void pair(struct sides *s, bool *stays)
{
	struct map of_unique = {0};

	for (uint32_t i = 0; i < s->a->n; i++)
		map_set(&of_unique, s->a->v[i].unique, i);
	for (uint32_t i = 0; i < s->b->n; i++) {
		s->of_b[i] = map_get(&of_unique, s->b->v[i].unique);
		if (s->of_b[i] != MAP_NONE)
			stays[s->of_b[i]] = true;
	}
	map_done(&of_unique);
}

int plan_lines(struct plan_ns *ns, const struct mnt_table *before, bool reconfigured,
	       struct err *err)
{
	struct sides s = {.a = before, .b = &ns->after, .reconfigured = reconfigured};
	AUTO_FREE bool *stays = xcalloc(before->n + 1, sizeof(*stays));
	int rc = mnt_tree_init(&s.tree_a, before, err);

	if (rc == 0)
		rc = mnt_tree_init(&s.tree_b, &ns->after, err);
	if (rc == 0) {
		s.of_b = xcalloc(ns->after.n + 1, sizeof(*s.of_b));
		pair(&s, stays);
		look(ns, &s, stays);
		if (ns->n)
			qsort(ns->v, ns->n, sizeof(*ns->v), by_kind);
		free(s.of_b);
	}
	mnt_tree_done(&s.tree_a);
	mnt_tree_done(&s.tree_b);
	return rc;
}
