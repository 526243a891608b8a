/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Propagation across all namespaces of a world: peer groups, which group is the slave of which, and
 * where a mount would arrive. Linear in the number of mounts.
 */
#ifndef MNT_GROUPS_H
#define MNT_GROUPS_H

#include "mnt/world.h"

/* A mount by its place: world.ns[ns].table.v[mount]. */
struct mnt_ref {
	uint32_t ns, mount;
};

/*
 * A group that is named by some mount, as its own or as its master. Without members it lives where
 * nobody looks: in a detached tree, or in a namespace that could not be read.
 */
struct mnt_group {
	uint32_t id;
	uint32_t master;	    /* index of a group; MAP_NONE: none */
	uint32_t child, next;	    /* its first slave group, its next sister; MAP_NONE: none */
	uint32_t depth;		    /* 0: no master */
	uint32_t first;		    /* in refs: its members, and behind them its lone slaves, */
	uint32_t n_members, n_lone; /* the mounts that have it as master and are in no group */
	/* The master is known from "propagate_from" alone: others may stand between. */
	bool far;
};

struct mnt_groups {
	struct mnt_group *v; /* in the order in which mounts name them */
	uint32_t n;
	uint32_t first;	      /* the first one without master; MAP_NONE: there is no group */
	struct mnt_ref *refs; /* those of one group stand together, by namespace and mount */
	struct map ids;
};

/* A cycle of masters, which no kernel has but a file may, is cut open. */
void mnt_groups_init(struct mnt_groups *groups, const struct mnt_world *world);
void mnt_groups_done(struct mnt_groups *groups);
/* Preorder, slaves below their master: the one behind i, MAP_NONE at the end. */
uint32_t mnt_groups_next(const struct mnt_groups *groups, uint32_t i);
/* The same without what is below i; and MAP_NONE where it would leave `top`'s slaves. */
uint32_t mnt_groups_below(const struct mnt_groups *groups, uint32_t top, uint32_t i);
/* The group of a mount, or if it is a lone slave the one it receives from; MAP_NONE: private. */
uint32_t mnt_groups_of(const struct mnt_groups *groups, const struct mnt *mnt);
/* b is a, or a slave of it, or of one of its slaves, … */
bool mnt_groups_is_below(const struct mnt_groups *groups, uint32_t a, uint32_t b);
/* The nearest group from which both receive or are in; MAP_NONE: none. */
uint32_t mnt_groups_common(const struct mnt_groups *groups, uint32_t a, uint32_t b);

static inline const struct mnt *mnt_ref_get(const struct mnt_world *world, struct mnt_ref ref)
{
	return &world->ns[ref.ns].table.v[ref.mount];
}

/* The directory of the file system that `path`, which lies on the mount, is. */
void mnt_dir_of(const struct mnt *mnt, const char *path, struct buf *out);
/* The other way round: the path where this mount shows the directory. False: outside its root. */
bool mnt_path_of(const struct mnt *mnt, const char *dir, struct buf *out);

/*
 * A mount is made in this directory of the file system of `from`, and `to` receives from it: the
 * path where it arrives there. False: outside of what `to` shows, or `from` shows a directory that
 * was removed, on which nothing can be mounted.
 */
bool mnt_arrives(const struct mnt *from, const char *dir, const struct mnt *to, struct buf *out);

/* One place where a mount arrives. */
struct mnt_arrival {
	struct mnt_ref on; /* the mount it will hang on */
	uint32_t group;	   /* the one it is passed on by */
	char *path;
};
struct mnt_arrivals {
	struct mnt_arrival *v;
	size_t n;
};
/*
 * Everywhere else a mount made at `path`, which lies on the mount `on`, arrives: on peers and on
 * slaves, theirs too, of the same file system whose root is the directory or above it. A group in
 * between that has no such member passes it on all the same.
 */
void mnt_arrivals_init(struct mnt_arrivals *arrivals, const struct mnt_groups *groups,
		       const struct mnt_world *world, struct mnt_ref on, const char *path);
void mnt_arrivals_done(struct mnt_arrivals *arrivals);

#endif
