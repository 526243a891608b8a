// SPDX-License-Identifier: Apache-2.0
/* Values that are words of a list, or a list of numbers. */
#include "oci/place.h"

#include <errno.h>
#include <string.h>

int place_word(const struct place *p, const struct place_word *words, size_t n, uint64_t *ret,
	       struct err *err)
{
	const char *name = place_text(p, err);

	if (!name)
		return -EINVAL;
	for (size_t i = 0; i < n; i++)
		if (!strcmp(words[i].name, name)) {
			*ret = words[i].value;
			return 0;
		}
	return place_refuse(p, err, "'%s' is none that this runtime knows", name);
}

int place_list(const struct place *p, const char *text, size_t max, unsigned long *bits,
	       struct err *err)
{
	const size_t width = 8 * sizeof(*bits);
	AUTO(strv) struct strv parts = {0};

	strv_split(&parts, text, ',');
	for (size_t i = 0; i < parts.n; i++) {
		char *dash = strchr(parts.v[i], '-');
		uint64_t first, last;
		if (dash)
			*dash = 0;
		if (str_to_u64(parts.v[i], max - 1, &first, NULL) < 0 ||
		    str_to_u64(dash ? dash + 1 : parts.v[i], max - 1, &last, NULL) < 0 ||
		    first > last)
			return place_refuse(p, err,
					    "expected a list like 0-3,7 of numbers up to %zu, not "
					    "'%s'",
					    max - 1, text);
		for (; first <= last; first++)
			bits[first / width] |= 1UL << (first % width);
	}
	return 0;
}
