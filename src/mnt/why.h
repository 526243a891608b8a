/* SPDX-License-Identifier: Apache-2.0 */
/* Why two namespaces see different things at one path: where they part, and what cut them. */
#ifndef MNT_WHY_H
#define MNT_WHY_H

#include "mnt/groups.h"

/* Why what one side has mounted where they part is not seen on the other side. */
enum mnt_cut {
	MNT_CUT_NOTHING,   /* it has nothing mounted there */
	MNT_CUT_COVERED,   /* the other side has it too, below another mount */
	MNT_CUT_ROOTS,	   /* it is the root, which no propagation brings */
	MNT_CUT_OUTSIDE,   /* both show the same file system there, from different directories on */
	MNT_CUT_MUTE,	   /* what it is mounted on passes nothing on */
	MNT_CUT_DEAF,	   /* the other side's copy of that receives nothing */
	MNT_CUT_ONE_WAY,   /* that is a slave, directly or not, of the other side's */
	MNT_CUT_SISTERS,   /* both receive from one group, and neither from the other */
	MNT_CUT_STRANGERS, /* both are shared, in groups that have nothing to do with each other */
	MNT_CUT_TIME,	   /* it would arrive now: it was there before, or was unmounted there */
};

/* How two mounts of the same directory hang together. */
enum mnt_tie {
	MNT_TIE_NONE, /* what is mounted on one stays there */
	MNT_TIE_PEERS,
	MNT_TIE_DOWN,	 /* the second receives from the first */
	MNT_TIE_UP,	 /* the first from the second */
	MNT_TIE_SISTERS, /* both from a third */
};

struct mnt_why_side {
	uint32_t ns;
	uint32_t at;	/* index of the mount on which the path lies */
	char *dir;	/* what of its file system the path is */
	uint32_t base;	/* the last mount that both have; MAP_NONE: there is none */
	uint32_t mount; /* what is mounted on that where they part; MAP_NONE: nothing */
	uint32_t cover; /* MNT_CUT_COVERED: what covers `mount` on the other side */
	enum mnt_cut cut;
};
struct mnt_why {
	bool is_same;
	enum mnt_tie tie;  /* if it is the same: of the two mounts; else of the bases */
	uint32_t group;	   /* the nearest that both are in or receive from; MAP_NONE */
	char *last, *part; /* the last path at which they agree, NULL: none; where they part */
	struct mnt_why_side side[2];
};

/* The path is absolute and resolved. ENOENT, EACCES: one of them has no mount for it, no table. */
int mnt_why_init(struct mnt_why *why, const struct mnt_world *world,
		 const struct mnt_groups *groups, const uint32_t ns[2], const char *path,
		 struct err *err);
void mnt_why_done(struct mnt_why *why);
/* Whether what is mounted on one mount of a directory arrives on the other one. */
enum mnt_tie mnt_tie(const struct mnt_groups *groups, const struct mnt *a, const struct mnt *b,
		     uint32_t *ret_group);

#endif
