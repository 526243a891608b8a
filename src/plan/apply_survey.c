// SPDX-License-Identifier: Apache-2.0
/* What could not be undone, found out on the model before anything is done. */
#include "base/mem.h"
#include "mnt/groups.h"
#include "plan/apply.h"
#include "plan/parts.h"

#include <errno.h>
#include <string.h>

struct limits {
	const struct mnt_world *world;
	const struct ops *ops;
	uint32_t in;
	struct plan_model model;
	struct model_task *task;
	struct mnt_groups groups; /* of the world before */
	struct map known;	  /* mounts that there were before, anywhere */
	struct apply_survey *out;
};

static void say(const struct limits *limits, size_t op, const char *what)
{
	AUTO(buf) struct buf text = {0};
	const struct op *o = &limits->ops->v[op];

	op_print(o, &text);
	text.data[--text.len] = 0; /* the newline */
	strv_addf(&limits->out->limits, "op %zu, %s: %s", op + 1, o->said ? o->said : text.data,
		  what);
}

static bool is_known(const struct limits *limits, const struct mnt *mnt)
{
	return map_get(&limits->known, mnt->unique) != MAP_NONE;
}

static const struct mnt *find(const struct mnt_table *table, const struct map *of_unique,
			      const struct mnt *mnt)
{
	uint32_t i = map_get(of_unique, mnt->unique);

	return i == MAP_NONE ? NULL : &table->v[i];
}

static const struct mnt *parent_of(const struct mnt_table *table, const struct mnt *mnt)
{
	for (size_t i = 0; i < table->n; i++)
		if (table->v[i].id == mnt->parent)
			return &table->v[i];
	return NULL;
}

static const struct mnt_group *group_of(const struct limits *limits, uint32_t id)
{
	uint32_t i = map_get(&limits->groups.ids, id);

	return i == MAP_NONE ? NULL : &limits->groups.v[i];
}

/* Members, and those that receive from it, are in this namespace only. */
static bool is_of_here(const struct limits *limits, const struct mnt_group *group)
{
	for (uint32_t i = 0; i < group->n_members + group->n_lone; i++)
		if (limits->groups.refs[group->first + i].ns != limits->in)
			return false;
	for (uint32_t k = group->child; k != MAP_NONE; k = limits->groups.v[k].next) {
		const struct mnt_group *child = &limits->groups.v[k];
		for (uint32_t i = 0; i < child->n_members; i++)
			if (limits->groups.refs[child->first + i].ns != limits->in)
				return false;
	}
	return true;
}

static bool is_in_reach(const struct mnt_tree *tree, uint32_t i)
{
	return tree->v[i].hidden == MAP_NONE && tree->v[i].cover == MAP_NONE;
}

/* Somebody in the namespace is in it still; or all are of here, and can begin it anew. */
static bool is_within_reach(const struct limits *limits, const struct mnt_table *after,
			    const struct mnt_tree *tree, const struct mnt *was, uint32_t id)
{
	const struct mnt_group *group = group_of(limits, id);

	for (uint32_t i = 0; i < after->n; i++)
		if (after->v[i].group == id && after->v[i].unique != was->unique &&
		    is_in_reach(tree, i) && str_starts(was->root, after->v[i].root))
			return true;
	return !group || (group->n_members && is_of_here(limits, group));
}

static bool has_sister(const struct mnt_table *after, const struct mnt_tree *tree,
		       const struct mnt *was)
{
	for (uint32_t i = 0; i < after->n; i++)
		if (!after->v[i].group && after->v[i].master == was->master &&
		    is_in_reach(tree, i) && after->v[i].unique != was->unique &&
		    str_starts(was->root, after->v[i].root))
			return true;
	return false;
}

static bool loses(const struct limits *limits, const struct mnt_table *after,
		  const struct mnt_tree *tree, const struct mnt *was, const struct mnt *is)
{
	if (was->group && is->group != was->group)
		return !is_within_reach(limits, after, tree, was, was->group) ||
		       (was->master && is->master != was->master &&
			!is_within_reach(limits, after, tree, was, was->master));
	return was->master && is->master != was->master &&
	       !is_within_reach(limits, after, tree, was, was->master) &&
	       !has_sister(after, tree, was);
}

static bool is_changed(const struct mnt *was, const struct mnt *is)
{
	return was->attr != is->attr || was->group != is->group || was->master != is->master ||
	       was->flags != is->flags;
}

static void judge_attr(const struct limits *limits, size_t op, const struct mnt_table *before,
		       const struct mnt_table *after, const struct map *of_unique)
{
	struct mnt_tree tree;
	uint32_t lost = 0, hidden = 0;

	if (mnt_tree_init(&tree, after, NULL) < 0)
		return;
	for (size_t i = 0; i < before->n; i++) {
		const struct mnt *was = &before->v[i], *is = find(after, of_unique, was);
		if (!is || !is_known(limits, was) || !is_changed(was, is))
			continue;
		if (!is_in_reach(&tree, (uint32_t)(is - after->v)))
			hidden++;
		else if (loses(limits, after, &tree, was, is))
			lost++;
	}
	mnt_tree_done(&tree);
	AUTO_FREE char *what = xasprintf(
		"%u mount%s would leave %s peer group or master for good: no peer is in this "
		"namespace by way of which to return",
		lost, lost == 1 ? "" : "s", lost == 1 ? "its" : "their");
	if (lost)
		say(limits, op, what);
	AUTO_FREE char *out = xasprintf("%u mount%s that it changes %s covered by others, and "
					"cannot be changed back",
					hidden, hidden == 1 ? "" : "s", hidden == 1 ? "is" : "are");
	if (hidden)
		say(limits, op, out);
}

