/* SPDX-License-Identifier: Apache-2.0 */
/* Private to paths: one question to the child that is in the namespace, and its answer. */
#ifndef PLAN_PATHS_PARTS_H
#define PLAN_PATHS_PARTS_H

#include <limits.h>

#include "mnt/world.h"

struct paths_child {
	int ask, answer; /* pipes; -1: there is no child */
	pid_t pid;
};
struct path_look {
	bool is_known;
	bool exists;
	bool follows; /* a symbolic link was followed */
	size_t found; /* how much of the answer is there: what is behind is missing */
	char path[PATH_MAX];
};

void paths_child_init(struct paths_child *child, const struct mnt_world *world, uint32_t in);
void paths_child_done(struct paths_child *child);
/* no_follow: a link that is the last component stays. */
void paths_child_look(struct paths_child *child, const char *path, bool no_follow,
		      struct path_look *ret);

#endif
