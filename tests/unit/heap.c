// SPDX-License-Identifier: Apache-2.0
/* The heap of mntns-oci, beside libc's. */
#include "unit.h"

#include <sys/wait.h>

#define malloc	heap_malloc
#define calloc	heap_calloc
#define realloc heap_realloc
#define free	heap_free
void *heap_malloc(size_t n);
void *heap_calloc(size_t count, size_t size);
void *heap_realloc(void *p, size_t n);
void heap_free(void *p);
#include "oci/heap.c"

enum {
	N = 512
};

static unsigned next;
static unsigned draw(unsigned n)
{
	next = next * 1103515245 + 12345;
	return (next >> 8) % n;
}

/* Mostly small, at times around the sizes at which something else is done. */
static size_t draw_size(void)
{
	static const size_t edges[] = {0, UNIT, SMALL, 2 * SMALL, LARGE, CHUNK, 2 * CHUNK};

	return draw(8) ? draw(600) : edges[draw(ARRAY_SIZE(edges))] + draw(3);
}

static void assert_filled(const unsigned char *p, size_t n, unsigned char with)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(p[i], with);
}

/* Nobody's memory is anybody else's, and what is kept is kept. */
static void at_random(void **state)
{
	static unsigned char *p[N];
	static size_t size[N];

	for (int round = 0; round < 40000; round++) {
		unsigned i = draw(N), how = draw(4);
		size_t n = draw_size();
		if (p[i])
			assert_filled(p[i], size[i] < 64 ? size[i] : 64, (unsigned char)i);
		if (how == 0) {
			free(p[i]), p[i] = NULL, size[i] = 0;
			continue;
		} else if (how == 1) {
			p[i] = realloc(p[i], n);
			assert_filled(p[i], size[i] < n ? size[i] : n, (unsigned char)i);
		} else {
			free(p[i]);
			p[i] = how == 2 ? malloc(n) : calloc(n, 1);
			if (how == 3)
				assert_filled(p[i], n, 0);
		}
		assert_non_null(p[i]);
		assert_int_equal((uintptr_t)p[i] % UNIT, 0);
		memset(p[i], (int)i, size[i] = n);
	}
	for (int i = 0; i < N; i++)
		free(p[i]);
}

/* One that watches for a year takes no more than in its first minute. */
static void used_again(void **state)
{
	for (size_t n = 1; n <= LARGE; n = n * 3 / 2 + 1) {
		void *one = malloc(n);
		free(one);
		for (int i = 0; i < 100; i++) {
			void *again = calloc(1, n);
			assert_ptr_equal(again, one);
			free(again);
		}
	}
}

/* The first test: nothing has been freed. */
static void grows_in_place(void **state)
{
	char *p = malloc(100);
	assert_ptr_equal(realloc(p, 900), p);
	char *q = malloc(1);
	assert_true(q >= p + 900);
	assert_ptr_not_equal(realloc(p, 2000), p);
}

static void refuses(void **state)
{
	errno = 0;
	assert_null(malloc(PTRDIFF_MAX));
	assert_int_equal(errno, ENOMEM);
	errno = 0;
	assert_null(calloc(SIZE_MAX / 2, 3));
	assert_int_equal(errno, ENOMEM);
	char *p = malloc(10);
	memset(p, 7, 10);
	assert_null(realloc(p, SIZE_MAX));
	assert_filled((unsigned char *)p, 10, 7);
	free(p);
	free(NULL);
}

/* The child's way to end, without what it says. */
static int end_of(void (*act)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		close(STDERR_FILENO);
		act();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void free_once(void)
{
	free(malloc(100));
}

static void free_twice(void)
{
	char *p = malloc(100);
	free(p), free(p);
}

static void grow_freed(void)
{
	char *p = malloc(100);
	free(p), (void)!realloc(p, 50);
}

static void free_none(void)
{
	char *p = calloc(1, 100);
	free(p + UNIT);
}

static void misuse(void **state)
{
	assert_int_equal(end_of(free_once), 0);
	assert_int_equal(end_of(free_twice), SIGABRT);
	assert_int_equal(end_of(grow_freed), SIGABRT);
	assert_int_equal(end_of(free_none), SIGABRT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows_in_place), cmocka_unit_test(at_random),
		cmocka_unit_test(used_again),	  cmocka_unit_test(refuses),
		cmocka_unit_test(misuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
