/* SPDX-License-Identifier: Apache-2.0 */
/* What plan and apply share: the ops, and in which namespace they are meant. */
#ifndef CLI_PLANNED_H
#define CLI_PLANNED_H

#include "cli/see.h"
#include "plan/plan.h"

struct planned_args {
	struct see_args see;
	const char *file, *in;
	bool confirm;
};
int planned_set_file(void *ctx, const struct option *option, const char *value, struct err *err);
int planned_set_in(void *ctx, const struct option *option, const char *value, struct err *err);
#define PLANNED_OPTIONS                                                                            \
	{"file",                                                                                   \
	 'f',                                                                                      \
	 NULL,                                                                                     \
	 "FILE",                                                                                   \
	 0,                                                                                        \
	 "file",                                                                                   \
	 "Operations",                                                                             \
	 "read operations from FILE, one a line; - is standard input",                             \
	 planned_set_file,                                                                         \
	 0},                                                                                       \
	{                                                                                          \
		"in", 0, NULL, "NS", 0, NULL, NULL,                                                \
			"the mount namespace in which they are carried out, by any of its "        \
			"names; default: the caller's own",                                        \
			planned_set_in, 0                                                          \
	}
#define PLANNED_JSON                                                                               \
	{                                                                                          \
		"json", 'J', NULL, NULL, 0, NULL, "Output", "print JSON", option_set_flag,         \
			offsetof(struct planned_args, see.format.json)                             \
	}

/* From the command line to checked ops. */
int planned_parse(const struct option *options, char **argv, struct planned_args *args,
		  struct ops *ret, struct err *err);
/* The world, and which of its namespaces is meant. */
int planned_look(const struct planned_args *args, struct mnt_world *ret, uint32_t *ret_in,
		 struct err *err);

#endif
