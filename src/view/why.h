/* SPDX-License-Identifier: Apache-2.0 */
/* What was found out about two namespaces and a path, in sentences and as JSON. */
#ifndef VIEW_WHY_H
#define VIEW_WHY_H

#include <stdio.h>

#include "mnt/why.h"

struct view_why {
	const struct mnt_why *why;
	const struct mnt_world *world;
	const struct mnt_groups *groups;
	const char *path;
	const char *names[2]; /* as the user named the namespaces */
};

void view_why_text(const struct view_why *view, FILE *out);
void view_why_json(const struct view_why *view, FILE *out);
/* The sentences: what was cut; and what would help. Not yet fit for a terminal. */
void view_why_reasons(const struct view_why *view, struct strv *out);
void view_why_fixes(const struct view_why *view, struct strv *out);

#endif
