// SPDX-License-Identifier: Apache-2.0
/* linux.resources: what is said by the name of a page size, an interface, a device, a file. */
#include "base/mem.h"
#include "oci/resources_parts.h"

#include <errno.h>
#include <string.h>

/*
 * What is used, and what is reserved: without a limit of the latter, which older kernels lack, mmap
 * gives what a first access then ends by SIGBUS.
 */
static void add_huge(struct resources *r, const char *size, int64_t limit)
{
	static const char *const kinds[] = {"", ".rsvd"};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		AUTO_FREE char *v1 = xasprintf("hugetlb.%s%s.limit_in_bytes", size, kinds[i]);
		AUTO_FREE char *v2 = xasprintf("hugetlb.%s%s.max", size, kinds[i]);
		struct cgroup_write *w = resources_add(
			r, "hugetlb", v1, v2, resources_number(limit), "hugepageLimits.%s", size);
		w->usual = i > 0;
	}
}

static int read_huge(const struct place *p, void *arg, struct err *err)
{
	struct place size = place_in(p, "pageSize");
	const char *text = place_is_object(p, err) < 0 ? NULL : place_text(&size, err);
	int64_t limit = 0;

	if (!text || place_need(p, "limit", err) < 0 ||
	    place_int(p, "limit", 0, INT64_MAX, &limit, err) < 0)
		return -EINVAL;
	if (strspn(text, "0123456789KMGB") != strlen(text) || !*text)
		return place_refuse(&size, err, "expected a size like 2MB, not '%s'", text);
	add_huge(arg, text, limit);
	return 0;
}

static int read_priority(const struct place *p, void *arg, struct err *err)
{
	struct place name = place_in(p, "name");
	const char *text = place_is_object(p, err) < 0 ? NULL : place_text(&name, err);
	uint32_t priority = 0;

	if (!text || place_need(p, "priority", err) < 0 ||
	    place_u32(p, "priority", &priority, err) < 0)
		return -EINVAL;
	resources_add(arg, "net_prio", "net_prio.ifpriomap", NULL,
		      xasprintf("%s %u", text, priority), "network.priorities");
	return 0;
}

static int read_rdma(const struct place *p, void *arg, struct err *err)
{
	uint32_t handles = UINT32_MAX, objects = UINT32_MAX;
	AUTO(buf) struct buf line = {0};

	if (place_is_object(p, err) < 0 || place_u32(p, "hcaHandles", &handles, err) < 0 ||
	    place_u32(p, "hcaObjects", &objects, err) < 0)
		return -EINVAL;
	buf_adds(&line, p->key);
	if (handles != UINT32_MAX)
		buf_addf(&line, " hca_handle=%u", handles);
	if (objects != UINT32_MAX)
		buf_addf(&line, " hca_object=%u", objects);
	resources_add(arg, "rdma", "rdma.max", "rdma.max", buf_take(&line), "rdma.%s", p->key);
	return 0;
}

static int read_unified(const struct place *p, void *arg, struct err *err)
{
	const char *value = place_text(p, err);
	const char *dot = strchr(p->key, '.');

	if (!value)
		return -EINVAL;
	if (!dot || strchr(p->key, '/'))
		return place_refuse(p, err, "expected the name of a cgroup2 file");
	AUTO_FREE char *controller = xstrndup(p->key, (size_t)(dot - p->key));
	resources_add(arg, controller, NULL, p->key, xstrdup(value), "unified.%s", p->key);
	return 0;
}

int resources_lists(const struct place *resources, struct resources *r, struct err *err)
{
	struct place network;

	if (place_object(resources, "network", &network, err) < 0 ||
	    place_each(&network, "priorities", read_priority, r, err) < 0 ||
	    place_each(resources, "hugepageLimits", read_huge, r, err) < 0 ||
	    place_members(resources, "rdma", read_rdma, r, err) < 0 ||
	    place_members(resources, "unified", read_unified, r, err) < 0)
		return -EINVAL;
	return 0;
}
