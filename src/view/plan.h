/* SPDX-License-Identifier: Apache-2.0 */
/* A plan in sentences and lines, and as JSON. */
#ifndef VIEW_PLAN_H
#define VIEW_PLAN_H

#include <jansson.h>
#include <stdio.h>

#include "plan/plan.h"

void view_plan_text(const struct plan *plan, FILE *out);
json_t *view_plan_json(const struct plan *plan);
/* What is said of one line of a namespace, behind its kind. Not yet fit for a terminal. */
void view_plan_line(const struct plan *plan, const struct plan_ns *ns, const struct plan_line *line,
		    struct buf *out);

#endif
