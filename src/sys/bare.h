/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls by code that has no libc: before it has begun, or beside a thread whose memory,
 * errno among it, is used by another. Only where BARE_CALLS is defined.
 */
#ifndef SYS_BARE_H
#define SYS_BARE_H

#include <stdbool.h>
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
#define BARE_CALLS
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

/*
 * clone(2) of a thread that calls `work` on a stack of its own, which ends at `top`, and ends. With
 * CLONE_PARENT_SETTID *tid is there before it begins.
 */
BARE static inline long bare_thread(long flags, void *top, void (*work)(void), int *tid)
{
	register long r10 __asm__("r10") = 0;
	register long r8 __asm__("r8") = 0;
	long result;

	__asm__ volatile("syscall\n"
			 "	test %%rax, %%rax\n"
			 "	jnz 1f\n"
			 "	xor %%ebp, %%ebp\n"
			 "	call *%[work]\n"
			 "	mov %[exit], %%eax\n"
			 "	xor %%edi, %%edi\n"
			 "	syscall\n"
			 "1:"
			 : "=a"(result)
			 : "a"((long)SYS_clone), "D"(flags), "S"(top), "d"(tid), "r"(r10),
			   "r"(r8), [work] "b"(work), [exit] "i"(SYS_exit)
			 : "rcx", "r11", "memory");
	return result;
}
#elif defined(__aarch64__)
#define BARE_CALLS
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

BARE static inline long bare_thread(long flags, void *top, void (*work)(void), int *tid)
{
	register long x8 __asm__("x8") = SYS_clone;
	register long x0 __asm__("x0") = flags;
	register void *x1 __asm__("x1") = top;
	register int *x2 __asm__("x2") = tid;
	register long x3 __asm__("x3") = 0;
	register long x4 __asm__("x4") = 0;

	__asm__ volatile("svc 0\n"
			 "	cbnz x0, 1f\n"
			 "	mov x29, xzr\n"
			 "	blr %[work]\n"
			 "	mov x8, %[exit]\n"
			 "	mov x0, xzr\n"
			 "	svc 0\n"
			 "1:"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3),
			   "r"(x4), [work] "r"(work), [exit] "i"(SYS_exit)
			 : "memory");
	return x0;
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
