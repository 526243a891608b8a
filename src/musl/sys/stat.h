/* SPDX-License-Identifier: Apache-2.0 */
/* With statx(2). */
#ifndef MUSL_SYS_STAT_H
#define MUSL_SYS_STAT_H

#include_next <sys/stat.h>
#include <linux/stat.h>

int statx(int dirfd, const char *path, int flags, unsigned mask, struct statx *ret);

#endif
