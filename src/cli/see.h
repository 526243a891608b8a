/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the commands that look share: where they look (the live machine, or a file with --from), and
 * how a namespace is named: PID, self, host, mnt:[INODE] or the bare number, a pin's name, the path
 * of an nsfs file, the id of a container or its beginning.
 */
#ifndef CLI_SEE_H
#define CLI_SEE_H

#include "cli/table_options.h"
#include "mnt/world.h"
#include "read/scan.h"

/* The first member of a command's own arguments. */
struct see_args {
	struct view_format format; /* first: TABLE_OPTIONS fill it */
	const char *from;
};
/* The row of --from, for a table of options whose context begins with a struct see_args. */
#define SEE_OPTIONS                                                                                \
	{                                                                                          \
		"from", 0, NULL, "FILE", 0, "file", "Input",                                       \
			"look at a snapshot, or at a copy of a mountinfo file, instead of the "    \
			"live machine; - is standard input",                                       \
			see_set_from, 0                                                            \
	}
int see_set_from(void *ctx, const struct option *option, const char *value, struct err *err);

/* On standard error: the world's gaps from the first-th on. */
void see_tell_gaps(const struct mnt_world *world, size_t first);
/* All namespaces; flags are SCAN_*, for the live machine. Gaps are told on standard error. */
int see_world(const struct see_args *args, unsigned flags, struct mnt_world *ret, struct err *err);
/*
 * A world that has the one namespace named, with its table, and its index there. name NULL: the
 * caller's own, or that of the file. Where `name` is a file that is no nsfs file, it is a snapshot.
 */
int see_one(const struct see_args *args, const char *name, struct mnt_world *ret, uint32_t *ret_ns,
	    struct err *err);
/* A namespace of this world by its name; ENOENT with a sentence. */
int see_find(const struct mnt_world *world, const char *name, uint32_t *ret_ns, struct err *err);

#endif
