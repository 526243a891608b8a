/* SPDX-License-Identifier: Apache-2.0 */
/* The directories that an overlay is made of, as its options name them. */
#ifndef MNT_OVERLAY_H
#define MNT_OVERLAY_H

#include "mnt/mnt.h"

struct mnt_layer {
	const char *option; /* "lowerdir", "upperdir", "workdir": a word that lasts */
	char *path;	    /* as it was said when the overlay was mounted */
};
struct mnt_layers {
	struct mnt_layer *v;
	size_t n;
};

void mnt_layers_parse(const struct mnt *mnt, struct mnt_layers *ret);
void mnt_layers_done(struct mnt_layers *layers);
/*
 * Where the layer is. What is relative was said from a directory that nobody remembers: it is taken
 * to be the one in which the mount point is, or (containerd) the one above the upper directory's.
 */
char *mnt_layer_path(const struct mnt_layers *layers, size_t i, const char *target);

#endif
