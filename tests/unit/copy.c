// SPDX-License-Identifier: Apache-2.0
/* The copying of mntns-oci where that is linked with musl, beside libc's. */
#include "unit.h"

#include <string.h>

#define memcpy	copy_memcpy
#define memmove copy_memmove
void *copy_memcpy(void *restrict to, const void *restrict from, size_t n);
void *copy_memmove(void *to, const void *from, size_t n);
#include "musl/copy.c"
#undef memcpy
#undef memmove

enum {
	N = 512,
	MOST = 200 /* bytes; the way changes at 128 */
};

/* Each byte tells where it was. */
static void fill(unsigned char *bytes)
{
	for (size_t i = 0; i < N; i++)
		bytes[i] = (unsigned char)(i * 7 + i / 256);
}

/* All lengths, from and to each alignment, over each other and not: what is around stays. */
static void moves(void **state)
{
	unsigned char ours[N], theirs[N];

	for (size_t n = 0; n < MOST; n++)
		for (size_t from = 128; from < 128 + 16; from++)
			for (size_t to = 120; to < 128 + 24; to++) {
				fill(ours), fill(theirs);
				assert_ptr_equal(copy_memmove(ours + to, ours + from, n),
						 ours + to);
				memmove(theirs + to, theirs + from, n);
				assert_memory_equal(ours, theirs, N);
			}
}

static void copies(void **state)
{
	unsigned char ours[N], theirs[N], source[N];

	fill(source);
	for (size_t n = 0; n < MOST; n++)
		for (size_t at = 0; at < 16; at++) {
			memset(ours, 0, N), memset(theirs, 0, N);
			assert_ptr_equal(copy_memcpy(ours + at, source + 15 - at, n), ours + at);
			memcpy(theirs + at, source + 15 - at, n);
			assert_memory_equal(ours, theirs, N);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(moves), cmocka_unit_test(copies)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
