/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls by code that has no libc: before it has begun, or beside a thread whose memory,
 * errno among it, is used by another. Only where BARE_CALLS is defined.
 */
#ifndef SYS_BARE_H
#define SYS_BARE_H

#define BARE		 __attribute__((no_stack_protector, no_sanitize("address"), no_sanitize("undefined")))
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
#endif

#endif
