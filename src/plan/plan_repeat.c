// SPDX-License-Identifier: Apache-2.0
/*
 * The list once more, as a restart does it. What adds more mounts the second time than the first
 * binds what it has made itself, and grows as powers do.
 */
#include "base/mem.h"
#include "plan/parts.h"

#include <errno.h>

enum {
	ROUNDS_MAX = 64,
};
#define MOUNTS_MAX 400000 /* of all namespaces: what the rounds may cost */

static void compare(struct plan_repeat *repeat, const int64_t *first, const int64_t *second,
		    size_t n)
{
	int64_t most = 0;

	for (size_t i = 0; i < n; i++) {
		if (second[i] - first[i] <= most)
			continue;
		most = second[i] - first[i];
		repeat->op = i;
		repeat->op_first = first[i] > 0 ? (uint64_t)first[i] : 0;
		repeat->op_second = (uint64_t)second[i];
	}
}

/* How often it can be done until fs.mount-max ends it. */
static void fill(struct plan *plan, struct plan_model *model)
{
	uint64_t start = plan_model_count(model);

	for (uint32_t round = 3; round <= ROUNDS_MAX; round++) {
		int rc = plan_model_run(model, plan, NULL, NULL, NULL, NULL);
		if (rc == -ENOSPC)
			plan->repeat.full_at = round;
		if (rc < 0 || plan_model_count(model) > start + MOUNTS_MAX)
			return;
	}
}

void plan_repeat(struct plan *plan, struct plan_model *model, const int64_t *growth)
{
	struct plan_repeat *repeat = &plan->repeat;
	AUTO_FREE int64_t *second = xcalloc(plan->ops->n + 1, sizeof(*second));
	AUTO(err) struct err refusal = {0};
	int64_t sum_first = 0, sum_second = 0;
	int rc = plan_model_run(model, plan, second, &repeat->refused_op, NULL, &refusal);

	repeat->tried = true;
	if (rc < 0) {
		repeat->refused = TAKE_PTR(refusal.msg);
		if (rc == -ENOSPC)
			repeat->full_at = 2;
	}
	for (size_t i = 0; i < plan->ops->n; i++) {
		sum_first += growth[i];
		sum_second += second[i];
	}
	repeat->first = sum_first > 0 ? (uint64_t)sum_first : 0;
	repeat->second = sum_second > 0 ? (uint64_t)sum_second : 0;
	compare(repeat, growth, second, plan->ops->n);
	repeat->multiplies = repeat->second > repeat->first && repeat->op_second;
	if (rc == 0 && repeat->multiplies)
		fill(plan, model);
}
