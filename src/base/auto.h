/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ownership in types: a variable declared with one of these is released when it
 * leaves its scope. TAKE_PTR and TAKE_FD hand the value on instead.
 */
#ifndef BASE_AUTO_H
#define BASE_AUTO_H

#include <stdlib.h>
#include <unistd.h>

static inline void auto_free(void *p)
{
	free(*(void **)p);
}

static inline void auto_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

#define AUTO_FREE __attribute__((cleanup(auto_free)))
#define AUTO_FD	  __attribute__((cleanup(auto_close)))
/* AUTO(buf) struct buf b = {}; calls buf_done(&b). */
#define AUTO(type) __attribute__((cleanup(type##_done)))

#define TAKE_FD(fd) take_fd(&(fd))
#define TAKE_PTR(p)                                                                                \
	({                                                                                         \
		__typeof__(p) taken_ = (p);                                                        \
		(p) = NULL;                                                                        \
		taken_;                                                                            \
	})

#define FORMAT(fmt, args) __attribute__((format(printf, fmt, args)))
#define ARRAY_SIZE(a)	  (sizeof(a) / sizeof((a)[0]))

#endif
