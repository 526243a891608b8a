// SPDX-License-Identifier: Apache-2.0
/* Strings, vectors, numbers, sizes and errors. */
#include "unit.h"

static void numbers(void **state)
{
	uint64_t n = 7;

	assert_int_equal(str_to_u64("0", 9, &n, NULL), 0);
	assert_int_equal(n, 0);
	assert_int_equal(str_to_u64("18446744073709551615", UINT64_MAX, &n, NULL), 0);
	assert_true(n == UINT64_MAX);
	assert_int_equal(str_to_u64("00042", 42, &n, NULL), 0);
	assert_int_equal(n, 42);
	assert_fails(EINVAL, "expected", str_to_u64("", 9, &n, err));
	assert_fails(ERANGE, "larger than 9", str_to_u64("10", 9, &n, err));
	assert_fails(ERANGE, "larger than 0", str_to_u64("1", 0, &n, err));
	assert_fails(ERANGE, "larger", str_to_u64("18446744073709551616", UINT64_MAX, &n, err));
	static const char *const wrong[] = {"-1", "+1", " 1", "1 ", "0x1", "1e3", "1.0"};
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_fails(EINVAL, "whole number", str_to_u64(wrong[i], 9, &n, err));
	assert_int_equal(n, 42);
}

static void sizes(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} right[] = {{"0", 0},
		     {"1", 1},
		     {"17b", 17},
		     {"1k", 1024},
		     {"1K", 1024},
		     {"64m", 64 << 20},
		     {"64MB", 64 << 20},
		     {"2g", 2ULL << 30},
		     {"8388607t", 8388607ULL << 40},
		     {"9223372036854775807", INT64_MAX}};
	uint64_t n;

	for (size_t i = 0; i < ARRAY_SIZE(right); i++) {
		assert_works(str_to_size(right[i].text, &n, err));
		assert_true(n == right[i].bytes);
	}
	static const char *const wrong[] = {"", "m", "-1m", "1x", "1kk", "1mib", "1 m", "1.5g"};
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_fails(EINVAL, "not a size", str_to_size(wrong[i], &n, err));
	static const char *const large[] = {"9223372036854775808", "8388608t", "99999999999999g"};
	for (size_t i = 0; i < ARRAY_SIZE(large); i++)
		assert_fails(ERANGE, "too large", str_to_size(large[i], &n, err));
}

static void buffers(void **state)
{
	AUTO(buf) struct buf b = {0};
	AUTO_FREE char *empty = buf_take(&b);

	assert_string_equal(empty, "");
	for (int i = 0; i < 1000; i++)
		buf_addf(&b, "%d,", i % 10);
	assert_int_equal(b.len, 2000);
	assert_int_equal(strlen(b.data), 2000);
	buf_add(&b, "a\0b", 3);
	assert_int_equal(b.len, 2003);
	assert_memory_equal(b.data + 2000, "a\0b", 4);
	AUTO_FREE char *taken = buf_take(&b);
	assert_int_equal(strlen(taken), 2001);
	assert_null(b.data);
	assert_int_equal(b.len, 0);
}

static void vectors(void **state)
{
	AUTO(strv) struct strv sv = {0};

	strv_split(&sv, "", ',');
	assert_int_equal(sv.n, 0);
	strv_split(&sv, "a,,b,", ',');
	assert_int_equal(sv.n, 4);
	assert_string_equal(sv.v[1], "");
	assert_string_equal(sv.v[2], "b");
	assert_string_equal(sv.v[3], "");
	assert_null(sv.v[4]);
	assert_true(strv_has(&sv, "b"));
	assert_false(strv_has(&sv, "c"));
	AUTO(strv) struct strv copy = strv_copy(&sv);
	strv_addf(&copy, "%s%d", "x", 1);
	assert_int_equal(sv.n, 4);
	assert_string_equal(copy.v[4], "x1");
}

static void printable(void **state)
{
	AUTO_FREE char *s = str_printable("a\tb\033[1m\177é");

	assert_string_equal(s, "a\\011b\\033[1m\\177é");
}

static void errors(void **state)
{
	AUTO(err) struct err e = {0};

	assert_int_equal(err_set(&e, ENOENT, "open %s", "/x"), -ENOENT);
	assert_string_equal(e.msg, "open /x: No such file or directory");
	assert_int_equal(err_add(&e, "--bind"), -ENOENT);
	assert_int_equal(err_hint(&e, "make it"), -ENOENT);
	assert_string_equal(e.msg, "--bind: open /x: No such file or directory; make it");
	assert_int_equal(err_say(&e, EINVAL, "no"), -EINVAL);
	assert_string_equal(e.msg, "no");
	assert_int_equal(err_say(NULL, EPERM, "nobody listens"), -EPERM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers), cmocka_unit_test(sizes),	cmocka_unit_test(buffers),
		cmocka_unit_test(vectors), cmocka_unit_test(printable), cmocka_unit_test(errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
