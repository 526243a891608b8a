/* SPDX-License-Identifier: Apache-2.0 */
/* Who a process belongs to, as the path of its cgroup says it: systemd's unit, an engine's
 * container. */
#ifndef MNT_OWNER_H
#define MNT_OWNER_H

#include "base/arena.h"

struct mnt_owner {
	const char *unit, *engine, *container, *pod; /* NULL: not said */
};

/* `path` is a cgroup's path from the root of its hierarchy. Strings are put into `text`. */
struct mnt_owner mnt_owner_parse(const char *path, struct arena *text);

#endif
