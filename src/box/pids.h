/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of processes, as cgroup.procs has them: each may be another's when it is used. */
#ifndef BOX_PIDS_H
#define BOX_PIDS_H

#include <sys/types.h>

#include "base/err.h"

struct pids {
	pid_t *v;
	size_t n;
};
/* A line for each; 0 is a process that this PID namespace does not see. */
void pids_parse(const char *text, struct pids *pids);
/* Ascending, each once. */
void pids_sort(struct pids *pids);

typedef int pids_list(const void *arg, struct pids *ret, struct err *err);
/* Sends a signal to all that `list` names, and to no other. Its result is sorted. */
int pids_signal(pids_list *list, const void *arg, int sig, struct err *err);

#endif
