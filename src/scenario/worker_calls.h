/* SPDX-License-Identifier: Apache-2.0 */
/* The calls that a process of the kernel's side makes. */
#ifndef SCENARIO_WORKER_CALLS_H
#define SCENARIO_WORKER_CALLS_H

#include "scenario/wire.h"

struct worker {
	struct worker_sockets sockets;
	int task; /* its own number */
	int proc; /* /proc, from before */
	int files[CALL_FILES];
};

/* 0 or -errno of the call. ret_failure: set if what surrounds the call failed. */
int worker_call(struct worker *w, const struct call *call, int *ret_failure);
/* The directories that each new file system gets; what exists already is no error. */
int worker_furnish(const char *target);
int worker_ns_id(const struct worker *w, uint64_t *ret);
/* Ends with the process that started all, also after its rights changed. */
void worker_survive_not(const struct worker *w);

#endif
