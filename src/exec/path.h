/* SPDX-License-Identifier: Apache-2.0 */
/* Targets become descriptors here, once; everything after works on the descriptor. */
#ifndef EXEC_PATH_H
#define EXEC_PATH_H

#include "exec/kernel.h"

/* A target's descriptor: borrowed from its handle, or opened for the occasion. */
struct exec_at {
	int fd; /* -errno: it could not be resolved */
	bool opened;
};
struct exec_at exec_at(const struct exec *ex, const struct op_target *target, unsigned flags);
void exec_at_done(struct exec_at *at);
/* O_PATH descriptor of an existing target. flags: OP_NOSYMLINKS. -errno plainly, no message. */
int exec_resolve(const struct exec *ex, const struct op_target *target, unsigned flags);
/* The same, making a missing mount point of the wanted kind and the directories above it. */
int exec_resolve_or_make(struct exec *ex, const struct op_target *target, bool is_dir,
			 unsigned flags);
/* Directory that holds the target, and its last name (borrowed from the target). */
int exec_open_parent(const struct exec *ex, const struct op_target *target, const char **ret_name);
/* The same, kept for the next that is made there: borrowed. */
int exec_parent(struct exec *ex, const struct op_target *target, unsigned flags,
		const char **ret_name);
/* A mount point: fd, O_PATH or -errno; or what was just made of this name in it, then borrowed. */
struct exec_point {
	int fd;
	const char *name; /* NULL: fd itself */
};
/* Makes what is missing, when that is known. */
struct exec_point exec_make(struct exec *ex, const struct op_target *target, bool is_dir,
			    unsigned flags);
/* A mount point was just made in the directory that is to hold the target. */
bool exec_made_beside(const struct exec *ex, const struct op_target *target, unsigned flags);

/* --- point.c --- */
/* Where `from` is to be attached by op; made, where it is missing and may be. */
struct exec_point exec_mount_point(struct exec *ex, const struct op *op, int from);
void exec_point_done(struct exec_point *point);
/* Paths may lead elsewhere from now on. */
void exec_forget_parent(struct exec *ex);

#endif
