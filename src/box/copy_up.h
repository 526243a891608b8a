/* SPDX-License-Identifier: Apache-2.0 */
/* tmpcopyup: a new file system starts with a copy of the directory that it covers. */
#ifndef BOX_COPY_UP_H
#define BOX_COPY_UP_H

#include "base/err.h"

/* From the directory `path` of this process's root, where it is one, into the directory `to`. */
int copy_up(const char *path, int to, struct err *err);

#endif
