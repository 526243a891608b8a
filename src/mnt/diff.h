/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two tables compared. Mounts are paired by unique id; by place, if they are alike (in a stack from
 * its bottom and its top); by being the same directory; and what is left by place alone. Ids do not
 * count, and the numbers of peer groups count only as far as they tell groups apart: equal trees
 * are equal.
 */
#ifndef MNT_DIFF_H
#define MNT_DIFF_H

#include "mnt/mnt.h"

enum mnt_diff_flag {
	/* Both are of one machine, so that equal device numbers mean the same file system. */
	MNT_DIFF_SAME_MACHINE = 1 << 0,
	/*
	 * b may be a copy that unshare(2) made of a, private or slave since: that it receives at
	 * most what a does, has lost "unbindable", and lacks what pins mount namespaces, is no
	 * difference.
	 */
	MNT_DIFF_COPY_OK = 1 << 1,
};

enum mnt_field {
	MNT_FIELD_TARGET = 1 << 0, /* it was moved */
	MNT_FIELD_SOURCE = 1 << 1,
	MNT_FIELD_ROOT = 1 << 2,
	MNT_FIELD_FSTYPE = 1 << 3,
	MNT_FIELD_DEVICE = 1 << 4,
	MNT_FIELD_OPTIONS = 1 << 5, /* the mount's own */
	MNT_FIELD_FS_OPTIONS = 1 << 6,
	MNT_FIELD_PROPAGATION = 1 << 7,
	MNT_FIELD_PARENT = 1 << 8, /* on another mount than before, at the same place */
	MNT_FIELD_HIDDEN = 1 << 9, /* paths reach only one of them */
};

struct mnt_change {
	uint32_t a, b;	 /* indexes; MAP_NONE: added, or removed */
	unsigned fields; /* enum mnt_field, of a mount that is in both */
};

struct mnt_diff {
	struct mnt_change *v; /* by path */
	size_t n;
};

void mnt_diff(const struct mnt_table *a, const struct mnt_tree *tree_a, const struct mnt_table *b,
	      const struct mnt_tree *tree_b, unsigned flags, struct mnt_diff *ret);
void mnt_diff_done(struct mnt_diff *diff);

/* Private to diff: for each mount of one the index of the same mount in the other, or MAP_NONE. */
struct mnt_pairs {
	uint32_t *of_a, *of_b;
};
void mnt_pairs_init(struct mnt_pairs *pairs, const struct mnt_table *a,
		    const struct mnt_tree *tree_a, const struct mnt_table *b,
		    const struct mnt_tree *tree_b, bool same_machine);
void mnt_pairs_done(struct mnt_pairs *pairs);

#endif
