// SPDX-License-Identifier: Apache-2.0
/* The kernel's own list of mount namespaces, as a watch needs it. */
#include "base/map.h"
#include "read/watch_parts.h"
#include "sys/probe.h"
#include "sys/uapi.h"

#include <fcntl.h>

/* From the caller's own namespace to one end of the list; false of `visit` ends it. */
static void walk(unsigned long direction, bool (*visit)(int fd, uint64_t id, void *ctx), void *ctx)
{
	AUTO_FD int at = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	struct uapi_mnt_ns_info info = {.size = sizeof(info)};
	int next;

	while (at >= 0 && (next = ioctl(at, direction, &info)) >= 0) {
		close(at);
		at = next;
		if (!visit(at, info.mnt_ns_id, ctx))
			return;
	}
}

static bool mix(int fd, uint64_t id, void *ctx)
{
	uint64_t *sum = ctx;

	*sum += map_hash(0, &id, sizeof(id));
	return true;
}

uint64_t watch_fingerprint(void)
{
	uint64_t sum = 1;

	if (!probe_may_try(PROBE_NSFS))
		return 0;
	walk(NS_MNT_GET_NEXT, mix, &sum);
	walk(NS_MNT_GET_PREV, mix, &sum);
	return sum == 1 ? 0 : sum;
}

struct wanted {
	uint64_t id;
	int fd;
};

static bool is_not_it(int fd, uint64_t id, void *ctx)
{
	struct wanted *wanted = ctx;

	if (id != wanted->id)
		return true;
	wanted->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return false;
}

int watch_open_ns(uint64_t id)
{
	struct wanted wanted = {id, -1};

	if (!probe_may_try(PROBE_NSFS) || !id)
		return -1;
	walk(NS_MNT_GET_NEXT, is_not_it, &wanted);
	if (wanted.fd < 0)
		walk(NS_MNT_GET_PREV, is_not_it, &wanted);
	return wanted.fd;
}
