/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A new network namespace takes the kernel as long as all else of a start. It is made by a helper,
 * a process of its own, with the others that no user namespace is needed for, while the caller
 * makes what comes first: records, cgroups, the plan. The process that is to be in them then enters
 * them. The helper dies with its caller. If somebody kills it, what it was to make is made without
 * it.
 */
#ifndef BOX_AHEAD_H
#define BOX_AHEAD_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Begins before the caller's libc has begun. `guess` says, in the helper and without
 * libc, which of CLONE_NEW* will be wanted; 0: it does not know. `stack`: as the kernel made it.
 */
void ahead_start(uint64_t (*guess)(char **argv), long *stack);
/*
 * Which are wanted indeed; what can be made ahead is, unless it was. Nothing happens without a
 * network namespace among them.
 */
void ahead_begin(uint64_t namespaces);
/* Waits for them: which of the wanted they are. There may be more of them than are wanted. */
int ahead_await(uint64_t wanted, uint64_t *ret_namespaces, struct err *err);
/* By a child of the caller's. */
int ahead_enter(uint64_t namespaces, struct err *err);
/*
 * A directory of mode 0755 that is to be made, and what is to be written to files in it if it
 * was not there: the text of other files, which is not long.
 */
struct ahead_dir {
	char *path;
	char *from[2], *to[2]; /* NULL: none */
	int code;	       /* 0, -errno */
	bool is_filled;	       /* they have the text */
};
/*
 * By the helper, and by the caller while that waits for it; they must stay. False: there is no
 * helper, or no room to tell it of them, and nothing happens.
 */
bool ahead_make_dirs(struct ahead_dir *dirs, size_t n);
/* Waits until the last one has its code. */
void ahead_await_dirs(void);
/* The helper is to end: the process is in its namespaces, or is not to be any more. */
void ahead_end(void);
/* Readable when it has ended: then ahead_done does not wait. -1: there is none. */
int ahead_its_end(void);
/* Waits for its end, which is told by no signal. */
void ahead_done(void);
/*
 * A network namespace that was made ahead is kept until the caller ends: what the kernel does to
 * take it down would take the processor from the container's end and the caller's. Until then, or
 * until this, the devices that were moved there do not come back.
 */
void ahead_let_network_go(void);

#endif
