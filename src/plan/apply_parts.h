/* SPDX-License-Identifier: Apache-2.0 */
/* Private to apply: what is noted before each op, and what is made of it when it is undone. */
#ifndef PLAN_APPLY_PARTS_H
#define PLAN_APPLY_PARTS_H

#include "exec/kernel.h"
#include "mnt/mnt.h"
#include "plan/apply.h"

/* No descriptor is kept: it would keep the mount busy for the ops behind. */
struct apply_id {
	uint64_t unique; /* 0: this kernel has none */
	uint32_t id;	 /* mnt.id */
};

/* The caller's namespace as it is now. */
struct apply_own {
	struct mnt_table table;
	struct mnt_tree tree;
};
/* proc: a descriptor of a /proc that has the caller; that of the namespace may be missing. */
int apply_own_init(struct apply_own *own, int proc, struct err *err);
void apply_own_done(struct apply_own *own);
/* The mount that the descriptor is on; false: it has no id. */
bool apply_id_of(int fd, struct apply_id *ret);
/* MAP_NONE: it is gone. */
uint32_t apply_find(const struct apply_own *own, const struct apply_id *id);
/* A descriptor of the mount's root; EBUSY: no path leads to it. */
int apply_open(const struct apply_own *own, uint32_t mount, struct err *err);
/* Lazily, if it is the one that its path leads to; what has come onto it goes along. */
int apply_umount(const struct apply_own *own, uint32_t mount, struct err *err);

struct undo_attr {
	struct apply_id id;
	uint32_t attr, group, master, flags;
};
/* A mount that came with a tree: the tree itself and all its copies. */
struct undo_copy {
	uint32_t ns; /* in undo.ns */
	struct apply_id id;
};
struct undo_step {
	enum undo_kind {
		UNDO_NOTHING,
		UNDO_ATTACH,  /* a new tree was attached */
		UNDO_BENEATH, /* it, or a copy, is beneath another mount */
		UNDO_MOVE,
		UNDO_ATTR,
		UNDO_MAKE, /* a file or directory */
	} kind;
	struct apply_id id;	 /* attach, move: what */
	struct apply_id place;	 /* move: the mount that it was on */
	char *path;		 /* move: from where; make: where */
	int dir;		 /* make: the directory, if the path is in a handle's tree; -1 */
	struct undo_attr *attrs; /* attr */
	size_t n_attrs;
	struct undo_copy *copies; /* attach, where unmounting the tree would take others with it */
	size_t n_copies;
	size_t made; /* how many of exec.made there were */
	char *op;    /* its text */
};
struct undo_ns {
	int fd;
	struct map before; /* mounts that it had before the op that is noted */
};
struct undo {
	struct undo_step *v;
	size_t n;
	int proc;
	int *inside; /* by handle: in whose tree it was attached, 0: none, -1: it is in sight */
	int handles;
	const enum apply_how *how; /* by op; borrowed */
	struct undo_ns *ns; /* the first one is that of the ops; then where copies may arrive */
	size_t n_ns;
};

void undo_init(struct undo *undo, const struct ops *ops, const struct apply_where *where, int proc);
void undo_done(struct undo *undo);
/* Before the op, and when it has succeeded. */
void undo_note(struct undo *undo, const struct exec *ex, const struct op *op);
void undo_note_done(struct undo *undo, const struct exec *ex, const struct op *op);
/* Everything, newest first; `left`: a sentence for each thing that stays. */
void undo_all(struct undo *undo, struct exec *ex, struct strv *left);
int undo_attrs(const struct undo_step *step, int proc, struct err *err);

/* Trees of several mounts; see apply_spread.c. */
void spread_before(struct undo *undo);
void spread_after(struct undo *undo, struct undo_step *step);
/* All of the copies that can be reached. */
int spread_undo(struct undo *undo, const struct undo_step *step, struct err *err);

#endif
