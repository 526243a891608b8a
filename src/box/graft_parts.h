/* SPDX-License-Identifier: Apache-2.0 */
/* What box/graft*.c share. */
#ifndef BOX_GRAFT_PARTS_H
#define BOX_GRAFT_PARTS_H

#include "exec/kernel.h"
#include "box/graft.h"

struct graft {
	const struct spec *spec;
	int pidfd, sync;
	bool rootless; /* in the container's user namespace all is done that needs privilege */
	struct ops ops;
	size_t inside, attach; /* where these ops begin */
	int *handles;	       /* of each mount */
	int *attached;	       /* descriptors */
	struct exec exec;
};

/* `act` in a child, and what it says. */
int graft_run(struct graft *g, int (*act)(struct graft *g, struct err *err), struct err *err);
/* Without privilege: a copy of the host's tree, in the container's user namespace. */
int graft_enter_user(struct graft *g, struct err *err);
/* The container's namespaces, with the descriptors of handles alone. */
int graft_enter(struct graft *g, struct err *err);
/* "/", however it is written. */
bool graft_is_root(const char *path);
/* The mount of `fd`, if it is the one on top at the path; -1: whatever is on top. -errno. */
int graft_detach(const char *path, int fd);

#endif