static void judge_umount(const struct limits *limits, size_t op, const struct mnt_table *before,
			 const struct map *of_unique)
{
	uint32_t n = 0;

	for (size_t i = 0; i < before->n; i++)
		n += is_known(limits, &before->v[i]) &&
		     map_get(of_unique, before->v[i].unique) == MAP_NONE;
	if (!n)
		return;
	AUTO_FREE char *what = xasprintf("%u mount%s would be gone for good", n, n == 1 ? "" : "s");
	say(limits, op, what);
}

static void judge_move(const struct limits *limits, size_t op, const struct mnt_table *before,
		       const struct mnt_table *after, const struct map *of_unique)
{
	const struct op *o = &limits->ops->v[op];

	if (o->flags & OP_BENEATH) {
		say(limits, op, "what is beneath another mount cannot be taken out again");
		return;
	}
	for (size_t i = 0; i < before->n; i++) {
		const struct mnt *was = &before->v[i], *is = find(after, of_unique, was);
		if (!is || !is_known(limits, was) || was->parent == is->parent)
			continue;
		const struct mnt *on = parent_of(after, is);
		if (on && on->group) {
			say(limits, op,
			    "it goes onto a shared mount, from which nothing can be moved");
			return;
		}
	}
}

/* Behind which known mount it is out of reach, also when all that is new has gone. */
static bool stays_hidden(const struct limits *limits, const struct mnt_table *table,
			 const struct mnt_tree *tree, uint32_t i)
{
	for (size_t n = 0; i != MAP_NONE && n <= table->n; n++) {
		const struct mnt_link *link = &tree->v[i];
		i = link->hidden != MAP_NONE ? link->hidden : link->cover;
		if (i != MAP_NONE && is_known(limits, &table->v[i]))
			return true;
	}
	return false;
}

/* What a new tree does in the namespaces that its copies arrive in. */
struct arrival {
	uint64_t first; /* the tree's mounts are new, and have no smaller ids */
	bool is_hidden; /* a copy that carries others cannot be reached, to be taken apart */
	bool is_tucked; /* a copy lies beneath somebody's mount */
};

static void look_at_copies(const struct limits *limits, const struct model_task *task,
			   struct arrival *arrival)
{
	struct mnt_table table;
	struct mnt_tree tree;

	model_table(limits->model.m, task, &table);
	if (mnt_tree_init(&tree, &table, NULL) == 0) {
		for (uint32_t i = 0; i < table.n; i++) {
			const struct mnt *mnt = &table.v[i];
			if (mnt->unique < arrival->first || is_known(limits, mnt))
				continue;
			for (uint32_t k = tree.v[i].child; k != MAP_NONE; k = tree.v[k].next)
				if (is_known(limits, &table.v[k]))
					arrival->is_tucked = true;
				else if (stays_hidden(limits, &table, &tree, i))
					arrival->is_hidden = true;
		}
		mnt_tree_done(&tree);
	}
	mnt_table_done(&table);
}

/* The top of what is new in the table; MAP_NONE: nothing is. */
static uint32_t find_top(const struct mnt_table *before, const struct mnt_table *after,
			 const struct mnt_tree *tree, uint32_t *ret_n, bool *ret_hidden)
{
	AUTO(map) struct map old = {0};
	uint32_t top = MAP_NONE;

	*ret_n = 0;
	*ret_hidden = false;
	for (uint32_t i = 0; i < before->n; i++)
		map_set(&old, before->v[i].unique, i);
	for (uint32_t i = 0; i < after->n; i++) {
		if (map_get(&old, after->v[i].unique) != MAP_NONE)
			continue;
		if (top == MAP_NONE || after->v[i].unique < after->v[top].unique)
			top = i;
		*ret_hidden |= !is_in_reach(tree, i);
		++*ret_n;
	}
	return top;
}

/*
 * A new tree: more than the unmounting of its top is needed where it is more than one mount. And
 * where it is of the file system that it is put onto, its copies can be receivers themselves: then
 * its unmounting would take away what lies on them.
 */
