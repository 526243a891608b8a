/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers of tables share; private to read. */
#ifndef READ_PARTS_H
#define READ_PARTS_H

#include "mnt/mnt.h"

/* Sets mnt.from in a table of statmount(2), whose namespace is `ns` and `ns_fd` as there. */
int read_propagate_from(uint64_t ns, int ns_fd, struct mnt_table *table, struct err *err);

/*
 * Runs `work` in a child that has entered the namespace; what is mapped as shared and the
 * descriptors are the same there. `work` returns 0 or an errno.
 */
int read_inside(int ns_fd, int (*work)(void *ctx), void *ctx, struct err *err);

/* read_mountinfo up to where `enough`, asked after each piece, says so; it may drop the last ones.
 */
int read_mountinfo_until(int fd, const char *name,
			 bool (*enough)(void *ctx, struct mnt_table *table), void *ctx,
			 struct mnt_table *ret, struct err *err);
/*
 * The mountinfo of a namespace with this id, 0: not known, together with statmount(2) where that is
 * faster.
 */
int read_both_ends(int fd, const char *name, uint64_t ns, struct mnt_table *ret, struct err *err);

#endif
