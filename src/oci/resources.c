// SPDX-License-Identifier: Apache-2.0
/* linux.resources -> writes, mostly by a table of plain numbers. */
#include "oci/resources.h"
#include "base/mem.h"
#include "oci/weights.h"

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

struct reading {
	struct resources *r;
	const char *group, *v1, *v2;
};

static struct cgroup_write *add(struct resources *r, const char *controller, const char *v1,
				const char *v2, char *value)
{
	struct cgroup_write w = {
		.controller = xstrdup(controller),
		.file = {xstrdup(v1), xstrdup(v2)},
		.value = {value, xstrdup(value)},
		.said = xstrdup("linux.resources"),
	};

	return VEC_PUSH(r->writes, r->n_writes, w);
}

static void say(struct cgroup_write *w, const char *group, const char *key)
{
	free(w->said);
	w->said = xasprintf("linux.resources.%s.%s", group, key);
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
		text = xasprintf("%lld", row->how == FLAG ? 1LL : (long long)number);
	struct cgroup_write *w = add(r, row->controller, row->v1, row->v2, TAKE_PTR(text));
	say(w, row->group, row->key);
	w->usual = row->how == SWITCH && !number && strcmp(row->key, "swappiness");
	if (row->how == MAX && number < 0) {
		free(w->value[1]);
		w->value[1] = xstrdup("max");
	}
	return 0;
}

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
	struct cgroup_write *w = add(r, "memory", "memory.memsw.limit_in_bytes", "memory.swap.max",
				     xasprintf("%lld", (long long)swap));
	say(w, "memory", "swap");
	free(w->value[1]);
	w->value[1] = swap < 0 ? xstrdup("max") : xasprintf("%lld", (long long)(swap - limit));
	return 0;
}

static int read_shares(const struct place *cpu, struct resources *r, struct err *err)
{
	int64_t shares = 0;

	if (place_int(cpu, "shares", 0, INT64_MAX, &shares, err) < 0)
		return -EINVAL;
	if (!shares)
		return 0;
	struct cgroup_write *w =
		add(r, "cpu", "cpu.shares", "cpu.weight", xasprintf("%lld", (long long)shares));
	say(w, "cpu", "shares");
	free(w->value[1]);
	w->value[1] = xasprintf("%lld", (long long)weight_of_shares(shares));
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
		say(add(r, "cpu", "cpu.cfs_period_us", "", xasprintf("%lld", (long long)period)),
		    "cpu", "period");
	if (quota)
		say(add(r, "cpu", "cpu.cfs_quota_us", "", xasprintf("%lld", (long long)quota)),
		    "cpu", "quota");
	if (!quota && !period)
		return 0;
	/* A period alone: the quota stays, see write_one(). */
	AUTO_FREE char *most =
		quota > 0 ? xasprintf("%lld", (long long)quota) : xstrdup(quota ? "max" : "");
	AUTO_FREE char *of = period ? xasprintf(" %lld", (long long)period) : xstrdup("");
	say(add(r, "cpu", "", "cpu.max", xasprintf("%s%s", most, of)), "cpu", "quota");
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
		say(add(r, "pids", "pids.max", "pids.max",
			limit < 0 ? xstrdup("max") : xasprintf("%lld", (long long)limit)),
		    "pids", "limit");
	return 0;
}

static int read_throttle(const struct place *p, void *arg, struct err *err)
{
	struct reading *reading = arg;
	int64_t major = 0, minor = 0, rate = 0;

	if (place_is_object(p, err) < 0 || place_need(p, "major", err) < 0 ||
	    place_need(p, "minor", err) < 0 || place_int(p, "major", 0, 4095, &major, err) < 0 ||
	    place_int(p, "minor", 0, 1048575, &minor, err) < 0 ||
	    place_int(p, "rate", 0, INT64_MAX, &rate, err) < 0)
		return -EINVAL;
	struct cgroup_write *w = add(
		reading->r, "blkio", reading->v1, "io.max",
		xasprintf("%lld:%lld %lld", (long long)major, (long long)minor, (long long)rate));
	say(w, "blockIO", reading->group);
	free(w->value[1]);
	w->value[1] = rate ? xasprintf("%lld:%lld %s=%lld", (long long)major, (long long)minor,
				       reading->v2, (long long)rate)
			   : xasprintf("%lld:%lld %s=max", (long long)major, (long long)minor,
				       reading->v2);
	return 0;
}

static int read_weight(const struct place *p, void *arg, struct err *err)
{
	struct reading *reading = arg;
	int64_t major = 0, minor = 0, weight = 0;

	if (place_is_object(p, err) < 0 || place_need(p, "major", err) < 0 ||
	    place_need(p, "minor", err) < 0 || place_int(p, "major", 0, 4095, &major, err) < 0 ||
	    place_int(p, "minor", 0, 1048575, &minor, err) < 0 ||
	    place_int(p, "weight", 0, 1000, &weight, err) < 0)
		return -EINVAL;
	if (weight)
		say(add(reading->r, "blkio", "blkio.weight_device", "io.bfq.weight",
			xasprintf("%lld:%lld %lld", (long long)major, (long long)minor,
				  (long long)weight)),
		    "blockIO", "weightDevice");
	return 0;
}

