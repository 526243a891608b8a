/* SPDX-License-Identifier: Apache-2.0 */
/* Allocation that cannot fail: out of memory aborts. VEC_PUSH grows a plain array. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>

#include "base/auto.h"

void *xrealloc(void *p, size_t count, size_t size);
void *xcalloc(size_t count, size_t size);
/* NULL gives NULL. */
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xasprintf(const char *fmt, ...) FORMAT(1, 2);
char *xvasprintf(const char *fmt, va_list args) FORMAT(1, 0);

/* Appends one element to `v` (n elements, capacity the next power of two); yields its address. */
#define VEC_PUSH(v, n, ...)                                                                        \
	({                                                                                         \
		if (((n) & ((n)-1)) == 0)                                                          \
			(v) = xrealloc((v), (n) ? 2 * (n) : 1, sizeof(*(v)));                      \
		(v)[(n)] = (__VA_ARGS__);                                                          \
		&(v)[(n)++];                                                                       \
	})

#endif
