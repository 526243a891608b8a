/* SPDX-License-Identifier: Apache-2.0 */
/* An errno of one op as a sentence: which argument, which rule, what would fix it. */
#ifndef EXEC_WHY_H
#define EXEC_WHY_H

#include "op/op.h"

/* Sets err for the op that failed with `code`; returns -code. */
int exec_why(const struct op *op, int code, struct err *err);
/* The same with a reason that the caller found out; NULL: none. */
int exec_because(const struct op *op, int code, const char *because, struct err *err);

/* On the way up: the user's words that the op comes from, where they are not the op itself. */
int exec_said(const struct op *op, int rc, struct err *err);

#endif
