// SPDX-License-Identifier: Apache-2.0
/* The descriptors that a process keeps. */
#include "box/descriptors.h"
#include "sys/calls.h"

#include <errno.h>
#include <stdlib.h>

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

int descriptors_close_but(unsigned first, int *keep, size_t n)
{
	qsort(keep, n, sizeof(*keep), by_number);
	for (size_t i = 0; i < n; i++) {
		unsigned fd = (unsigned)keep[i];
		if (keep[i] < 0 || fd < first) /* twice, too */
			continue;
		if (fd > first && sys_close_range(first, fd - 1) < 0)
			return -errno;
		first = fd + 1;
	}
	return sys_close_range(first, ~0U) < 0 ? -errno : 0;
}
