/* SPDX-License-Identifier: Apache-2.0 */
/* A small PID 1 that reaps what the program leaves, and forwards signals to it. */
#ifndef BOX_INIT_H
#define BOX_INIT_H

#include "base/err.h"

/* Returns 0 in the process that shall become the program; PID 1 stays and never returns. */
int init_fork(struct err *err);

#endif
