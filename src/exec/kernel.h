/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ops carried out on the kernel, in the calling process and its namespaces. Handles are
 * descriptors that live in `struct exec`, which survives fork: a box opens its sources in one
 * process and attaches them in another.
 */
#ifndef EXEC_KERNEL_H
#define EXEC_KERNEL_H

#include "op/op.h"

struct exec_made {
	int dirfd; /* several in one directory, one after the other, share it */
	char *name;
	bool is_dir;
};

struct exec {
	int *fds; /* by handle; -1: void, or no longer needed */
	int n_fds;
	struct exec_made *made; /* mount points made on the way (`create`, `parents`), for undo */
	size_t n_made;
	/* The directory that something was made in last, as long as its path leads there. */
	struct exec_parent {
		char *path; /* NULL: none is kept */
		int handle; /* whose tree the path is of */
		unsigned flags;
		int fd;
		bool shared; /* `made` has it too */
	} parent;
	/* A mount point that was looked at, so that it is the one that is covered. */
	struct exec_known {
		const char *path; /* from the process's root; NULL: there is none */
		int fd;
	} known;
};

void exec_init(struct exec *ex);
/* Ops from..to-1. Stops at the first failure with a sentence; see exec_undo_made. */
int exec_kernel(struct exec *ex, const struct ops *ops, size_t from, size_t to, struct err *err);
/* The next op that attaches something at `path`, which it has borrowed, takes the descriptor. */
void exec_know(struct exec *ex, const char *path, int fd);
/* Removes the empty mount points that were made, newest first; what covers them is detached. */
void exec_undo_made(struct exec *ex);
void exec_done(struct exec *ex);

#endif
