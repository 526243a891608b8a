// SPDX-License-Identifier: Apache-2.0
/* Features that may be missing, and the switch that makes them so. */
#include "sys/probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

static const char *const names[PROBE_MAX] = {
	[PROBE_OVERLAY_LOWERDIR] = "lowerdir+",
	[PROBE_STATMOUNT] = "statmount",
	[PROBE_MOUNTINFO] = "mountinfo",
	[PROBE_NSFS] = "nsfs",
	[PROBE_FANOTIFY] = "fanotify",
	[PROBE_DETACHED] = "detached",
	[PROBE_TEMPLATE] = "template",
	[PROBE_AHEAD] = "ahead",
	[PROBE_PIDFS] = "pidfs",
};

bool probe_may_try(enum probe feature)
{
	const char *without = getenv("MNTNS_WITHOUT");
	size_t len = strlen(names[feature]);

	while (without && *without) {
		size_t word = strcspn(without, ",");
		if (word == len && !strncmp(without, names[feature], len))
			return false;
		without += word + (without[word] == ',');
	}
	return true;
}

bool probe_is_since(unsigned major, unsigned minor)
{
	static _Thread_local unsigned a, b; /* of the kernel that runs */
	struct utsname name;

	if (!a && (uname(&name) < 0 || sscanf(name.release, "%u.%u", &a, &b) < 1))
		return false;
	return a > major || (a == major && b >= minor);
}
