/* SPDX-License-Identifier: Apache-2.0 */
/* --release: what a table showed is let go, after a question. Shared by who and leaks. */
#ifndef CLI_RELEASE_H
#define CLI_RELEASE_H

#include "cli/see.h"
#include "mnt/who.h"

/* The first member of a command's own arguments. */
struct release_args {
	struct see_args see; /* first: SEE_OPTIONS and TABLE_OPTIONS fill it */
	bool release, yes, dry_run, kill;
};
#define RELEASE_OPTION(name_, letter_, group_, field_, help_)                                      \
	{                                                                                          \
		name_, letter_, NULL, NULL, 0, NULL, group_, help_, option_set_flag,               \
			offsetof(struct release_args, field_)                                      \
	}

/* What is wrong with the options together: EINVAL with a sentence. */
int release_check(const struct release_args *args, struct err *err);
/* Asks on the terminal. 1: yes, 0: no; EPERM with a sentence: there is nobody to ask. */
int release_ask(const struct release_args *args, struct err *err);
/* Marks uses of processes that must not be ended: PID 1, this one, and those it came from. */
void release_spare(const struct mnt_world *world, struct mnt_who *who);
/*
 * Lets go of all rows, which are in mnt_who_order, and says on standard error what was released and
 * what was not, and why. How many were not.
 */
size_t release_rows(const struct mnt_world *world, const struct mnt_who *who, bool kill);

#endif
