/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resource limits by control groups: v2, v1, or the hybrid of both, whichever holds the
 * controller that is asked for. See cgroups(7). A box without limits has no cgroup.
 *
 * A box's directory is called mntns-ID. On v1 it is made in the caller's own cgroup. A v2 cgroup
 * that holds processes cannot pass controllers on (the root can), so there it is made beside the
 * caller's own.
 */
#ifndef BOX_CGROUP_H
#define BOX_CGROUP_H

#include "box/spec.h"

struct cgroup {
	struct strv dirs; /* absolute paths of the directories made, one per hierarchy used */
	int *fds;     /* O_PATH|O_DIRECTORY of each, so that a namespace change does not matter */
	int *parents; /* and of the directory above each, for the removal */
};

/* Where the directories of box `id` would be; pure of side effects, for the journal. */
int cgroup_plan(const struct spec_limits *limits, const char *id, struct strv *ret_dirs,
		struct err *err);
/* Where they could be when the plan is lost: every limit's place, as far as there is one. */
void cgroup_guess(const char *id, struct strv *ret_dirs);
/* Makes them and writes the limits. On failure nothing is left. */
int cgroup_create(struct cgroup *cg, const struct strv *dirs, const struct spec_limits *limits,
		  struct err *err);
/* Puts a process into all of them. */
int cgroup_add(const struct cgroup *cg, pid_t pid, struct err *err);
/*
 * Kills what is left in them, and removes them. Works after a change of mount namespace.
 * 0, or -EBUSY while something will not die: then the journal's record must stay.
 */
int cgroup_remove(struct cgroup *cg);
/* The same by path, for what a killed mntns left; -ESTALE: their file system is not in sight. */
int cgroup_remove_dirs(const struct strv *dirs);
void cgroup_done(struct cgroup *cg);

#endif
