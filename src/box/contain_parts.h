/* SPDX-License-Identifier: Apache-2.0 */
/* What box/contain*.c and box/join.c share. */
#ifndef BOX_CONTAIN_PARTS_H
#define BOX_CONTAIN_PARTS_H

#include "box/birth.h"
#include "box/contain.h"

/* The life of a container's first process, and of one that joins it; they do not return. */
_Noreturn void contained_child(struct box *box);
_Noreturn void contained_joiner(struct box *box);

/*
 * A child born for us by `midwife`, which answers over box->sync with SYNC_BORN. cgroup: that of v2
 * which the midwife is born into, -1: ours.
 */
int contain_bear(struct box *box, void (*midwife)(struct box *box, void *arg), void *arg,
		 int cgroup, struct err *err);
/* The directory of a cgroup of v2 to be born into; *ret is -1 where there is none. */
int contain_open_cgroup(const struct box_into *into, int *ret, struct err *err);
/* The files `tasks` of the cgroups that a child is to enter. */
int contain_open_tasks(struct box *box, struct err *err);
bool contain_needs_midwife(const struct box *box);
/* The same without one. */
int contain_bear_directly(struct box *box, struct err *err);
/* The end of a midwife. */
_Noreturn void contain_tell_birth(struct box *box, const struct sync_message *message);
/* Closes what is from `first` on, but for the n descriptors, which it sorts; -1: none. -errno. */
int contain_close_but(unsigned first, int *keep, size_t n);
int contain_clone_failed(const struct box *box, int code, const char *what, struct err *err);
int contain_block_signals(struct err *err);
/* Id maps, limits, what the caller has to do; then the child may go on. */
int contain_settle(struct box *box, int (*settle)(void *arg, pid_t pid, struct err *err), void *arg,
		   struct err *err);
/* Until the child waits to be started, or has executed the program. */
int contain_await(struct box *box, int *ret_status, struct err *err);

#endif
