/* SPDX-License-Identifier: Apache-2.0 */
/* As much of cmocka as the tests of the portable layers use, for tools/posix. */
#ifndef POSIX_CMOCKA_H
#define POSIX_CMOCKA_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct CMUnitTest {
	const char *name;
	void (*run)(void **state);
};
#define cmocka_unit_test(f)                                                                        \
	{                                                                                          \
#f, f                                                                              \
	}
#define cmocka_run_group_tests_name(name, tests, setup, teardown)                                  \
	posix_run(tests, sizeof(tests) / sizeof((tests)[0]))
#define cmocka_run_group_tests(tests, setup, teardown)                                             \
	posix_run(tests, sizeof(tests) / sizeof((tests)[0]))

static inline int posix_run(const struct CMUnitTest *tests, size_t n)
{
	printf("1..%zu\n", n);
	for (size_t i = 0; i < n; i++) {
		void *state = NULL;
		tests[i].run(&state);
		printf("ok %zu - %s\n", i + 1, tests[i].name);
	}
	return 0;
}

#define fail_msg(...)                                                                              \
	do {                                                                                       \
		fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);                                    \
		fprintf(stderr, __VA_ARGS__);                                                      \
		fputc('\n', stderr);                                                               \
		exit(1);                                                                           \
	} while (0)
#define posix_require(holds, text)                                                                 \
	do {                                                                                       \
		if (!(holds))                                                                      \
			fail_msg("%s", text);                                                      \
	} while (0)

#define assert_true(a)		     posix_require(a, #a)
#define assert_false(a)		     posix_require(!(a), "not " #a)
#define assert_null(a)		     posix_require(!(a), #a " is NULL")
#define assert_non_null(a)	     posix_require(a, #a " is not NULL")
#define assert_ptr_equal(a, b)	     posix_require((a) == (b), #a " is " #b)
#define assert_int_equal(a, b)	     posix_require((intmax_t)(a) == (intmax_t)(b), #a " is " #b)
#define assert_int_not_equal(a, b)   posix_require((intmax_t)(a) != (intmax_t)(b), #a " is not " #b)
#define assert_memory_equal(a, b, n) posix_require(!memcmp(a, b, n), #a " is " #b)
#define assert_string_equal(a, b)    posix_require(!strcmp(a, b), #a " is " #b)

#endif
