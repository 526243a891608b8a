/* SPDX-License-Identifier: Apache-2.0 */
/* Between the parts of loading: what is refused at once, the trees, and then the groups. */
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
	struct map by_unique, by_inode; /* mnt.unique, mnt_ns.inode: no two have the same */
	struct sb **sb_list;
	struct dentry **removed;
	struct model_userns **owner_list;
	size_t n_sbs, n_removed, n_owners;
};

/* EINVAL for a line that no kernel writes, and for what was there already. */
int load_check(struct load *load, const struct mnt *from, struct err *err);
int load_check_ns(struct load *load, uint32_t index, struct err *err);
int load_groups(struct load *load, struct err *err);

#endif
