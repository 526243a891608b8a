/* SPDX-License-Identifier: Apache-2.0 */
/* A model of the machine to try operations on. */
#ifndef PLAN_EXPLAIN_TRIAL_H
#define PLAN_EXPLAIN_TRIAL_H

#include "plan/explain_parts.h"

struct trial {
	const struct explain_ask *ask;
	struct model *m;
	struct model_task **tasks; /* by namespace */
	uint32_t *before;	   /* how many mounts each had */
};

/* EAGAIN: see explain_ops. Also after an error it is to be released. */
int trial_init(struct trial *t, const struct explain_ask *ask, struct err *err);
/* Looks at the paths that the operations name; those that are symbolic links are put into links. */
void trial_know(const struct trial *t, const struct ops *ops, struct strv *links);
void trial_done(struct trial *t);
/* Mounts that were not there before, by where they are. */
void trial_find_new(const struct trial *t, struct explain_places *ret);

#endif
