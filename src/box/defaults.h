/* SPDX-License-Identifier: Apache-2.0 */
/* The mounts that a box has unless told otherwise: /proc, /dev, /sys and what is hidden there. */
#ifndef BOX_DEFAULTS_H
#define BOX_DEFAULTS_H

#include "box/compile.h"

/* Handles of the default mounts; 0: not wanted. */
struct defaults {
	int proc, sys, dev, pts, shm, mqueue;
	bool mask;
	int empty;   /* what directories are masked with copies of; 0: each with one of its own */
	int null[8]; /* copies of the host's /dev/null, where the box has no /dev of ours */
	int node[8]; /* the host's device nodes, where the box may not make its own */
};

/* The default mounts that are copies of the host's: before the box's namespaces exist. */
void defaults_open_host(struct defaults *d, const struct spec *spec, const struct box_host *host,
			struct ops *ops);
/* The default mounts that are new file systems: in the box's namespaces. */
void defaults_open_new(struct defaults *d, const struct spec *spec, const struct box_host *host,
		       struct ops *ops);
/* Attaches them; the root is switched. */
void defaults_attach(const struct defaults *d, const struct spec *spec, struct ops *ops);
/* Binds the terminal that was made in the box's devpts to /dev/console. */
void defaults_attach_console(const struct defaults *d, struct ops *ops);

#endif
