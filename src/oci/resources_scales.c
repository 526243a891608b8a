// SPDX-License-Identifier: Apache-2.0
/*
 * linux.resources: what v1 and v2 count differently. Swap alone or with memory, shares or weight,
 * a quota and its period in two files or in one.
 */
#include "base/mem.h"
#include "oci/resources_parts.h"
#include "oci/weights.h"

#include <errno.h>

/* v1 counts memory and swap together, v2 swap alone. */
static int read_swap(const struct place *memory, struct resources *r, struct err *err)
{
	struct place p = place_in(memory, "swap");
	int64_t swap = 0, limit = 0;

	if (place_int(memory, "swap", -1, INT64_MAX, &swap, err) < 0 ||
	    place_int(memory, "limit", -1, INT64_MAX, &limit, err) < 0)
		return -EINVAL;
	if (!swap)
		return 0;
	if (swap > 0 && (limit <= 0 || swap < limit))
		return place_refuse(&p, err,
				    "is the sum of memory and swap: not below a limit, "
				    "which must be there too");
	struct cgroup_write *w =
		resources_add(r, "memory", "memory.memsw.limit_in_bytes", "memory.swap.max",
			      resources_number(swap), "memory.swap");
	resources_in_v2(w, swap < 0 ? xstrdup("max") : resources_number(swap - limit));
	return 0;
}

static int read_shares(const struct place *cpu, struct resources *r, struct err *err)
{
	int64_t shares = 0;

	if (place_int(cpu, "shares", 0, INT64_MAX, &shares, err) < 0)
		return -EINVAL;
	if (!shares)
		return 0;
	struct cgroup_write *w = resources_add(r, "cpu", "cpu.shares", "cpu.weight",
					       resources_number(shares), "cpu.shares");
	resources_in_v2(w, resources_number(weight_of_shares(shares)));
	return 0;
}

/* Two files in v1, one in v2. The period first: the quota is a share of it. */
static int read_quota(const struct place *cpu, struct resources *r, struct err *err)
{
	int64_t quota = 0, period = 0;

	if (place_int(cpu, "quota", -1, INT64_MAX, &quota, err) < 0 ||
	    place_int(cpu, "period", 0, INT64_MAX, &period, err) < 0)
		return -EINVAL;
	if (period)
		resources_add(r, "cpu", "cpu.cfs_period_us", "", resources_number(period),
			      "cpu.period");
	if (quota)
		resources_add(r, "cpu", "cpu.cfs_quota_us", "", resources_number(quota),
			      "cpu.quota");
	if (!quota && !period)
		return 0;
	/* A period alone: the quota stays, see write_one(). */
	AUTO_FREE char *most = quota > 0 ? resources_number(quota) : xstrdup(quota ? "max" : "");
	AUTO_FREE char *of = period ? xasprintf(" %lld", (long long)period) : xstrdup("");
	resources_add(r, "cpu", "", "cpu.max", xasprintf("%s%s", most, of), "cpu.quota");
	return 0;
}

int resources_scales(const struct place *resources, struct resources *r, struct err *err)
{
	struct place memory, cpu;

	if (place_object(resources, "memory", &memory, err) < 0 || read_swap(&memory, r, err) < 0 ||
	    place_object(resources, "cpu", &cpu, err) < 0 || read_shares(&cpu, r, err) < 0 ||
	    read_quota(&cpu, r, err) < 0)
		return -EINVAL;
	return 0;
}
