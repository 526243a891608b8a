/* SPDX-License-Identifier: Apache-2.0 */
/* A user namespace that exists only to carry an id map, as mount_setattr(2) wants one. */
#ifndef EXEC_IDMAP_H
#define EXEC_IDMAP_H

#include "base/err.h"

/* A descriptor of a new user namespace with this map (mnt/attr.h's text form). */
int exec_idmap_fd(const char *map, struct err *err);

#endif
