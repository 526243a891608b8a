/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mounts of a container that lives: more of them, or fewer. A child opens what is the host's as
 * detached trees, enters the container's namespaces with nothing else of the host's, and attaches
 * them there. The container may change its tree meanwhile, so no destination leads through a
 * symbolic link: what it names is what is meant.
 */
#ifndef BOX_GRAFT_H
#define BOX_GRAFT_H

#include "box/spec.h"

struct box_graft {
	const struct spec *spec; /* of the container; its mounts are those to be added */
	int pidfd;		 /* of its process */
};

/* All of them, or none. */
int box_mounts_add(const struct box_graft *order, struct err *err);
/*
 * The mounts on top at the targets, lazily, the last one first; nothing is done unless there is one
 * at each.
 */
int box_mounts_remove(const struct box_graft *order, struct err *err);

#endif
