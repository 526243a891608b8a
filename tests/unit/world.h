/* SPDX-License-Identifier: Apache-2.0 */
/* A small machine for unit tests. */
#ifndef UNIT_WORLD_H
#define UNIT_WORLD_H

#include "unit.h"

#include "mnt/world.h"
#include "read/table.h"

/* A machine: two namespaces, the first of them ours, with a process each. */
static inline struct mnt_world make(const char *ours, const char *theirs)
{
	struct mnt_world world = {.self = 0};
	const char *tables[] = {ours, theirs};

	for (uint32_t i = 0; i < 2; i++) {
		struct mnt_ns ns = {.inode = 4026531840 + i, .has_table = true};
		VEC_PUSH(ns.procs, ns.n_procs, i);
		assert_works(
			read_mountinfo_text(tables[i], strlen(tables[i]), "table", &ns.table, err));
		VEC_PUSH(world.ns, world.n_ns, ns);
		VEC_PUSH(world.procs, world.n_procs,
			 (struct mnt_proc){.pid = (pid_t)(10 + i),
					   .tid = (pid_t)(10 + i),
					   .ns = i,
					   .uid = 1000 * i,
					   .comm = "x",
					   .command = "x",
					   .cgroup = ""});
	}
	return world;
}

#endif
