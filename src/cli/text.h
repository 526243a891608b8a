/* SPDX-License-Identifier: Apache-2.0 */
/* Text that the user hands in, and text that goes to standard output. */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include "op/op.h"

/*
 * A file that the user named, all of it; - is standard input. Unlike io_read_file it waits for a
 * pipe's writer. At most max bytes, none of them NUL.
 */
int text_read(const char *file, size_t max, struct buf *ret, struct err *err);
/* To standard output; an error there is one of the command's. */
int text_print(const struct buf *out, struct err *err);
/* Ops: those of the file (NULL: none) first, then the n arguments, each of them a line; checked. */
int text_parse_ops(const char *file, char *const *lines, size_t n, struct ops *ops,
		   struct err *err);
/* Ops as text or as JSON, to standard output. */
int text_print_ops(const struct ops *ops, bool json, struct err *err);

#endif
