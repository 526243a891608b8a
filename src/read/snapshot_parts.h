/* SPDX-License-Identifier: Apache-2.0 */
/* The pieces of snapshots: the document's keys, and what must be true of what was read. */
#ifndef READ_SNAPSHOT_PARTS_H
#define READ_SNAPSHOT_PARTS_H

#include "mnt/world.h"
#include "read/keys.h"

/* Of this major version; keys may be added to it. */
#define SNAPSHOT_VERSION 1

extern const struct key snapshot_keys[]; /* of a struct mnt_world */

/* What code relies on: order, indexes, tables that are trees. `c` makes the sentences. */
int snapshot_check(const struct mnt_world *world, struct cursor *c);

#endif
