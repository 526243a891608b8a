/* SPDX-License-Identifier: Apache-2.0 */
/* How the kernel treats a container's process; see struct spec_process. */
#ifndef BOX_SCHEDULE_H
#define BOX_SCHEDULE_H

#include "box/spec.h"

/* On which CPUs a process runs, 0: the caller; nothing where none are said. */
int schedule_cpus(const struct spec_cpus *cpus, pid_t pid, const char *said, struct err *err);
/* The same of one that joined a container, from outside: it is in its cgroups. */
int schedule_exec(const struct spec_process *process, pid_t pid, struct err *err);
/* From outside, with the caller's privilege, once the process is in its cgroups. */
int schedule_process(const struct spec_process *process, pid_t pid, struct err *err);
/* By the process itself: its execution domain, and where its memory comes from. */
int schedule_self(const struct spec_process *process, struct err *err);

#endif
