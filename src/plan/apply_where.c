// SPDX-License-Identifier: Apache-2.0
/* Descriptors of the namespaces that a plan has to do with. */
#include "base/mem.h"
#include "plan/apply.h"
#include "read/open_ns.h"

#include <sys/resource.h>

/* There may be a thousand of them. */
static void allow_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static bool has_spread(const struct plan *plan, const struct apply_survey *survey)
{
	for (size_t i = 0; i < plan->ops->n; i++)
		if (survey->how[i] == APPLY_SPREADS)
			return true;
	return false;
}

int apply_where_init(struct apply_where *where, const struct plan *plan,
		     const struct apply_survey *survey, bool is_own, struct err *err)
{
	*where = (struct apply_where){.ns_fd = -1, .how = survey->how};
	if (!is_own) {
		where->ns_fd = read_open_ns(plan->world, plan->in, err);
		if (where->ns_fd < 0)
			return where->ns_fd;
	}
	if (!has_spread(plan, survey))
		return 0;
	allow_descriptors();
	for (uint32_t i = 0; i < plan->n_ns; i++) {
		if (plan->ns[i].ns == plan->in || !plan->ns[i].count[PLAN_APPEARS])
			continue;
		int fd = read_open_ns(plan->world, plan->ns[i].ns, NULL);
		if (fd >= 0)
			VEC_PUSH(where->others, where->n_others, fd);
	}
	return 0;
}

void apply_where_done(struct apply_where *where)
{
	auto_close(&where->ns_fd);
	for (size_t i = 0; i < where->n_others; i++)
		close(where->others[i]);
	free(where->others);
}
