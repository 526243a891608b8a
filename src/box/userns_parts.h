/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of userns*.c share. */
#ifndef BOX_USERNS_PARTS_H
#define BOX_USERNS_PARTS_H

#include "box/userns.h"

#define NEWUIDMAP "/usr/bin/newuidmap"
#define NEWGIDMAP "/usr/bin/newgidmap"

/* --- userns_rootless.c --- */
char *userns_rootless_map(const struct spec *spec);

/* --- userns_joined.c --- */
/* That of the namespace which the spec joins, which must be the one it says. NULL: it is ours. */
int userns_joined_map(const struct spec *spec, char **ret, struct err *err);

#endif
