// SPDX-License-Identifier: Apache-2.0
/* linux.resources -> writes. Here the plain values, by a table. */
#include "oci/resources_parts.h"
#include "base/mem.h"

#include <errno.h>
#include <string.h>

enum how {
	NUMBER, /* as it is */
	MAX,	/* -1 is "max" in v2 */
	SWITCH, /* where it is said, 0 is meant */
	FLAG,	/* true: 1, false: 0 */
	WORDS,	/* text */
};

static const struct row {
	const char *group, *key, *controller;
	const char *v1, *v2;
	enum how how;
	int64_t least, most; /* both 0: from -1 on */
} rows[] = {
	{"memory", "limit", "memory", "memory.limit_in_bytes", "memory.max", MAX},
	{"memory", "reservation", "memory", "memory.soft_limit_in_bytes", "memory.low", MAX},
	{"memory", "kernel", "memory", "memory.kmem.limit_in_bytes", NULL, NUMBER},
	{"memory", "kernelTCP", "memory", "memory.kmem.tcp.limit_in_bytes", NULL, NUMBER},
	{"memory", "swappiness", "memory", "memory.swappiness", NULL, SWITCH, 0, 100},
	{"memory", "disableOOMKiller", "memory", "memory.oom_control", NULL, FLAG},
	{"memory", "useHierarchy", "memory", "memory.use_hierarchy", NULL, FLAG},
	{"cpu", "burst", "cpu", "cpu.cfs_burst_us", "cpu.max.burst", SWITCH, 0, INT64_MAX},
	{"cpu", "idle", "cpu", "cpu.idle", "cpu.idle", SWITCH, 0, 1},
	{"cpu", "realtimePeriod", "cpu", "cpu.rt_period_us", NULL, NUMBER, 0, INT64_MAX},
	{"cpu", "realtimeRuntime", "cpu", "cpu.rt_runtime_us", NULL, NUMBER},
	{"cpu", "cpus", "cpuset", "cpuset.cpus", "cpuset.cpus", WORDS},
	{"cpu", "mems", "cpuset", "cpuset.mems", "cpuset.mems", WORDS},
	{"blockIO", "weight", "blkio", "blkio.weight", "io.bfq.weight", NUMBER, 0, UINT16_MAX},
	{"blockIO", "leafWeight", "blkio", "blkio.leaf_weight", NULL, NUMBER, 0, UINT16_MAX},
	{"network", "classID", "net_cls", "net_cls.classid", NULL, NUMBER, 0, UINT32_MAX},
};

struct cgroup_write *resources_add(struct resources *r, const char *controller, const char *v1,
				   const char *v2, char *value, const char *said, ...)
{
	struct cgroup_write w = {
		.controller = xstrdup(controller),
		.file = {xstrdup(v1), xstrdup(v2)},
		.value = {value, xstrdup(value)},
	};
	va_list args;

	va_start(args, said);
	AUTO_FREE char *key = xvasprintf(said, args);
	va_end(args);
	w.said = xasprintf("linux.resources.%s", key);
	return VEC_PUSH(r->writes, r->n_writes, w);
}

void resources_in_v2(struct cgroup_write *w, char *value)
{
	free(w->value[1]);
	w->value[1] = value;
}

char *resources_number(int64_t number)
{
	return xasprintf("%lld", (long long)number);
}

static int read_row(const struct place *group, const struct row *row, struct resources *r,
		    struct err *err)
{
	struct place p = place_in(group, row->key);
	AUTO_FREE char *text = NULL;
	int64_t number = 0, least = row->most ? row->least : -1;
	int64_t most = row->most ? row->most : INT64_MAX;
	bool flag = false;
	int rc = row->how == WORDS  ? place_str(group, row->key, &text, err)
		 : row->how == FLAG ? place_bool(group, row->key, &flag, err)
				    : place_int(group, row->key, least, most, &number, err);

	if (rc < 0 || !place_is_there(&p))
		return rc;
	/* Engines say 0 and "" for what they do not ask for. */
	if ((row->how == WORDS && !*text) || (row->how == FLAG && !flag) ||
	    (row->how <= MAX && !number))
		return 0;
	if (row->how != WORDS)
		text = resources_number(row->how == FLAG ? 1 : number);
	struct cgroup_write *w = resources_add(r, row->controller, row->v1, row->v2, TAKE_PTR(text),
					       "%s.%s", row->group, row->key);
	w->usual = row->how == SWITCH && !number && strcmp(row->key, "swappiness");
	if (row->how == MAX && number < 0)
		resources_in_v2(w, xstrdup("max"));
	return 0;
}

static int read_pids(const struct place *resources, struct resources *r, struct err *err)
{
	struct place pids;
	int64_t limit = 0;

	if (place_object(resources, "pids", &pids, err) < 0 ||
	    (place_is_there(&pids) && place_need(&pids, "limit", err) < 0) ||
	    place_int(&pids, "limit", INT64_MIN, INT64_MAX, &limit, err) < 0)
		return -EINVAL;
	if (limit)
		resources_add(r, "pids", "pids.max", "pids.max",
			      limit < 0 ? xstrdup("max") : resources_number(limit), "pids.limit");
	return 0;
}

int resources_parse(const struct place *resources, struct resources *ret, struct err *err)
{
	struct place group;

	if (!place_is_there(resources))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (place_object(resources, rows[i].group, &group, err) < 0 ||
		    read_row(&group, &rows[i], ret, err) < 0)
			return -EINVAL;
	if (resources_scales(resources, ret, err) < 0 || read_pids(resources, ret, err) < 0 ||
	    resources_block(resources, ret, err) < 0 || resources_lists(resources, ret, err) < 0 ||
	    resources_devices(resources, ret, err) < 0)
		return -EINVAL;
	return 0;
}

void resources_done(struct resources *r)
{
	for (size_t i = 0; i < r->n_writes; i++) {
		struct cgroup_write *w = &r->writes[i];
		free(w->controller);
		free(w->said);
		for (size_t v = 0; v < 2; v++) {
			free(w->file[v]);
			free(w->value[v]);
		}
	}
	free(r->writes);
	free(r->rules);
	*r = (struct resources){0};
}
