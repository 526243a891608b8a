/* SPDX-License-Identifier: Apache-2.0 */
/* Small files and file descriptors. Every descriptor is close-on-exec from birth. */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <dirent.h>

#include "base/str.h"

/* Whole file, at most max bytes (EFBIG beyond); dirfd as in openat(2); a FIFO does not block. */
int io_read_file(int dirfd, const char *path, size_t max, struct buf *ret, struct err *err);
/* A directory to read; NULL with errno. */
DIR *io_open_dir(int dirfd, const char *path);
/* One write(2) of `text` to an existing file, as kernel interfaces want it. */
int io_write_file(int dirfd, const char *path, const char *text, struct err *err);
/* All of it, despite signals and short writes. */
int io_write_all(int fd, const void *data, size_t len);
/* What was printed is out, also what went before this was called. */
int io_flush_stdout(struct err *err);
/* Opens /dev/null on each of 0, 1, 2 that is closed, so that no later open lands there. */
void io_fix_standard_fds(void);

#endif
