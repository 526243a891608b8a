// SPDX-License-Identifier: Apache-2.0
/*
 * The text of a configuration, as JSON. The specification's numbers go up to 2^64-1 (engines write
 * an unlimited rlimit so), jansson's integers to 2^63-1: beyond them it would refuse the whole file
 * without saying where. They are read as real numbers, which each place can then take or refuse, as
 * it can a NUL in a string.
 */
#include "oci/place.h"
#include "base/str.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS "0123456789"

/* The length of a string, its quotes included; all of the rest if it does not end. */
static size_t string_len(const char *text, size_t len)
{
	size_t i = 1;

	while (i < len && text[i] != '"')
		i += text[i] == '\\' ? 2 : 1;
	return i < len ? i + 1 : len;
}

static bool is_wide(const char *number)
{
	errno = 0;
	strtoll(number, NULL, 10);
	return errno == ERANGE;
}

/* `text` ends with a NUL, which is not counted. */
static void widen(const char *text, size_t len, struct buf *wide)
{
	for (size_t i = 0, n; i < len; i += n) {
		bool number = text[i] == '-' || (text[i] && strchr(DIGITS, text[i]));
		size_t digits = number ? 1 + strspn(text + i + 1, DIGITS) : 0;
		n = text[i] == '"' ? string_len(text + i, len - i)
		    : number	   ? digits + strspn(text + i + digits, DIGITS ".eE+-")
				   : 1;
		buf_add(wide, text + i, n);
		if (number && n == digits && is_wide(text + i))
			buf_adds(wide, ".0");
	}
}

json_t *place_load(const char *text, size_t len, json_error_t *why)
{
	AUTO(buf) struct buf copy = {0};
	AUTO(buf) struct buf wide = {0};
	json_t *json = json_loadb(text, len, JSON_ALLOW_NUL, why);

	if (json || json_error_code(why) != json_error_numeric_overflow)
		return json;
	buf_add(&copy, text, len);
	widen(copy.data, copy.len, &wide);
	return json_loadb(wide.data, wide.len, JSON_ALLOW_NUL, why);
}
