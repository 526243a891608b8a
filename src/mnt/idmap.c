// SPDX-License-Identifier: Apache-2.0
/* Id maps as text: "u:0:100000:65536,g:0:100000:65536". See user_namespaces(7). */
#include "mnt/attr.h"
#include "base/mem.h"

#include <errno.h>
#include <string.h>

#define RANGES_MAX 340 /* the kernel's UID_GID_MAP_MAX_EXTENTS */

struct range {
	bool u, g;
	uint64_t inside, outside, length;
};

static int parse_range(const char *text, struct range *ret, struct err *err)
{
	AUTO(strv) struct strv part = {0};
	struct range r = {.u = true, .g = true};
	const char *numbers = text;

	if (str_starts(text, "u:") || str_starts(text, "g:")) {
		r.u = *text == 'u';
		r.g = !r.u;
		numbers += 2;
	}
	strv_split(&part, numbers, ':');
	if (part.n != 3 || str_to_u64(part.v[0], UINT32_MAX - 1, &r.inside, NULL) < 0 ||
	    str_to_u64(part.v[1], UINT32_MAX - 1, &r.outside, NULL) < 0 ||
	    str_to_u64(part.v[2], UINT32_MAX, &r.length, NULL) < 0)
		return err_say(err, EINVAL,
			       "'%s' is not an id range: expected [u:|g:]INSIDE:OUTSIDE:LENGTH",
			       text);
	if (!r.length || r.inside + r.length > UINT32_MAX || r.outside + r.length > UINT32_MAX)
		return err_say(err, EINVAL, "id range '%s' is empty or passes 2^32-2", text);
	*ret = r;
	return 0;
}

static bool overlap(uint64_t a, uint64_t b, uint64_t a_length, uint64_t b_length)
{
	return a < b + b_length && b < a + a_length;
}

static bool ranges_clash(const struct range *a, const struct range *b)
{
	return ((a->u && b->u) || (a->g && b->g)) &&
	       (overlap(a->inside, b->inside, a->length, b->length) ||
		overlap(a->outside, b->outside, a->length, b->length));
}

int mnt_idmap_check(const char *map, struct err *err)
{
	AUTO(strv) struct strv part = {0};
	struct range range[RANGES_MAX];
	bool u = false, g = false;

	strv_split(&part, map, ',');
	if (part.n > RANGES_MAX)
		return err_say(err, EINVAL, "more than %d id ranges", RANGES_MAX);
	for (size_t i = 0; i < part.n; i++) {
		if (parse_range(part.v[i], &range[i], err) < 0)
			return -EINVAL;
		for (size_t k = 0; k < i; k++)
			if (ranges_clash(&range[i], &range[k]))
				return err_say(err, EINVAL, "id ranges '%s' and '%s' overlap",
					       part.v[k], part.v[i]);
		u |= range[i].u;
		g |= range[i].g;
	}
	if (!u || !g)
		return err_say(err, EINVAL, "id map '%s' has no range for %s", map,
			       u ? "groups" : "users");
	return 0;
}

char *mnt_idmap_lines(const char *map, char kind)
{
	AUTO(strv) struct strv part = {0};
	struct buf out = {0};

	strv_split(&part, map, ',');
	for (size_t i = 0; i < part.n; i++) {
		struct range r;
		if (parse_range(part.v[i], &r, NULL) == 0 && (kind == 'u' ? r.u : r.g))
			buf_addf(&out, "%llu %llu %llu\n", (unsigned long long)r.inside,
				 (unsigned long long)r.outside, (unsigned long long)r.length);
	}
	return buf_take(&out);
}
