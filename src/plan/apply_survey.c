// SPDX-License-Identifier: Apache-2.0
/* What could not be undone, found out on the model before anything is done. */
#include "base/mem.h"
#include "plan/survey_parts.h"

#include <errno.h>
#include <string.h>

void survey_say(const struct survey *survey, size_t op, const char *what)
{
	AUTO(buf) struct buf text = {0};
	const struct op *o = &survey->ops->v[op];

	op_print(o, &text);
	text.data[--text.len] = 0; /* the newline */
	strv_addf(&survey->out->limits, "op %zu, %s: %s", op + 1, o->said ? o->said : text.data,
		  what);
}

bool survey_knows(const struct survey *survey, const struct mnt *mnt)
{
	return map_get(&survey->known, mnt->unique) != MAP_NONE;
}

const struct mnt *survey_find(const struct mnt_table *table, const struct map *of_unique,
			      const struct mnt *mnt)
{
	uint32_t i = map_get(of_unique, mnt->unique);

	return i == MAP_NONE ? NULL : &table->v[i];
}

bool survey_reaches(const struct mnt_tree *tree, uint32_t i)
{
	return tree->v[i].hidden == MAP_NONE && tree->v[i].cover == MAP_NONE;
}

static const struct mnt *parent_of(const struct mnt_table *table, const struct mnt *mnt)
{
	for (size_t i = 0; i < table->n; i++)
		if (table->v[i].id == mnt->parent)
			return &table->v[i];
	return NULL;
}

static void judge_umount(const struct survey *survey, size_t op, const struct mnt_table *before,
			 const struct map *of_unique)
{
	uint32_t n = 0;

	for (size_t i = 0; i < before->n; i++)
		n += survey_knows(survey, &before->v[i]) &&
		     map_get(of_unique, before->v[i].unique) == MAP_NONE;
	if (!n)
		return;
	AUTO_FREE char *what = xasprintf("%u mount%s would be gone for good", n, n == 1 ? "" : "s");
	survey_say(survey, op, what);
}

/* The path where it was ends on what it was on. */
static bool leads_back(const struct mnt_table *after, const struct mnt *was)
{
	struct mnt_tree tree;
	uint32_t at = MAP_NONE;

	if (mnt_tree_init(&tree, after, NULL) == 0) {
		at = mnt_tree_find(&tree, after, was->target);
		mnt_tree_done(&tree);
	}
	return at != MAP_NONE && after->v[at].id == was->parent;
}

/* The first one in the table that has moved itself: those that go along are behind it. */
static const struct mnt *find_moved(const struct survey *survey, const struct mnt_table *before,
				    const struct mnt_table *after, const struct map *of_unique)
{
	const struct mnt *top = NULL;

	for (size_t i = 0; i < before->n; i++) {
		const struct mnt *was = &before->v[i], *is = survey_find(after, of_unique, was);
		bool moves = is && survey_knows(survey, was) &&
			     (was->parent != is->parent || strcmp(was->target, is->target) != 0);
		if (moves && (!top || strlen(was->target) < strlen(top->target) ||
			      (!strcmp(was->target, top->target) && top->parent == was->id)))
			top = was;
	}
	return top;
}

static void judge_move(const struct survey *survey, size_t op, const struct mnt_table *before,
		       const struct mnt_table *after, const struct map *of_unique)
{
	const struct op *o = &survey->ops->v[op];

	if (o->flags & OP_BENEATH) {
		survey_say(survey, op, "what is beneath another mount cannot be taken out again");
		return;
	}
	const struct mnt *was =
		o->from.handle ? NULL : find_moved(survey, before, after, of_unique);
	const struct mnt *on = was ? parent_of(after, survey_find(after, of_unique, was)) : NULL;
	if (on && on->group)
		survey_say(survey, op,
			   "it goes onto a shared mount, from which nothing can be moved");
	else if (was && !leads_back(after, was))
		survey_say(survey, op, "it covers the place where it was");
}

static void judge(const struct survey *survey, size_t op, const struct mnt_table *before,
		  const struct mnt_table *after)
{
	const struct op *o = &survey->ops->v[op];
	struct map of_unique = {0};

	for (uint32_t i = 0; i < after->n; i++)
		map_set(&of_unique, after->v[i].unique, i);
	if (o->kind == OP_SET_ATTR)
		survey_attr(survey, op, before, after, &of_unique);
	if (o->kind == OP_UMOUNT)
		judge_umount(survey, op, before, &of_unique);
	if (o->kind == OP_MOVE_MOUNT)
		judge_move(survey, op, before, after, &of_unique);
	if (o->kind == OP_MOVE_MOUNT && o->from.handle)
		survey_attach(survey, op, before, after);
	if (o->kind == OP_PIVOT_ROOT)
		survey_say(survey, op,
			   "the root of the namespace's processes would stay the new one");
	if (o->kind == OP_RECONFIGURE)
		survey_say(survey, op, "the file system's options would stay the new ones");
	map_done(&of_unique);
}

/* Only these can be for good, and only where an op behind them may still be refused. */
static bool is_final(const struct survey *survey, size_t op)
{
	const struct op *o = &survey->ops->v[op];

	if (op + 1 == survey->ops->n)
		return false;
	return o->kind == OP_UMOUNT || o->kind == OP_PIVOT_ROOT || o->kind == OP_RECONFIGURE ||
	       o->kind == OP_MOVE_MOUNT ||
	       (o->kind == OP_SET_ATTR && (o->attr.propagation || o->flags & OP_REC));
}

static void walk(struct survey *survey)
{
	const struct model_task *in = survey->model.tasks[survey->in];
	struct exec_model ex;
	int rc = 0;

	exec_model_init(&ex, survey->model.m, survey->task);
	for (size_t i = 0; i < survey->ops->n && rc == 0; i++) {
		struct mnt_table before = {0}, after = {0};
		if (is_final(survey, i))
			model_table(survey->model.m, in, &before);
		rc = exec_model(&ex, survey->ops, i, i + 1, NULL, NULL);
		if (rc == 0 && is_final(survey, i)) {
			model_table(survey->model.m, in, &after);
			judge(survey, i, &before, &after);
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

static void know(struct survey *survey)
{
	for (uint32_t i = 0; i < survey->world->n_ns; i++)
		for (uint32_t k = 0; k < survey->world->ns[i].table.n; k++)
			map_set(&survey->known, survey->world->ns[i].table.v[k].unique, k);
}

int apply_survey_init(struct apply_survey *ret, struct mnt_world *world, const struct ops *ops,
		      uint32_t in, struct err *err)
{
	struct survey survey = {.world = world, .ops = ops, .in = in, .out = ret};
	int rc = check(ops, err);

	*ret = (struct apply_survey){0};
	if (rc < 0)
		return rc;
	rc = plan_model_init(&survey.model, world, err);
	if (rc == 0) {
		ret->how = xcalloc(ops->n + 1, sizeof(*ret->how));
		mnt_groups_init(&survey.groups, world);
		know(&survey);
		survey.task = model_fork(survey.model.m, survey.model.tasks[in]);
		walk(&survey);
		map_done(&survey.known);
		mnt_groups_done(&survey.groups);
	}
	plan_model_done(&survey.model);
	return rc;
}

void apply_survey_done(struct apply_survey *survey)
{
	strv_done(&survey->limits);
	free(survey->how);
	*survey = (struct apply_survey){0};
}
