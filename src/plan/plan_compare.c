// SPDX-License-Identifier: Apache-2.0
/*
 * The plan held against the tables that there are afterwards. Mounts are paired from the root on:
 * on one parent there is one mount at a path. Group numbers count as far as they tell groups apart.
 */
#include "base/mem.h"
#include "plan/apply.h"

#include <errno.h>
#include <string.h>

struct comparison {
	const struct plan *plan;
	const struct plan_ns *ns;
	const struct mnt_table *before, *want, *is;
	struct mnt_tree want_tree, is_tree;
	struct map old;	       /* unique -> index before */
	struct map *to, *from; /* group of the plan -> group that there is; and back */
	bool *touched;	       /* by index in `want`: the ops have to do with it */
	uint32_t *of_want;     /* index in `is`; MAP_NONE */
	bool *used;	       /* by index in `is` */
	bool of_touched; /* which mounts are looked at: the others have shown the groups by now */
	bool undone;	 /* what is wanted is what was there before */
	struct plan_differences *out;
};

static void differ(struct comparison *c, bool ours, const struct mnt *mnt, const char *what)
{
	char *text = xasprintf("mnt:[%llu] %s: %s",
			       (unsigned long long)c->plan->world->ns[c->ns->ns].inode, mnt->target,
			       what);

	VEC_PUSH(c->out->v, c->out->n, (struct plan_difference){ours, text});
}

static uint64_t key(const struct mnt_table *table, uint32_t parent, uint32_t i)
{
	return map_hash((uint64_t)parent + 1, table->v[i].target, strlen(table->v[i].target));
}

/* A new mount's parent and path are its identity. */
static void pair(struct comparison *c)
{
	struct map places = {0};

	for (uint32_t i = 0; i < c->is->n; i++)
		map_set(&places, key(c->is, c->is_tree.v[i].parent, i), i);
	for (uint32_t i = c->want_tree.first; i != MAP_NONE; i = mnt_tree_next(&c->want_tree, i)) {
		uint32_t up = c->want_tree.v[i].parent;
		if (up != MAP_NONE)
			up = c->of_want[up];
		if (up == MAP_NONE && c->want_tree.v[i].parent != MAP_NONE)
			continue;
		uint32_t at = map_get(&places, key(c->want, up, i));
		if (at == MAP_NONE || c->used[at] ||
		    strcmp(c->is->v[at].target, c->want->v[i].target) != 0)
			continue;
		c->of_want[i] = at;
		c->used[at] = true;
	}
	map_done(&places);
}

/* One number stands for the other from the first time on that they meet. */
static bool is_same_group(struct comparison *c, uint32_t want, uint32_t is)
{
	if (!want || !is)
		return !want && !is;
	return map_add(c->to, want, is) == is && map_add(c->from, is, want) == want;
}

/* The two ways to read a table differ in that only one of them knows unique ids. */
#define FIRST_UNIQUE (1ULL << 31)

static bool is_same_mount(const struct mnt *want, const struct mnt *is)
{
	return want->unique < FIRST_UNIQUE ? want->unique == is->id
					   : !is->unique || want->unique == is->unique;
}

/* Where it stood before; MAP_NONE: it is new. */
static uint32_t old_place(const struct comparison *c, const struct mnt *mnt)
{
	uint32_t at = map_get(&c->old, mnt->unique ? mnt->unique : mnt->id);
	uint32_t by_id = at == MAP_NONE ? map_get(&c->old, mnt->id) : at;

	if (by_id == MAP_NONE || at != MAP_NONE)
		return at;
	return c->before->v[by_id].unique < FIRST_UNIQUE ? by_id : MAP_NONE;
}

static const char *compare(struct comparison *c, const struct mnt *want, const struct mnt *is)
{
	if (map_get(&c->old, want->unique) != MAP_NONE && !is_same_mount(want, is))
		return "it is another mount than it was";
	if (strcmp(want->root, is->root) || strcmp(want->fstype, is->fstype))
		return "it shows something else than planned";
	if (want->attr != is->attr)
		return "its attributes are not those planned";
	if ((want->flags ^ is->flags) & MNT_UNBINDABLE ||
	    !is_same_group(c, want->group, is->group) ||
	    !is_same_group(c, want->master, is->master))
		return "its propagation is not the one planned";
	return NULL;
}

/* A mount that nothing is paired with: one that should have gone, by the ops or by their undoing.
 */
