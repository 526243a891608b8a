/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls by code that has no libc: before that has begun, or in a process born without it.
 * For another processor than these two it is libc, and nothing begins before that.
 */
#ifndef SYS_BARE_H
#define SYS_BARE_H

#include <stdbool.h>
#include <sys/mman.h>
#include <sys/syscall.h>

/* No call of memcpy or strlen in place of a loop, either. */
#ifdef __clang__
#define BARE_LOOPS no_builtin
#else
#define BARE_LOOPS optimize("no-tree-loop-distribute-patterns")
#endif
#define BARE                                                                                       \
	__attribute__((no_stack_protector, no_sanitize("address"), no_sanitize("undefined"),       \
		       BARE_LOOPS))
#define ADDRESS(pointer) ((long)(pointer))

#if defined(__x86_64__)
/* The result, or -errno. */
BARE static inline long bare_call(long number, long a, long b, long c, long d, long e)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
			 : "rcx", "r11", "memory");
	return result;
}

/* Memory that a process and those that it is going to bear share; NULL: there is none. */
BARE static inline void *bare_map_shared(long length)
{
	register long r10 __asm__("r10") = MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE;
	register long r8 __asm__("r8") = -1;
	register long r9 __asm__("r9") = 0;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"((long)SYS_mmap), "D"(0L), "S"(length),
			   "d"((long)(PROT_READ | PROT_WRITE)), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result < 0 ? 0 : (void *)result;
}

/* For who waits for another processor's word. */
BARE static inline void bare_pause(void)
{
	__asm__ volatile("pause" ::: "memory");
}
#elif defined(__aarch64__)
BARE static inline long bare_call(long number, long a, long b, long c, long d, long e)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4)
			 : "memory");
	return x0;
}

BARE static inline void *bare_map_shared(long length)
{
	register long x8 __asm__("x8") = SYS_mmap;
	register long x0 __asm__("x0") = 0;
	register long x1 __asm__("x1") = length;
	register long x2 __asm__("x2") = PROT_READ | PROT_WRITE;
	register long x3 __asm__("x3") = MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE;
	register long x4 __asm__("x4") = -1;
	register long x5 __asm__("x5") = 0;

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0 < 0 ? 0 : (void *)x0;
}

BARE static inline void bare_pause(void)
{
	__asm__ volatile("yield" ::: "memory");
}
#else
#include <errno.h>
#include <stddef.h>
#include <unistd.h>
static inline long bare_call(long number, long a, long b, long c, long d, long e)
{
	long result = syscall(number, a, b, c, d, e);

	return result < 0 ? -errno : result;
}

static inline void *bare_map_shared(long length)
{
	void *p = mmap(NULL, (size_t)length, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static inline void bare_pause(void)
{
}
#endif

BARE static inline bool bare_same(const char *a, const char *b)
{
	for (; *a == *b; a++, b++)
		if (!*a)
			return true;
	return false;
}

/* What comes behind `start` in `text`; NULL: it does not begin so. */
BARE static inline const char *bare_behind(const char *text, const char *start)
{
	for (; *start; text++, start++)
		if (*text != *start)
			return 0;
	return text;
}

#endif
