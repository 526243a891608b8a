/* SPDX-License-Identifier: Apache-2.0 */
/* Ops printed instead of carried out: what a dry run shows. */
#ifndef EXEC_PRINT_H
#define EXEC_PRINT_H

#include "op/op.h"

/* One line an op, each statement of the user's as a comment in front of what it became. */
void exec_print(const struct ops *ops, struct buf *out);

#endif