static void judge_attach(const struct limits *limits, size_t op, const struct mnt_table *before,
			 const struct mnt_table *after)
{
	struct mnt_tree tree;
	bool is_hidden;
	uint32_t n;

	if (mnt_tree_init(&tree, after, NULL) < 0)
		return;
	uint32_t top = find_top(before, after, &tree, &n, &is_hidden);
	uint32_t up = top == MAP_NONE ? MAP_NONE : tree.v[top].parent;
	bool is_inside = up != MAP_NONE && after->v[up].major == after->v[top].major &&
			 after->v[up].minor == after->v[top].minor;
	mnt_tree_done(&tree);
	bool spreads = n > 1 || is_hidden;
	if (top == MAP_NONE || (!spreads && !is_inside))
		return;
	struct arrival arrival = {.first = after->v[top].unique};
	for (uint32_t i = 0; i < limits->model.n_tasks; i++)
		if (limits->model.tasks[i])
			look_at_copies(limits, limits->model.tasks[i], &arrival);
	limits->out->how[op] = is_inside && arrival.is_tucked ? APPLY_FOR_GOOD
			       : spreads		      ? APPLY_SPREADS
							      : APPLY_PLAIN;
	if (is_inside && arrival.is_tucked)
		say(limits, op,
		    "a copy of it arrives beneath another mount, which its unmounting would take "
		    "away");
	else if (arrival.is_hidden)
		say(limits, op,
		    "a copy of it arrives where another mount covers it, and cannot be taken "
		    "apart there");
}

static void judge(const struct limits *limits, size_t op, const struct mnt_table *before,
		  const struct mnt_table *after)
{
	const struct op *o = &limits->ops->v[op];
	struct map of_unique = {0};

	for (uint32_t i = 0; i < after->n; i++)
		map_set(&of_unique, after->v[i].unique, i);
	if (o->kind == OP_SET_ATTR)
		judge_attr(limits, op, before, after, &of_unique);
	if (o->kind == OP_UMOUNT)
		judge_umount(limits, op, before, &of_unique);
	if (o->kind == OP_MOVE_MOUNT)
		judge_move(limits, op, before, after, &of_unique);
	if (o->kind == OP_MOVE_MOUNT && o->from.handle)
		judge_attach(limits, op, before, after);
	if (o->kind == OP_PIVOT_ROOT)
		say(limits, op, "the root of the namespace's processes would stay the new one");
	if (o->kind == OP_RECONFIGURE)
		say(limits, op, "the file system's options would stay the new ones");
	map_done(&of_unique);
}

/* Only these can be for good, and only where an op behind them may still be refused. */
static bool is_final(const struct limits *limits, size_t op)
{
	const struct op *o = &limits->ops->v[op];

	if (op + 1 == limits->ops->n)
		return false;
	return o->kind == OP_UMOUNT || o->kind == OP_PIVOT_ROOT || o->kind == OP_RECONFIGURE ||
	       o->kind == OP_MOVE_MOUNT ||
	       (o->kind == OP_SET_ATTR && (o->attr.propagation || o->flags & OP_REC));
}

static void walk(struct limits *limits)
{
	const struct model_task *in = limits->model.tasks[limits->in];
	struct exec_model ex;
	int rc = 0;

	exec_model_init(&ex, limits->model.m, limits->task);
	for (size_t i = 0; i < limits->ops->n && rc == 0; i++) {
		struct mnt_table before = {0}, after = {0};
		if (is_final(limits, i))
			model_table(limits->model.m, in, &before);
		rc = exec_model(&ex, limits->ops, i, i + 1, NULL, NULL);
		if (rc == 0 && is_final(limits, i)) {
			model_table(limits->model.m, in, &after);
			judge(limits, i, &before, &after);
		}
		mnt_table_done(&before);
		mnt_table_done(&after);
	}
	exec_model_done(&ex);
}

static int check(const struct ops *ops, struct err *err)
{
	for (size_t i = 0; i < ops->n; i++)
		if (ops->v[i].kind == OP_UNSHARE || ops->v[i].kind == OP_SETNS)
			return err_say(err, EINVAL,
				       "op %zu: %s would end with mntns itself; name the namespace "
				       "with --in",
				       i + 1, op_rows[ops->v[i].kind].name);
	return 0;
}

static void know(struct limits *limits)
{
	for (uint32_t i = 0; i < limits->world->n_ns; i++)
		for (uint32_t k = 0; k < limits->world->ns[i].table.n; k++)
			map_set(&limits->known, limits->world->ns[i].table.v[k].unique, k);
}

int apply_survey_init(struct apply_survey *ret, struct mnt_world *world, const struct ops *ops,
		      uint32_t in, struct err *err)
{
	struct limits limits = {.world = world, .ops = ops, .in = in, .out = ret};
	int rc = check(ops, err);

	*ret = (struct apply_survey){0};
	if (rc < 0)
		return rc;
	rc = plan_model_init(&limits.model, world, err);
	if (rc == 0) {
		ret->how = xcalloc(ops->n + 1, sizeof(*ret->how));
		mnt_groups_init(&limits.groups, world);
		know(&limits);
		limits.task = model_fork(limits.model.m, limits.model.tasks[in]);
		walk(&limits);
		map_done(&limits.known);
		mnt_groups_done(&limits.groups);
	}
	plan_model_done(&limits.model);
	return rc;
}

void apply_survey_done(struct apply_survey *survey)
{
	strv_done(&survey->limits);
	free(survey->how);
	*survey = (struct apply_survey){0};
}
