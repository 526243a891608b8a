/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of box/compile*.c share. */
#ifndef BOX_COMPILE_PARTS_H
#define BOX_COMPILE_PARTS_H

#include "box/compile.h"
#include "box/defaults.h"
#include "box/layers.h"
#include "box/nodes.h"

struct compile {
	const struct spec *spec;
	const struct box_host *host;
	struct ops *ops;
	struct defaults defaults;
	struct layers layers;
	int root;
	int covers;  /* mounts on the old root that the switch drops with it */
	int *mounts; /* handle of each of spec->mounts */
	struct nodes nodes;
	struct box_view *view;
};

/* --- compile_enter.c --- */
void compile_joins(struct compile *c);
void compile_unshare(struct compile *c);
/* Propagation, and read-only where nothing is made in it later. */
void compile_root_attr(struct compile *c, int handle, const char *path);
/* Opens the sources and enters the new mount namespace: the template's, or a copy of the caller's.
 */
int compile_enter(struct compile *c, struct err *err);
int compile_enter_by_copy(struct compile *c, struct err *err);

/* --- compile_mounts.c --- */
/* Opens the mounts that copy the host's, or those that are new file systems. */
int compile_open_mounts(struct compile *c, bool host_sources, struct err *err);
/* `flags`: of each op that attaches one. */
void compile_attach_mounts(struct compile *c, unsigned flags);
/* The handle of a container's own devpts; 0: it has none. */
int compile_find_devpts(const struct compile *c);

#endif
