// SPDX-License-Identifier: Apache-2.0
/*
 * musl's own, for x86-64, is a repeated move: to begin one takes longer than to move what is short,
 * and what reads JSON copies byte by byte.
 */
#include <stdint.h>
#include <string.h>

typedef uint64_t __attribute__((may_alias, aligned(1))) word;

enum {
	LONG = 128
};

/* Without it the compiler makes a call of this very function of a loop. */
static inline void keep_loop(void)
{
	__asm__ volatile("" ::: "memory");
}

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	char *into = to;
	const char *of = from;

	if (n >= LONG) {
		__asm__ volatile("rep movsb" : "+D"(into), "+S"(of), "+c"(n)::"memory");
		return to;
	}
	for (; n >= sizeof(word); n -= sizeof(word), into += sizeof(word), of += sizeof(word)) {
		*(word *)into = *(const word *)of;
		keep_loop();
	}
	for (; n; n--) {
		*into++ = *of++;
		keep_loop();
	}
	return to;
}

void *memmove(void *to, const void *from, size_t n)
{
	if ((uintptr_t)to - (uintptr_t)from >= n)
		return memcpy(to, from, n);
	for (; n; n--) {
		((char *)to)[n - 1] = ((const char *)from)[n - 1];
		keep_loop();
	}
	return to;
}
