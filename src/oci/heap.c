// SPDX-License-Identifier: Apache-2.0
/*
 * malloc(3) of a program that allocates some thousand times and ends. libc's gives memory back to
 * the kernel in between, and each time the kernel tells the other processor, where a thread is in
 * the same memory: that is a fifth of a start with musl, a twentieth with glibc. Nothing is given
 * back here but what is large; what is freed is used again for what has its size. The only thread
 * beside allocates nothing; see box/ahead.c.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
	UNIT = 16,
	SMALL = 1024, /* a list for each multiple of UNIT until here, then for each power of 2 */
	LARGE = 64 * 1024, /* above it each has a mapping of its own */
	CHUNK = 128 * 1024,
	N_LISTS = SMALL / UNIT + 6,
};

/* In front of what is given out. */
struct head {
	size_t size;	   /* what can be used; rounded() */
	struct head *next; /* on a list: free */
};
_Static_assert(sizeof(struct head) == UNIT, "what follows it is aligned");

static char *unused, *end; /* of the last chunk */
static struct head *lists[N_LISTS];

static size_t rounded(size_t n)
{
	size_t size = SMALL;

	if (n <= SMALL)
		return n ? (n + UNIT - 1) & ~(size_t)(UNIT - 1) : UNIT;
	while (size < n)
		size *= 2;
	return size;
}

static struct head **list_of(size_t size)
{
	size_t list = size / UNIT;

	if (size > SMALL)
		for (list = SMALL / UNIT; size > SMALL; size /= 2)
			list++;
	return &lists[list - 1];
}

static void *map(size_t n, int flags)
{
	flags |= MAP_PRIVATE | MAP_ANONYMOUS;
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, flags, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static struct head *map_large(size_t n)
{
	struct head *block = n < PTRDIFF_MAX - UNIT ? map(n + UNIT, 0) : NULL;

	if (block)
		block->size = n;
	else
		errno = ENOMEM;
	return block;
}

static struct head *carve(size_t size)
{
	struct head *block;

	if ((size_t)(end - unused) < size + UNIT) {
		/* Most of it is going to be used: that is one call in place of many page faults. */
		char *chunk = map(CHUNK, MAP_POPULATE);
		if (!chunk)
			return NULL;
		unused = chunk, end = chunk + CHUNK;
	}
	block = (struct head *)unused;
	unused += size + UNIT;
	block->size = size;
	return block;
}

static void *take(size_t n)
{
	struct head *block;

	if (n > LARGE) {
		block = map_large(n);
	} else {
		struct head **list = list_of(rounded(n));
		block = *list;
		if (block)
			*list = block->next;
		else
			block = carve(rounded(n));
	}
	return block ? block + 1 : NULL;
}

void *malloc(size_t n)
{
	return take(n);
}

void *calloc(size_t count, size_t size)
{
	size_t n;
	void *p = NULL;

	if (__builtin_mul_overflow(count, size, &n))
		errno = ENOMEM;
	else
		p = take(n);
	return p ? memset(p, 0, n) : NULL;
}

void free(void *p)
{
	struct head *block = p, **list;

	if (!p)
		return;
	block--;
	if (block->size > LARGE) {
		int code = errno;
		munmap(block, block->size + UNIT);
		errno = code;
		return;
	}
	list = list_of(block->size);
	block->next = *list;
	*list = block;
}

/* The last one can grow where it is. */
static bool grow(struct head *block, size_t size)
{
	char *from = (char *)(block + 1);

	if (size > LARGE || from + block->size != unused || (size_t)(end - from) < size)
		return false;
	block->size = size;
	unused = from + size;
	return true;
}

void *realloc(void *p, size_t n)
{
	struct head *block = p;

	if (!p)
		return take(n);
	block--;
	if (n <= block->size || (n <= LARGE && grow(block, rounded(n))))
		return p;
	void *moved = take(n);
	if (moved) {
		memcpy(moved, p, block->size);
		free(p);
	}
	return moved;
}
