/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A new network namespace takes the kernel as long as all else of a start. It is made by a thread,
 * with the others that no user namespace is needed for, while the caller makes what comes first:
 * records, cgroups, the plan. The process that is to be in them then enters them.
 */
#ifndef BOX_AHEAD_H
#define BOX_AHEAD_H

#include "base/err.h"

#include <stdint.h>

/*
 * Those of CLONE_NEW* that can be, where a network namespace is among them; else nothing happens.
 * They may be more than are wanted in the end.
 */
void ahead_begin(uint64_t namespaces);
/* Waits for them: which of the wanted they are, and in *ret_fd what setns(2) takes; 0, -1: none. */
int ahead_await(uint64_t wanted, uint64_t *ret_namespaces, int *ret_fd, struct err *err);
/* The process is in them, or is not to be any more. */
void ahead_end(void);

#endif
