/* SPDX-License-Identifier: Apache-2.0 */
/* Private to release: what its steps share. */
#ifndef CLI_RELEASE_PARTS_H
#define CLI_RELEASE_PARTS_H

#include "cli/release.h"

enum release_state {
	RELEASE_OPEN, /* not tried, or tried in vain so far */
	RELEASE_DONE,
	RELEASE_GONE,	  /* by itself, or with something else */
	RELEASE_NEEDLESS, /* it need not be let go */
};
struct release_row {
	enum release_state state;
	char *why; /* of RELEASE_OPEN */
};
struct release {
	const struct mnt_world *world;
	const struct mnt_who *who;
	bool kill;
	struct release_row *rows; /* as many as who->v */
	int *ns_fds;		  /* by namespace; -1: not wanted, or no way */
	int *pidfds;		  /* by process; -1: the same */
};

/* Takes err's sentence over. */
void release_fail(struct release *r, size_t row, struct err *err);
/* Processes that use it, and those whose descriptors keep a namespace that must end. */
void release_processes(struct release *r, bool holders);
/* Mounts, devices and swap, in passes until one achieves nothing. */
void release_things(struct release *r);
/* Namespaces whose root is on it, after all else. */
void release_namespaces(struct release *r);

#endif
