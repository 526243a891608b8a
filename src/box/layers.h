/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A root put together by overlayfs. Its layers are attached in a small stage (a tmpfs that is
 * the root for a moment), so that overlay finds them by short paths on every kernel, and nothing
 * in a layer can lead out of it.
 */
#ifndef BOX_LAYERS_H
#define BOX_LAYERS_H

#include "box/compile.h"

struct layers {
	int *lower, n_lower; /* handles, topmost first */
	int upper;	     /* handle of the directory that holds upper and work; 0: throw-away */
	char *upper_path, *work_path; /* inside it */
};

bool layers_wanted(const struct spec *spec);
/* Looks whether all are directories, and upper and work on one mount, where overlay wants them. */
int layers_check(const struct spec *spec, struct err *err);
/* Opens the directories as detached trees. */
void layers_open(struct layers *l, const struct spec *spec, struct ops *ops);
/* Builds the stage, the root for a moment, and the overlay in it; returns the overlay's handle.
 * `covers` as in push_switch_root. */
int layers_stack(const struct layers *l, const struct spec *spec, const struct box_host *host,
		 int covers, struct ops *ops);
void layers_done(struct layers *l);

#endif
