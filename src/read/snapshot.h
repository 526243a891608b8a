/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A world as one JSON document, mntns-snapshot(5), and back. A plain copy of a mountinfo file is
 * read as a world of one namespace, of which nothing else is known.
 */
#ifndef READ_SNAPSHOT_H
#define READ_SNAPSHOT_H

#include <stdio.h>

#include "mnt/world.h"

/* Streams; whether all could be written is for the caller to ask of `out`. */
void snapshot_print(const struct mnt_world *world, FILE *out);
/*
 * EINVAL with a sentence, which begins with `name`, for what is neither, and for a snapshot that
 * lies: tables that are no trees, indexes out of range, numbers that do not fit.
 */
int snapshot_read(const char *text, size_t len, const char *name, struct mnt_world *ret,
		  struct err *err);

/*
 * The same from a file; NULL: standard input, which is all read. A directory and a named FIFO,
 * which may have no writer, are refused; a pipe such as the shell's <() is read to its end.
 */
int snapshot_load(const char *file, struct mnt_world *ret, struct err *err);

#endif
