/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the survey of apply: the ops on the model, one by one, and what is said of each. */
#ifndef PLAN_SURVEY_PARTS_H
#define PLAN_SURVEY_PARTS_H

#include "mnt/groups.h"
#include "plan/apply.h"
#include "plan/parts.h"

struct survey {
	const struct mnt_world *world;
	const struct ops *ops;
	uint32_t in;
	struct plan_model model;
	struct model_task *task;
	struct mnt_groups groups; /* of the world before */
	struct map known;	  /* mounts that there were before, anywhere */
	struct apply_survey *out;
};

void survey_say(const struct survey *survey, size_t op, const char *what);
/* It was there before the first op. */
bool survey_knows(const struct survey *survey, const struct mnt *mnt);
/* The same mount, by its identity; NULL: it is gone. */
const struct mnt *survey_find(const struct mnt_table *table, const struct map *of_unique,
			      const struct mnt *mnt);
/* A path leads to its root. */
bool survey_reaches(const struct mnt_tree *tree, uint32_t i);

/* One op that changes attributes or propagation; the namespace's table before and after it. */
void survey_attr(const struct survey *survey, size_t op, const struct mnt_table *before,
		 const struct mnt_table *after, const struct map *of_unique);
/* One that attaches a new tree. */
void survey_attach(const struct survey *survey, size_t op, const struct mnt_table *before,
		   const struct mnt_table *after);

#endif
