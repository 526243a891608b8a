// SPDX-License-Identifier: Apache-2.0
/* The ops run on a model, and what each namespace has afterwards. */
#include "plan/plan.h"
#include "base/mem.h"
#include "plan/parts.h"

#include <errno.h>

const char *const plan_kind_words[PLAN_KIND_MAX] = {
	[PLAN_APPEARS] = "appears", [PLAN_DISAPPEARS] = "disappears", [PLAN_MOVES] = "moves",
	[PLAN_COVERED] = "covered", [PLAN_UNCOVERED] = "uncovered",   [PLAN_CHANGES] = "changes",
};

static void count_before(struct plan *plan, const struct plan_model *model)
{
	const struct mnt_world *world = plan->world;

	for (uint32_t i = 0; i < world->n_procs; i++)
		plan->n_unread += world->procs[i].ns == MAP_NONE;
	plan->ns = xcalloc(world->n_ns + 1, sizeof(*plan->ns));
	for (uint32_t i = 0; i < world->n_ns; i++) {
		if (!model->tasks[i]) {
			plan->n_unknown++;
			continue;
		}
		plan->ns[plan->n_ns++] = (struct plan_ns){
			.ns = i,
			.mounts_before = model_count(model->tasks[i]),
		};
	}
}

static int look_after(struct plan *plan, const struct plan_model *model, unsigned flags,
		      struct err *err)
{
	bool reconfigured = ops_find(plan->ops, OP_RECONFIGURE) < plan->ops->n;
	int rc = 0;

	for (uint32_t i = 0; i < plan->n_ns && rc == 0; i++) {
		struct plan_ns *ns = &plan->ns[i];
		ns->mounts_after = model_count(model->tasks[ns->ns]);
		model_table(model->m, model->tasks[ns->ns], &ns->after);
		rc = plan_lines(ns, &plan->world->ns[ns->ns].table, reconfigured, err);
		if (!ns->n && !(flags & PLAN_KEEP))
			mnt_table_done(&ns->after);
	}
	return rc;
}

static int run(struct plan *plan, struct plan_model *model, unsigned flags, struct err *err)
{
	AUTO_FREE int64_t *growth = xcalloc(plan->ops->n + 1, sizeof(*growth));
	AUTO(err) struct err refusal = {0};
	int rc = plan_model_run(model, plan, growth, &plan->refused_op, &plan->made, &refusal);

	if (rc < 0) {
		plan->refused_code = -rc;
		plan->refused = TAKE_PTR(refusal.msg);
	}
	rc = look_after(plan, model, flags, err);
	if (rc == 0 && !plan->refused && !(flags & PLAN_NO_REPEAT))
		plan_repeat(plan, model, growth);
	return rc;
}

int plan_init(struct plan *ret, struct mnt_world *world, const struct ops *ops,
	      const struct plan_paths *paths, uint32_t in, unsigned flags, struct err *err)
{
	struct plan plan = {.world = world, .ops = ops, .paths = paths, .in = in};
	struct plan_model model;
	int rc = plan_model_init(&model, world, flags & PLAN_LIVE ? NULL : err);

	if (rc < 0 && flags & PLAN_LIVE) {
		plan_model_done(&model);
		plan_drop_torn(world, in);
		rc = plan_model_init(&model, world, err);
	}
	if (rc == 0 && !model.tasks[in])
		rc = err_say(err, EACCES, "%s",
			     world->ns[in].gap ? world->ns[in].gap : "the namespace has no table");
	if (rc == 0) {
		count_before(&plan, &model);
		rc = run(&plan, &model, flags, err);
	}
	plan_model_done(&model);
	if (rc < 0) {
		plan_done(&plan);
		return rc;
	}
	plan_assume(&plan, &plan.assumed);
	*ret = plan;
	return 0;
}

void plan_print_op(const struct plan *plan, size_t i, struct buf *out)
{
	const struct op *op = &plan->ops->v[i];

	if (op->said) {
		buf_adds(out, op->said);
		return;
	}
	op_print(op, out);
	out->data[--out->len] = 0; /* the newline */
}

void plan_done(struct plan *plan)
{
	for (uint32_t i = 0; i < plan->n_ns; i++) {
		mnt_table_done(&plan->ns[i].after);
		free(plan->ns[i].v);
	}
	free(plan->ns);
	free(plan->refused);
	free(plan->repeat.refused);
	strv_done(&plan->assumed);
	*plan = (struct plan){0};
}
