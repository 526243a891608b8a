/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A new network namespace takes the kernel as long as all else of a start. It is made by a thread,
 * with the others that no user namespace is needed for, while the caller makes what comes first:
 * records, cgroups, the plan. The process that is to be in them then enters them.
 */
#ifndef BOX_AHEAD_H
#define BOX_AHEAD_H

#include "box/spec.h"

/* Those that are worth it, where the spec wants a new network namespace; else nothing happens. */
void ahead_begin(const struct spec *spec);
/* Waits for them: which they are, and in *ret_fd what setns(2) takes; 0, -1: none were begun. */
int ahead_await(uint64_t *ret_namespaces, int *ret_fd, struct err *err);
/* That of the network namespace is up. */
bool ahead_has_loopback(void);
/* The process is in them, or is not to be any more. */
void ahead_end(void);

#endif
