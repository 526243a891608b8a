/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tables do not show of the paths in a list of ops, looked up in the living namespace before
 * anything is done: where symbolic links lead, and what is there.
 */
#ifndef PLAN_PATHS_H
#define PLAN_PATHS_H

#include "mnt/world.h"
#include "op/op.h"

/* An optional op whose path is missing: nothing is done. */
#define PLAN_VOID (-1)

struct plan_paths {
	struct ops ops;	     /* as given, with paths in which no link is left; strings borrowed */
	int *refusals;	     /* by op: the errno that is known, 0: none; or PLAN_VOID */
	struct strv strings; /* of ops */
	bool assumes;	     /* some path could not be looked up, or may be another one by then */
};

/* `given` must live as long. What cannot be looked up, or not at once, is taken as it stands. */
void plan_paths_init(struct plan_paths *paths, const struct ops *given,
		     const struct mnt_world *world, uint32_t in);
void plan_paths_done(struct plan_paths *paths);

#endif
