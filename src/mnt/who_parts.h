/* SPDX-License-Identifier: Apache-2.0 */
/* What the steps of mnt_who_find share; private to mnt. */
#ifndef MNT_WHO_PARTS_H
#define MNT_WHO_PARTS_H

#include "mnt/overlay.h"
#include "mnt/who.h"

/* A mount of a file system; all of one file system are a chain, by namespace. */
struct who_place {
	uint32_t ns, mount, next;
};
/* An overlay's superblock: its layers, and the first of its places. */
struct who_overlay {
	uint32_t major, minor;
	struct mnt_layers layers;
	const char *target;
};

struct who_walk {
	const struct mnt_world *world;
	struct mnt_who *who;
	struct map places_of; /* device -> index of places */
	struct who_place *places;
	uint32_t n_places;
	struct who_overlay *overlays;
	size_t n_overlays;
	struct mnt_tree *trees; /* by namespace, made when they are first asked for */
	bool *has_tree;
	struct map fs_of;     /* device -> index of who.fs */
	struct map rows_of;   /* mnt.id -> index of who.v */
	struct map anonymous; /* mnt.id of uses -> 1: it is in no table */
};

static inline uint64_t who_device(uint32_t major, uint32_t minor)
{
	return (uint64_t)major << 32 | minor;
}

/* Which mounts of which file systems there are, and all overlays. */
void who_index(struct who_walk *walk);
void who_index_done(struct who_walk *walk);
/* NULL: the table is no tree, or not there. */
const struct mnt_tree *who_tree(struct who_walk *walk, uint32_t ns);
/* The first place of a file system; MAP_NONE: nowhere is a mount of it. */
uint32_t who_first_place(const struct who_walk *walk, uint32_t major, uint32_t minor);

struct mnt_who_row *who_add(struct who_walk *walk, struct mnt_who_row row);
/* From the file system asked about to all that stand on it, and rows for devices and swap. */
void who_spread(struct who_walk *walk);
void who_add_mounts(struct who_walk *walk);
/* What goes with the single mount that is asked about; see who_add_copies's own file. */
void who_add_copies(struct who_walk *walk);
void who_add_copy(struct who_walk *walk, uint32_t ns, uint32_t mount);

#endif
