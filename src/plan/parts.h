/* SPDX-License-Identifier: Apache-2.0 */
/* Private to plan/. */
#ifndef PLAN_PARTS_H
#define PLAN_PARTS_H

#include "exec/model.h"
#include "plan/plan.h"

/* A model of the world, with one task in each namespace that has a table. */
struct plan_model {
	struct model *m;
	struct model_task **tasks; /* by namespace of the world; NULL */
	uint32_t n_tasks;
};

int plan_model_init(struct plan_model *model, struct mnt_world *world, struct err *err);
/* Leaves out the tables that contradict themselves or, as read earlier or later, each other. */
void plan_drop_torn(struct mnt_world *world, uint32_t in);
void plan_model_done(struct plan_model *model);
/* Mounts in all namespaces. */
uint64_t plan_model_count(const struct plan_model *model);
/*
 * One round of the ops by a process of its own.  growth[i], if not NULL: how many mounts op i adds.
 * *ret_made: how many mounts the namespace has that they made for themselves.
 */
int plan_model_run(struct plan_model *model, const struct plan *plan, int64_t *growth,
		   size_t *ret_at, uint32_t *ret_made, struct err *err);

void plan_repeat(struct plan *plan, struct plan_model *model, const int64_t *growth);
/* Sentences about what the model could not know. */
void plan_assume(const struct plan *plan, struct strv *out);

#endif
