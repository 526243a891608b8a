/* SPDX-License-Identifier: Apache-2.0 */
/* What the two users of statmount(2) share; private to read. */
#ifndef READ_STATMOUNT_H
#define READ_STATMOUNT_H

#include <stdbool.h>

#include "mnt/mnt.h"
#include "sys/uapi.h"

/* All that mountinfo has but propagate_from. */
#define READ_STATMOUNT_MASK                                                                        \
	(STATMOUNT_SB_BASIC | STATMOUNT_MNT_BASIC | STATMOUNT_MNT_ROOT | STATMOUNT_MNT_POINT |     \
	 STATMOUNT_FS_TYPE | STATMOUNT_FS_SUBTYPE | STATMOUNT_SB_SOURCE | STATMOUNT_MNT_OPTS)

/* Whether mountinfo would take longer for the namespace with this id. */
bool read_statmount_is_faster(uint64_t ns);

/* Whether this kernel's statmount has all that mountinfo has. */
bool read_statmount_works(void);
/* Appends the mounts with these unique ids, as far as they are still there; not mnt.from. */
int read_statmount_ids(uint64_t ns, const uint64_t *ids, size_t n, struct mnt_table *ret);

#endif
