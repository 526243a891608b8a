/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the text of calls: the words, and what may follow each. */
#ifndef SCENARIO_CALL_WORDS_H
#define SCENARIO_CALL_WORDS_H

#include "scenario/call.h"

struct bit {
	uint64_t bit;
	const char *word;
};
struct form {
	uint8_t places;
	bool number, rec, file; /* a process; "rec"; "h1 =" in front */
	const struct bit *bits;
};
extern const char *const call_names[CALL_KIND_MAX];
extern const struct bit call_ms_bits[];
/* What follows the word of a call. */
extern const struct form call_forms[CALL_KIND_MAX];

#endif