static bool is_left(const struct comparison *c, const struct mnt *is)
{
	uint32_t at = old_place(c, is);

	for (size_t i = 0; i < c->ns->n; i++) {
		const struct plan_line *line = &c->ns->v[i];
		if (at != MAP_NONE
			    ? line->before == at && line->kind != PLAN_COVERED &&
				      line->kind != PLAN_UNCOVERED
			    : c->undone && line->kind == PLAN_APPEARS &&
				      !strcmp(c->ns->after.v[line->after].target, is->target))
			return true;
	}
	return false;
}

static void compare_all(struct comparison *c)
{
	for (uint32_t i = 0; i < c->want->n; i++) {
		const struct mnt *want = &c->want->v[i];
		if (c->touched[i] != c->of_touched)
			continue;
		if (c->of_want[i] == MAP_NONE) {
			differ(c, c->touched[i], want, "it is not there");
			continue;
		}
		const char *what = compare(c, want, &c->is->v[c->of_want[i]]);
		if (what)
			differ(c, c->touched[i], want, what);
	}
	for (uint32_t i = 0; i < c->is->n; i++)
		if (!c->used[i] && c->of_touched) {
			bool is_ours = is_left(c, &c->is->v[i]);
			differ(c, is_ours, &c->is->v[i],
			       is_ours ? "it is still there, or elsewhere"
				       : "a mount that is not in the plan");
		}
}

static void mark_touched(struct comparison *c)
{
	for (size_t i = 0; i < c->ns->n; i++) {
		const struct plan_line *line = &c->ns->v[i];
		uint32_t at = c->undone ? line->before : line->after;
		if (at != MAP_NONE && line->kind != PLAN_COVERED && line->kind != PLAN_UNCOVERED)
			c->touched[at] = true;
	}
	for (uint32_t i = 0; i < c->before->n; i++) {
		map_add(&c->old, c->before->v[i].id, i);
		map_set(&c->old, c->before->v[i].unique, i);
	}
}

static int compare_ns(struct comparison *c, struct err *err)
{
	int rc = mnt_tree_init_links(&c->want_tree, c->want, err);

	/* A namespace that is torn down while it is read. */
	bool is_torn = rc == 0 && mnt_tree_init_links(&c->is_tree, c->is, NULL) < 0;
	if (is_torn && c->want->n && c->of_touched)
		differ(c, false, &c->want->v[0], "its namespace was changed while it was read");
	if (rc == 0 && !is_torn) {
		c->touched = xcalloc(c->want->n + 1, sizeof(*c->touched));
		c->used = xcalloc(c->is->n + 1, sizeof(*c->used));
		c->of_want = xcalloc(c->want->n + 1, sizeof(*c->of_want));
		memset(c->of_want, 0xff, (c->want->n + 1) * sizeof(*c->of_want));
		mark_touched(c);
		pair(c);
		compare_all(c);
		free(c->touched);
		free(c->used);
		free(c->of_want);
		map_done(&c->old);
	}
	mnt_tree_done(&c->want_tree);
	mnt_tree_done(&c->is_tree);
	return rc;
}

static int compare_at(struct comparison *c, const struct mnt_world *now, struct err *err)
{
	const struct mnt_ns *was = &c->plan->world->ns[c->ns->ns];
	uint32_t at = mnt_world_find(now, was->inode);

	if (at == MAP_NONE || !now->ns[at].has_table || now->ns[at].id != was->id)
		return 0; /* it has ended meanwhile */
	c->before = &was->table;
	c->want = c->undone ? &was->table : &c->ns->after;
	c->is = &now->ns[at].table;
	return compare_ns(c, err);
}

/* First the mounts that the ops have nothing to do with, so that their groups set the numbers. */
int plan_compare(const struct plan *plan, bool undone, const struct mnt_world *now,
		 struct plan_differences *ret, struct err *err)
{
	AUTO(map) struct map to = {0}, from = {0};
	AUTO(plan_differences) struct plan_differences out = {0};
	int rc = 0;

	for (uint32_t i = 0; i < 2 * plan->n_ns && rc == 0; i++) {
		struct comparison c = {
			.plan = plan,
			.ns = &plan->ns[i % plan->n_ns],
			.to = &to,
			.from = &from,
			.of_touched = i >= plan->n_ns,
			.undone = undone,
			.out = &out,
		};
		rc = compare_at(&c, now, err);
	}
	if (rc == 0) {
		*ret = out;
		out = (struct plan_differences){0};
	}
	return rc;
}

void plan_differences_done(struct plan_differences *differences)
{
	for (size_t i = 0; i < differences->n; i++)
		free(differences->v[i].text);
	free(differences->v);
}
