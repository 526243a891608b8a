// SPDX-License-Identifier: Apache-2.0
/* How the attaching of a new tree can be undone, for its copies too. */
#include "plan/survey_parts.h"

/* Behind which known mount it is out of reach, also when all that is new has gone. */
static bool stays_hidden(const struct survey *survey, const struct mnt_table *table,
			 const struct mnt_tree *tree, uint32_t i)
{
	for (size_t n = 0; i != MAP_NONE && n <= table->n; n++) {
		const struct mnt_link *link = &tree->v[i];
		i = link->hidden != MAP_NONE ? link->hidden : link->cover;
		if (i != MAP_NONE && survey_knows(survey, &table->v[i]))
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

static void look_at_copies(const struct survey *survey, const struct model_task *task,
			   struct arrival *arrival)
{
	struct mnt_table table;
	struct mnt_tree tree;

	model_table(survey->model.m, task, &table);
	if (mnt_tree_init(&tree, &table, NULL) == 0) {
		for (uint32_t i = 0; i < table.n; i++) {
			const struct mnt *mnt = &table.v[i];
			if (mnt->unique < arrival->first || survey_knows(survey, mnt))
				continue;
			for (uint32_t k = tree.v[i].child; k != MAP_NONE; k = tree.v[k].next)
				if (survey_knows(survey, &table.v[k]))
					arrival->is_tucked = true;
				else if (stays_hidden(survey, &table, &tree, i))
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
		*ret_hidden |= !survey_reaches(tree, i);
		++*ret_n;
	}
	return top;
}

/*
 * A new tree: more than the unmounting of its top is needed where it is more than one mount. And
 * where it is of the file system that it is put onto, its copies can be receivers themselves: then
 * its unmounting would take away what lies on them.
 */
void survey_attach(const struct survey *survey, size_t op, const struct mnt_table *before,
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
	for (uint32_t i = 0; i < survey->model.n_tasks; i++)
		if (survey->model.tasks[i])
			look_at_copies(survey, survey->model.tasks[i], &arrival);
	survey->out->how[op] = is_inside && arrival.is_tucked ? APPLY_FOR_GOOD
			       : spreads		      ? APPLY_SPREADS
							      : APPLY_PLAIN;
	if (is_inside && arrival.is_tucked)
		survey_say(survey, op,
			   "a copy of it arrives beneath another mount, which its unmounting would "
			   "take "
			   "away");
	else if (arrival.is_hidden)
		survey_say(
			survey, op,
			"a copy of it arrives where another mount covers it, and cannot be taken "
			"apart there");
}
