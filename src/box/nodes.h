/* SPDX-License-Identifier: Apache-2.0 */
/* What a container has beside its mounts: device nodes, links in /dev, hidden and read-only paths.
 */
#ifndef BOX_NODES_H
#define BOX_NODES_H

#include "box/compile.h"

struct nodes {
	int *device; /* handles of the host's nodes, where the container may not make its own */
	/* By masked path: the host's /dev/null, to hide files with; NULL: the container's is ours.
	 */
	int *null;
	bool closed_trees; /* of struct box_host */
};

/* The copies of the host's: before the container's namespaces exist. */
void nodes_open_host(struct nodes *n, const struct spec *spec, const struct box_host *host,
		     struct ops *ops);
/* The root is switched, the mounts are attached. */
void nodes_attach(const struct nodes *n, const struct spec *spec, struct box_view *view);
/* Binds the first terminal of devpts `pts` to /dev/console. */
void nodes_attach_console(int pts, struct ops *ops);
void nodes_done(struct nodes *n);

#endif
