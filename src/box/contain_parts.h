/* SPDX-License-Identifier: Apache-2.0 */
/* What box/contain*.c and box/join.c share. */
#ifndef BOX_CONTAIN_PARTS_H
#define BOX_CONTAIN_PARTS_H

#include "box/birth.h"
#include "box/contain.h"

/* --- contained.c --- */
/* The life of a container's first process, and of one that joins it; they do not return. */
_Noreturn void contained_child(struct box *box);
_Noreturn void contained_joiner(struct box *box);

/* --- contained_view.c: steps of the first process --- */
/* What can be made while the namespaces are still being made, by its caller. */
int contain_make_mounts(struct box *box, struct err *err);
/* What can be made while the cgroups are. */
int contained_make_mounts(struct box *box, struct err *err);
int contained_build_view(struct box *box, struct err *err);
int contained_own_devices(struct box *box, struct err *err);
/* For those who have seen both roots. */
int contained_switch_root(struct box *box, struct err *err);

/* --- contained_wait.c: steps of both --- */
int contained_keep_descriptors(struct box *box, struct err *err);
int contained_wait_for_start(struct box *box, struct err *err);

/* --- contain.c --- */
int contain_block_signals(struct err *err);
/* What the cgroups are to allow. */
int contain_limit(struct box *box, struct err *err);

/* --- contain_cgroup.c --- */
/* The directory of a cgroup of v2 to be born into; *ret is -1 where there is none. */
int contain_open_cgroup(const struct box_into *into, int *ret, struct err *err);
/* Those that were being made. */
int contain_await_cgroups(struct box *box, struct err *err);
bool contain_has_v1(const struct box *box, size_t i);
/* The files `tasks` of the cgroups that a child is to enter. */
int contain_open_tasks(struct box *box, struct err *err);
int contain_clone_failed(const struct box *box, int code, const char *what, struct err *err);

/* --- contain_bear.c --- */
/* Bears box->pid as its parent's child. */
typedef int box_midwife(struct box *box, void *arg, struct err *err);
/* A child born for us by a fork. cgroup: that of v2 which the fork is born into, -1: ours. */
int contain_bear(struct box *box, box_midwife *midwife, void *arg, int cgroup, struct err *err);

/* --- contain_midwife.c, contain_direct.c: a container's first process --- */
int contain_bear_by_midwife(struct box *box, struct err *err);
int contain_bear_directly(struct box *box, struct err *err);

/* --- contain_settle.c --- */
/* The error that the other side had. */
int contain_read_failure(const struct sync_message *message, int *ret_status, struct err *err);
/* The child's next word, of that kind. */
int contain_hear(struct box *box, enum sync_kind kind, struct err *err);
/* Id maps, limits, what the caller has to do; then the child may go on. */
int contain_settle(struct box *box, int (*settle)(void *arg, pid_t pid, struct err *err), void *arg,
		   struct err *err);
/* Until the child waits to be started, or has executed the program. */
int contain_await(struct box *box, int *ret_status, struct err *err);

#endif
