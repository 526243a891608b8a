/* SPDX-License-Identifier: Apache-2.0 */
/* Becoming a container's process, as a struct spec_process says it. */
#ifndef BOX_PROCESS_H
#define BOX_PROCESS_H

#include "box/spec.h"

/* With the caller's privilege: rlimits and oom_score_adj of process `pid`, 0: of the caller. */
int process_limit(const struct spec_process *process, pid_t pid, struct err *err);
int process_oom_score(const struct spec_process *process, pid_t pid, struct err *err);
/* The ids; every capability stays permitted, and effective, until process_confine. */
int process_become(const struct spec_process *process, struct err *err);
/*
 * The last steps: capabilities, no_new_privs, seccomp. What was set is read back. `sync`: see
 * box/listener.h.
 */
int process_confine(const struct spec_process *process, int sync, struct err *err);

#endif
