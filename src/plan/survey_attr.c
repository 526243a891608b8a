// SPDX-License-Identifier: Apache-2.0
/*
 * Attributes can be set again, if the mount can be reached. Who leaves a peer group or a master
 * comes back by way of somebody who is still in it, or if all of it is here, by beginning it anew.
 */
#include "base/mem.h"
#include "plan/survey_parts.h"

static const struct mnt_group *group_of(const struct survey *survey, uint32_t id)
{
	uint32_t i = map_get(&survey->groups.ids, id);

	return i == MAP_NONE ? NULL : &survey->groups.v[i];
}

/* Members, and those that receive from it, are in this namespace only. */
static bool is_of_here(const struct survey *survey, const struct mnt_group *group)
{
	for (uint32_t i = 0; i < group->n_members + group->n_lone; i++)
		if (survey->groups.refs[group->first + i].ns != survey->in)
			return false;
	for (uint32_t k = group->child; k != MAP_NONE; k = survey->groups.v[k].next) {
		const struct mnt_group *child = &survey->groups.v[k];
		for (uint32_t i = 0; i < child->n_members; i++)
			if (survey->groups.refs[child->first + i].ns != survey->in)
				return false;
	}
	return true;
}

/* Somebody in the namespace is in it still; or all are of here, and can begin it anew. */
static bool is_within_reach(const struct survey *survey, const struct mnt_table *after,
			    const struct mnt_tree *tree, const struct mnt *was, uint32_t id)
{
	const struct mnt_group *group = group_of(survey, id);

	for (uint32_t i = 0; i < after->n; i++)
		if (after->v[i].group == id && after->v[i].unique != was->unique &&
		    survey_reaches(tree, i) && str_starts(was->root, after->v[i].root))
			return true;
	return !group || (group->n_members && is_of_here(survey, group));
}

static bool has_sister(const struct mnt_table *after, const struct mnt_tree *tree,
		       const struct mnt *was)
{
	for (uint32_t i = 0; i < after->n; i++)
		if (!after->v[i].group && after->v[i].master == was->master &&
		    survey_reaches(tree, i) && after->v[i].unique != was->unique &&
		    str_starts(was->root, after->v[i].root))
			return true;
	return false;
}

static bool loses(const struct survey *survey, const struct mnt_table *after,
		  const struct mnt_tree *tree, const struct mnt *was, const struct mnt *is)
{
	if (was->group && is->group != was->group)
		return !is_within_reach(survey, after, tree, was, was->group) ||
		       (was->master && is->master != was->master &&
			!is_within_reach(survey, after, tree, was, was->master));
	return was->master && is->master != was->master &&
	       !is_within_reach(survey, after, tree, was, was->master) &&
	       !has_sister(after, tree, was);
}

static bool is_changed(const struct mnt *was, const struct mnt *is)
{
	return was->attr != is->attr || was->group != is->group || was->master != is->master ||
	       was->flags != is->flags;
}

void survey_attr(const struct survey *survey, size_t op, const struct mnt_table *before,
		 const struct mnt_table *after, const struct map *of_unique)
{
	struct mnt_tree tree;
	uint32_t lost = 0, hidden = 0;

	if (mnt_tree_init(&tree, after, NULL) < 0)
		return;
	for (size_t i = 0; i < before->n; i++) {
		const struct mnt *was = &before->v[i], *is = survey_find(after, of_unique, was);
		if (!is || !survey_knows(survey, was) || !is_changed(was, is))
			continue;
		if (!survey_reaches(&tree, (uint32_t)(is - after->v)))
			hidden++;
		else if (loses(survey, after, &tree, was, is))
			lost++;
	}
	mnt_tree_done(&tree);
	AUTO_FREE char *what = xasprintf(
		"%u mount%s would leave %s peer group or master for good: no peer is in this "
		"namespace by way of which to return",
		lost, lost == 1 ? "" : "s", lost == 1 ? "its" : "their");
	if (lost)
		survey_say(survey, op, what);
	AUTO_FREE char *out = xasprintf("%u mount%s that it changes %s covered by others, and "
					"cannot be changed back",
					hidden, hidden == 1 ? "" : "s", hidden == 1 ? "is" : "are");
	if (hidden)
		survey_say(survey, op, out);
}
