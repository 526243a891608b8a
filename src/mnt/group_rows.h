/* SPDX-License-Identifier: Apache-2.0 */
/* The propagation graph line by line: a group, its members, its lone slaves, its slave groups. */
#ifndef MNT_GROUP_ROWS_H
#define MNT_GROUP_ROWS_H

#include "mnt/groups.h"

enum mnt_row_kind {
	MNT_ROW_GROUP,
	MNT_ROW_PEER,
	MNT_ROW_SLAVE,	 /* a mount that is the slave of the group above it and in none itself */
	MNT_ROW_PRIVATE, /* a mount with neither */
};
struct mnt_group_row {
	enum mnt_row_kind kind;
	uint32_t depth;	    /* at most one more than the row before */
	uint32_t group;	    /* index; MAP_NONE: MNT_ROW_PRIVATE */
	struct mnt_ref ref; /* not of MNT_ROW_GROUP */
	bool above;	    /* what is asked for receives from it */
};
struct mnt_group_rows {
	struct mnt_group_row *v;
	size_t n;
};

/* All groups of the world. */
void mnt_group_rows_all(struct mnt_group_rows *rows, const struct mnt_groups *groups);
/* One, all that it passes mounts on to, and in front of it the groups that it receives from. */
void mnt_group_rows_of(struct mnt_group_rows *rows, const struct mnt_groups *groups, uint32_t i);
/* The same of one mount: a slave passes nothing on. */
void mnt_group_rows_mount(struct mnt_group_rows *rows, const struct mnt_groups *groups,
			  const struct mnt_world *world, struct mnt_ref ref);
void mnt_group_rows_done(struct mnt_group_rows *rows);

#endif
