// SPDX-License-Identifier: Apache-2.0
/*
 * malloc(3) of a program that allocates some thousand times and ends. musl's takes memory from the
 * kernel, and gives it back, in small pieces: that is a tenth of a start. Here it comes in one, and
 * nothing is given back but what is large; what is freed is used again for what has its size. What
 * is freed twice ends the program, as it does with libc's. There are no threads.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	UNIT = 16,
	SMALL = 1024,	   /* a list for each multiple of UNIT until here, then of SMALL */
	LARGE = 64 * 1024, /* above it each has a mapping of its own */
	CHUNK = 96 * 1024,
	N_SMALL = SMALL / UNIT,
	N_LISTS = N_SMALL + LARGE / SMALL - 1,
};

/* In front of what is given out. */
struct head {
	size_t size;	   /* what can be used, a multiple of UNIT; one more: it is free */
	struct head *next; /* on a list: free */
};
_Static_assert(sizeof(struct head) == UNIT, "what follows it is aligned");

static char *unused, *end; /* of the last chunk */
static struct head *lists[N_LISTS];

static size_t rounded(size_t n)
{
	size_t unit = n <= SMALL ? UNIT : SMALL;

	return n ? (n + unit - 1) & ~(unit - 1) : UNIT;
}

static struct head **list_of(size_t size)
{
	return &lists[size <= SMALL ? size / UNIT - 1 : N_SMALL + size / SMALL - 2];
}

static void *map(size_t n, int flags)
{
	flags |= MAP_PRIVATE | MAP_ANONYMOUS;
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, flags, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static struct head *map_large(size_t n)
{
	size_t size = n < PTRDIFF_MAX - 2 * UNIT ? (n + UNIT - 1) & ~(size_t)(UNIT - 1) : 0;
	struct head *block = size ? map(size + UNIT, 0) : NULL;

	if (block)
		block->size = size;
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
			*list = block->next, block->size &= ~(size_t)1;
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

/* The head of what was given out; `p` is not NULL. */
static struct head *head_of(void *p)
{
	static const char sorry[] = "mntns-oci: memory was freed twice, or is none of the heap's\n";
	struct head *block = (struct head *)p - 1;

	if ((uintptr_t)p % UNIT == 0 && block->size && block->size % UNIT == 0)
		return block;
	(void)!write(STDERR_FILENO, sorry, sizeof(sorry) - 1);
	kill(getpid(), SIGABRT);
	_exit(128 + SIGABRT);
}

void free(void *p)
{
	struct head *block, **list;

	if (!p)
		return;
	block = head_of(p);
	if (block->size > LARGE) {
		int code = errno;
		munmap(block, block->size + UNIT);
		errno = code;
		return;
	}
	list = list_of(block->size);
	block->size++;
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
	struct head *block;

	if (!p)
		return take(n);
	block = head_of(p);
	if (n <= block->size || (n <= LARGE && grow(block, rounded(n))))
		return p;
	void *moved = take(n);
	if (moved) {
		memcpy(moved, p, block->size);
		free(p);
	}
	return moved;
}
