/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The nouns. A `struct mnt` is one mount as one reader sees it, a `struct mnt_table` the mounts of
 * one namespace: pure values, made by read/ (or a model), looked at by everything above. Fields
 * name the column of proc_pid_mountinfo(5) and the bit of statmount(2) that they come from.
 */
#ifndef MNT_MNT_H
#define MNT_MNT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"

enum mnt_flag {
	MNT_UNBINDABLE = 1 << 0, /* column 7 "unbindable"; MS_UNBINDABLE of mnt_propagation */
	MNT_DELETED = 1 << 1,	 /* the root's directory was removed: "//deleted" ends `root` */
	MNT_IDMAPPED = 1 << 2,	 /* "idmapped" in column 6; MOUNT_ATTR_IDMAP of mnt_attr */
};

struct mnt {
	uint64_t unique;       /* mnt_id of MNT_BASIC: never used again; 0: not known (mountinfo) */
	uint32_t id, parent;   /* columns 1, 2; mnt_id_old, mnt_parent_id_old of MNT_BASIC */
	uint32_t major, minor; /* column 3; SB_BASIC: the file system */
	const char *root;      /* column 4; MNT_ROOT: the directory of it that is mounted */
	const char *target;    /* column 5; MNT_POINT: from the reader's root directory */
	const char *fstype;    /* column 9; FS_TYPE, and FS_SUBTYPE behind a dot */
	const char *source;    /* column 10; SB_SOURCE */
	const char *options;   /* column 11; SB_BASIC, MNT_OPTS: of the file system, \ooo kept: a
				  comma inside of a value is \054 */
	const char *extra;     /* words of columns 6 and 7 that are unknown to us, "" mostly */
	uint32_t group;	       /* "shared:N"; mnt_peer_group of MNT_BASIC; 0: none */
	uint32_t master;       /* "master:N"; mnt_master; 0: none */
	uint32_t from;	/* "propagate_from:N"; PROPAGATE_FROM, if it is another than master */
	uint32_t attr;	/* column 6; mnt_attr: MOUNT_ATTR_* without IDMAP, see mount_setattr(2) */
	uint32_t flags; /* enum mnt_flag */
};

struct mnt_table {
	struct mnt *v; /* in the kernel's order: since Linux 6.8 that of their making */
	size_t n;
	struct arena text; /* all strings of v */
};

void mnt_table_done(struct mnt_table *table);
/* Copies one mount's strings into the table and appends it; its address until the next one. */
struct mnt *mnt_table_add(struct mnt_table *table, const struct mnt *mnt);

/* The kernel's mark at the end of `root` for a directory that was removed. */
bool mnt_root_is_deleted(const char *root);
/* "shared,slave", "private", …: without numbers, in the words of mount_namespaces(7). */
const char *mnt_type_word(const struct mnt *mnt);
/* "shared:12 master:3 propagate_from:2 unbindable", "private" for none of them. */
void mnt_type_print(const struct mnt *mnt, struct buf *out);
/* Column 6: "rw,nosuid,relatime", what is unknown to us behind. */
void mnt_options_print(const struct mnt *mnt, struct buf *out);
/*
 * Which mounts of a namespace came from another one when it was made as a copy of that, as far as
 * can be seen later: the same directory at the same place, there already before. Sets ret[i] for
 * each mount of `table`; "/" is none.
 */
void mnt_find_inherited(const struct mnt_table *table, const struct mnt_table *from, bool *ret);
/* Same superblock and same directory of it. */
bool mnt_is_same_dir(const struct mnt *a, const struct mnt *b);

/*
 * How the mounts of one table hang together, by index. A mount whose parent is not in the table is
 * a root: "/" always is; in a chroot there may be several. Children are in the table's order.
 */
struct mnt_tree {
	struct mnt_link *v; /* as many as mounts */
	uint32_t first;	    /* the first root; MAP_NONE: the table is empty */
	struct map ids;	    /* by mnt.id */
};
struct mnt_link {
	uint32_t parent, child, next; /* MAP_NONE: none; `next` of a root is the next root */
	uint32_t cover;	 /* the mount on this one's own root; MAP_NONE: none. See mnt_tree_top. */
	uint32_t hidden; /* the mount that keeps paths from reaching this one's root; MAP_NONE: none
			  */
	uint32_t depth;	 /* 0: a root */
};

/* EINVAL with a sentence for a table that lies: an id twice, or mounts that hang on each other. */
int mnt_tree_init(struct mnt_tree *tree, const struct mnt_table *table, struct err *err);
/* The same, without `cover` and `hidden`. */
int mnt_tree_init_links(struct mnt_tree *tree, const struct mnt_table *table, struct err *err);
void mnt_tree_done(struct mnt_tree *tree);
/* Preorder: the one behind i, MAP_NONE at the end. Begin with tree.first. */
uint32_t mnt_tree_next(const struct mnt_tree *tree, uint32_t i);
/* The next one that does not hang on i. */
uint32_t mnt_tree_skip(const struct mnt_tree *tree, uint32_t i);
/* Follows covers: what a path that arrives at i ends on. */
uint32_t mnt_tree_top(const struct mnt_tree *tree, uint32_t i);
/* True if b is a or hangs on it. */
bool mnt_tree_is_below(const struct mnt_tree *tree, uint32_t a, uint32_t b);
/*
 * The mount on which the absolute, resolved path lies for a process whose root is the first root;
 * MAP_NONE: the table has no root for it.
 */
uint32_t mnt_tree_find(const struct mnt_tree *tree, const struct mnt_table *table,
		       const char *path);
/*
 * For each mount whether all that hang on it have its propagation type: what `make-rX` leaves. The
 * caller frees it.
 */
bool *mnt_tree_uniform(const struct mnt_tree *tree, const struct mnt_table *table);

#endif
