/* SPDX-License-Identifier: Apache-2.0 */
/* What the unit tests share: cmocka, and assertions about errors. */
#ifndef UNIT_H
#define UNIT_H

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

/* `call` fails with this code and a sentence that has `part` in it. `err` stands in its scope. */
#define assert_fails(code_, part_, call_)                                                          \
	do {                                                                                       \
		AUTO(err) struct err err_ = {0};                                                   \
		struct err *err = &err_;                                                           \
		assert_int_equal(call_, -(code_));                                                 \
		assert_int_equal(err_.code, code_);                                                \
		assert_contains(err_.msg, part_);                                                  \
	} while (0)

/* `call` succeeds; on a failure its sentence is shown. */
#define assert_works(call_)                                                                        \
	do {                                                                                       \
		AUTO(err) struct err err_ = {0};                                                   \
		struct err *err = &err_;                                                           \
		if ((call_) < 0)                                                                   \
			fail_msg("%s: %s", #call_, err_.msg ? err_.msg : "no sentence");           \
		assert_null(err_.msg);                                                             \
	} while (0)

#define assert_contains(text_, part_)                                                              \
	do {                                                                                       \
		const char *text_of_ = (text_), *part_of_ = (part_);                               \
		if (!text_of_ || !strstr(text_of_, part_of_))                                      \
			fail_msg("'%s' is not in: %s", part_of_, text_of_ ? text_of_ : "(null)");  \
	} while (0)

/* `call` yields an owned string, which is this one. */
#define assert_yields(want_, call_)                                                                \
	do {                                                                                       \
		AUTO_FREE char *text_ = (call_);                                                   \
		assert_string_equal(text_, want_);                                                 \
	} while (0)

#endif
