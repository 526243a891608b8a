/* SPDX-License-Identifier: Apache-2.0 */
/* What goes between the kernel's side and its processes: requests, and answers with a table. */
#ifndef SCENARIO_WIRE_H
#define SCENARIO_WIRE_H

#include "scenario/call.h"

struct request {
	bool has_call; /* else only the table is wanted */
	struct call call;
};
struct answer {
	int rc;
	int failure; /* errno of the machinery, not of the call */
	pid_t pid;   /* of the task that a fork made */
	uint64_t ns_id;
	uint32_t n_mounts;
};
struct wire_mount {
	uint64_t unique;
	uint32_t id, parent, major, minor, group, master, from, attr, flags;
	uint32_t root, target; /* lengths; the text follows, without NULs */
	bool ro;
};
#define WIRE_MAX (1 << 20)

void wire_put_table(const struct mnt_table *table, struct buf *out);
/* n mounts from `data`; EPROTO if they are not there. */
int wire_get_table(const char *data, size_t len, uint32_t n, struct mnt_table *ret);

/* A process of the kernel's side: answers until its socket ends. */
struct worker_sockets {
	int worker[SCENARIO_TASKS], world[SCENARIO_TASKS];
};
_Noreturn void worker_first(const struct worker_sockets *sockets);

#endif
