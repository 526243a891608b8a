/* SPDX-License-Identifier: Apache-2.0 */
/* Between the two halves of loading: the trees, and then the groups. */
#ifndef MODEL_LOAD_H
#define MODEL_LOAD_H

#include "model/parts.h"

/* A mount and the line that it comes from. */
struct loaded {
	struct mount *mnt;
	const struct mnt *from;
};
struct load {
	struct model *m;
	const struct mnt_world *world;
	struct loaded *v;
	size_t n;
	struct map sbs;	    /* device -> index in sb_list */
	struct map deleted; /* device and path of a removed directory -> index in removed */
	struct map owners;  /* inode of a user namespace -> index in owner_list */
	struct map by_id;   /* mnt.id -> index in v */
	struct sb **sb_list;
	struct dentry **removed;
	struct model_userns **owner_list;
	size_t n_sbs, n_removed, n_owners;
};

int load_groups(struct load *load, struct err *err);

#endif
