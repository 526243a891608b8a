// SPDX-License-Identifier: Apache-2.0
/* What linux.cgroupsPath names for systemd. */
#include "oci/cgroup_systemd.h"
#include "base/mem.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define SUFFIX ".slice"

/* a-b.slice is inside a.slice: each dash is a level. "-.slice" is the top. */
static char *slice_path(const char *slice)
{
	size_t len = strlen(slice) - strlen(SUFFIX);
	char *path = xstrdup("");

	for (size_t i = 1; i <= len && strcmp(slice, "-" SUFFIX); i++) {
		if (i < len && slice[i] != '-')
			continue;
		char *longer = xasprintf("%s/%.*s" SUFFIX, path, (int)i, slice);
		free(path);
		path = longer;
	}
	return path;
}

static bool slice_is_good(const char *slice)
{
	size_t len = strlen(slice), suffix = strlen(SUFFIX);

	if (!strcmp(slice, "-" SUFFIX))
		return true;
	return len > suffix && !strcmp(slice + len - suffix, SUFFIX) && *slice != '-' &&
	       slice[len - suffix - 1] != '-' && !strstr(slice, "--") && !strchr(slice, '/');
}

int cgroup_systemd_name(const char *said, bool users, struct cgroup_unit *ret, struct err *err)
{
	const char *first = strchr(said, ':'), *second = first ? strchr(first + 1, ':') : NULL;

	if (!second || !second[1] || strchr(second + 1, ':') || strchr(first, '/'))
		return err_say(err, EINVAL,
			       "linux.cgroupsPath: '%s' is not of systemd's form SLICE:PREFIX:NAME",
			       said);
	AUTO_FREE char *slice = first > said ? xstrndup(said, (size_t)(first - said))
				: users	     ? xstrdup("user.slice")
					     : xstrdup("system.slice");
	AUTO_FREE char *prefix = xstrndup(first + 1, (size_t)(second - first - 1));
	if (!slice_is_good(slice))
		return err_say(err, EINVAL,
			       "linux.cgroupsPath: '%s' is not the name of a slice: it ends in "
			       ".slice, and has single dashes only between its parts",
			       slice);
	AUTO_FREE char *above = slice_path(slice);
	ret->name = xasprintf("%s%s%s.scope", prefix, *prefix ? "-" : "", second + 1);
	ret->path = xasprintf("%s/%s", above, ret->name);
	ret->slice = TAKE_PTR(slice);
	return 0;
}

void cgroup_unit_done(struct cgroup_unit *unit)
{
	free(unit->slice);
	free(unit->name);
	free(unit->path);
	*unit = (struct cgroup_unit){0};
}
