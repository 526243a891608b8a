/* SPDX-License-Identifier: Apache-2.0 */
/* The descriptors behind handles: from the op that makes one to the last op that names it. */
#ifndef EXEC_HANDLE_H
#define EXEC_HANDLE_H

#include "exec/kernel.h"

/* The handle's descriptor, or -1 where the handle is void. */
int exec_handle(const struct exec *ex, int handle);
void exec_set_handle(struct exec *ex, int handle, int fd);
/* Closes what no op behind ops->v[at] names: an open descriptor would keep its mount busy. */
void exec_close_after(struct exec *ex, const struct op *op, size_t at, const size_t *last);

#endif
