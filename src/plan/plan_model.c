// SPDX-License-Identifier: Apache-2.0
/* The model of a world, and a list of ops carried out on it. */
#include "base/mem.h"
#include "exec/why.h"
#include "plan/parts.h"

#include <sched.h>
#include <sys/utsname.h>

static struct model_rules rules_of(const struct mnt_world *world)
{
	struct utsname name;

	if (world->kernel)
		return model_rules_of(world->kernel);
	return uname(&name) == 0 ? model_rules_of(name.release) : (struct model_rules){0};
}

/* So that each mount can be found again: the small ids of one machine are one space, too. */
static void name_mounts(struct mnt_world *world)
{
	for (uint32_t i = 0; i < world->n_ns; i++)
		for (size_t k = 0; k < world->ns[i].table.n; k++) {
			struct mnt *mnt = &world->ns[i].table.v[k];
			if (!mnt->unique)
				mnt->unique = mnt->id;
		}
}

int plan_model_init(struct plan_model *model, struct mnt_world *world, struct err *err)
{
	const struct model_rules rules = rules_of(world);

	*model = (struct plan_model){
		.tasks = xcalloc(world->n_ns + 1, sizeof(struct model_task *)),
		.n_tasks = world->n_ns,
	};
	name_mounts(world);
	return model_load(&rules, world, &model->m, model->tasks, err);
}

void plan_model_done(struct plan_model *model)
{
	model_free(model->m);
	free(model->tasks);
	*model = (struct plan_model){0};
}

uint64_t plan_model_count(const struct plan_model *model)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < model->n_tasks; i++)
		n += model->tasks[i] ? model_count(model->tasks[i]) : 0;
	return n;
}

static bool makes_namespace(const struct ops *ops)
{
	for (size_t i = 0; i < ops->n; i++)
		if (ops->v[i].kind == OP_UNSHARE && ops->v[i].namespaces & CLONE_NEWNS)
			return true;
	return false;
}

static int run_op(const struct plan *plan, struct exec_model *ex, size_t i, size_t *ret_at,
		  struct err *err)
{
	const struct op *op = &plan->ops->v[i];

	if (!plan->paths || !plan->paths->refusals[i])
		return exec_model(ex, plan->ops, i, i + 1, ret_at, err);
	if (plan->paths->refusals[i] == PLAN_VOID)
		return 0;
	if (ret_at)
		*ret_at = i;
	return exec_said(op, exec_why(op, plan->paths->refusals[i], err), err);
}

int plan_model_run(struct plan_model *model, const struct plan *plan, int64_t *growth,
		   size_t *ret_at, uint32_t *ret_made, struct err *err)
{
	struct model_task *task = model_fork(model->m, model->tasks[plan->in]);
	uint64_t before = plan_model_count(model);
	const struct ops *ops = plan->ops;
	struct exec_model ex;
	int rc = 0;

	exec_model_init(&ex, model->m, task);
	for (size_t i = 0; i < ops->n && rc == 0; i++) {
		rc = run_op(plan, &ex, i, ret_at, err);
		uint64_t now = growth || i + 1 == ops->n ? plan_model_count(model) : before;
		if (growth)
			growth[i] = (int64_t)(now - before);
		before = now;
	}
	if (ret_made)
		*ret_made = rc == 0 && makes_namespace(ops) ? model_count(task) : 0;
	exec_model_done(&ex);
	model_exit(model->m, task);
	return rc;
}