static int read_block(const struct place *resources, struct resources *r, struct err *err)
{
	static const char *const keys[][3] = {
		{"throttleReadBpsDevice", "blkio.throttle.read_bps_device", "rbps"},
		{"throttleWriteBpsDevice", "blkio.throttle.write_bps_device", "wbps"},
		{"throttleReadIOPSDevice", "blkio.throttle.read_iops_device", "riops"},
		{"throttleWriteIOPSDevice", "blkio.throttle.write_iops_device", "wiops"},
	};
	struct reading weights = {r, NULL, NULL, NULL};
	struct place block;

	if (place_object(resources, "blockIO", &block, err) < 0 ||
	    place_each(&block, "weightDevice", read_weight, &weights, err) < 0)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		struct reading reading = {r, keys[i][0], keys[i][1], keys[i][2]};
		if (place_each(&block, keys[i][0], read_throttle, &reading, err) < 0)
			return -EINVAL;
	}
	return 0;
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
	AUTO_FREE char *v1 = xasprintf("hugetlb.%s.limit_in_bytes", text);
	AUTO_FREE char *v2 = xasprintf("hugetlb.%s.max", text);
	say(add(arg, "hugetlb", v1, v2, xasprintf("%lld", (long long)limit)), "hugepageLimits",
	    text);
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
	say(add(arg, "net_prio", "net_prio.ifpriomap", NULL, xasprintf("%s %u", text, priority)),
	    "network", "priorities");
	return 0;
}

static int read_rdma(const struct place *p, void *arg, struct err *err)
{
	uint32_t handles = UINT32_MAX, objects = UINT32_MAX;
	AUTO(buf) struct buf line = {0};

	if (place_is_object(p, err) < 0 || place_u32(p, "hcaHandles", &handles, err) < 0 ||
	    place_u32(p, "hcaObjects", &objects, err) < 0)
		return -EINVAL;
	buf_addf(&line, "%s", p->key);
	if (handles != UINT32_MAX)
		buf_addf(&line, " hca_handle=%u", handles);
	if (objects != UINT32_MAX)
		buf_addf(&line, " hca_object=%u", objects);
	say(add(arg, "rdma", "rdma.max", "rdma.max", buf_take(&line)), "rdma", p->key);
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
	say(add(arg, controller, NULL, p->key, xstrdup(value)), "unified", p->key);
	return 0;
}

static int read_rule(const struct place *p, void *arg, struct err *err)
{
	struct resources *r = arg;
	struct device_rule rule = {.type = 'a', .major = -1, .minor = -1};
	AUTO_FREE char *type = NULL;
	AUTO_FREE char *access = NULL;
	struct place at = place_in(p, "type"), how = place_in(p, "access");

	if (place_is_object(p, err) < 0 || place_need(p, "allow", err) < 0 ||
	    place_bool(p, "allow", &rule.allow, err) < 0 || place_str(p, "type", &type, err) < 0 ||
	    place_str(p, "access", &access, err) < 0 ||
	    place_int(p, "major", -1, 4095, &rule.major, err) < 0 ||
	    place_int(p, "minor", -1, 1048575, &rule.minor, err) < 0)
		return -EINVAL;
	if (type && *type && (strlen(type) != 1 || !strchr("abc", *type)))
		return place_refuse(&at, err, "expected a, b or c, not '%s'", type);
	if (access && (strlen(access) > 3 || strspn(access, "rwm") != strlen(access)))
		return place_refuse(&how, err, "expected some of r, w and m, not '%s'", access);
	rule.type = type && *type ? *type : 'a';
	strcpy(rule.access, access && *access ? access : "rwm");
	VEC_PUSH(r->rules, r->n_rules, rule);
	return 0;
}

int resources_parse(const struct place *resources, struct resources *ret, struct err *err)
{
	struct place group, memory, cpu;

	if (!place_is_there(resources))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (place_object(resources, rows[i].group, &group, err) < 0 ||
		    read_row(&group, &rows[i], ret, err) < 0)
			return -EINVAL;
	if (place_object(resources, "memory", &memory, err) < 0 ||
	    read_swap(&memory, ret, err) < 0 || place_object(resources, "cpu", &cpu, err) < 0 ||
	    read_shares(&cpu, ret, err) < 0 || read_quota(&cpu, ret, err) < 0 ||
	    read_pids(resources, ret, err) < 0 || read_block(resources, ret, err) < 0 ||
	    place_object(resources, "network", &group, err) < 0 ||
	    place_each(&group, "priorities", read_priority, ret, err) < 0 ||
	    place_each(resources, "hugepageLimits", read_huge, ret, err) < 0 ||
	    place_members(resources, "rdma", read_rdma, ret, err) < 0 ||
	    place_members(resources, "unified", read_unified, ret, err) < 0 ||
	    place_each(resources, "devices", read_rule, ret, err) < 0)
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
