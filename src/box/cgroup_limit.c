// SPDX-License-Identifier: Apache-2.0
/*
 * The limits themselves: what the kernel can keep, and the files that take it in v1 and v2.
 */
#include "base/io.h"
#include "base/mem.h"
#include "box/cgroup_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define PERIOD_US 100000

/* The ranges are the kernel's, with a page of at most 64 KiB. */
const struct cgroup_limit cgroup_limits[CGROUP_N_LIMITS] = {
	{"memory", "memory", offsetof(struct spec_limits, memory), 1 << 16,
	 INT64_MAX - INT64_MAX % (1 << 16) - (1 << 16), 1, "bytes"},
	{"cpus", "cpu", offsetof(struct spec_limits, cpu_quota_us), 1000, (1ULL << 44) - 1,
	 PERIOD_US, "CPUs"},
	{"pids", "pids", offsetof(struct spec_limits, pids), 1, 1 << 22, 1, "processes"},
};

static char *as_is(uint64_t value)
{
	return xasprintf("%llu", (unsigned long long)value);
}

/* The kernel counts pages; what is read back must be what was written. */
static char *as_pages(uint64_t value)
{
	return as_is(value - value % (uint64_t)sysconf(_SC_PAGESIZE));
}

static char *as_zero(uint64_t value)
{
	return xstrdup("0");
}

static char *as_period(uint64_t value)
{
	return as_is(PERIOD_US);
}

static char *as_quota_and_period(uint64_t value)
{
	return xasprintf("%llu %d", (unsigned long long)value, PERIOD_US);
}

/* The files, in the order in which they must be written. */
static const struct knob {
	const char *controller;
	enum cgroup_version version;
	const char *file;
	char *(*text)(uint64_t value);
	bool optional; /* only there with some kernel options */
} knobs[] = {
	{"memory", CGROUP_V1, "memory.limit_in_bytes", as_pages},
	{"memory", CGROUP_V1, "memory.memsw.limit_in_bytes", as_pages, true},
	{"memory", CGROUP_V2, "memory.max", as_pages},
	{"memory", CGROUP_V2, "memory.swap.max", as_zero, true},
	{"cpu", CGROUP_V1, "cpu.cfs_period_us", as_period},
	{"cpu", CGROUP_V1, "cpu.cfs_quota_us", as_is},
	{"cpu", CGROUP_V2, "cpu.max", as_quota_and_period},
	{"pids", CGROUP_V1, "pids.max", as_is},
	{"pids", CGROUP_V2, "pids.max", as_is},
};

uint64_t cgroup_limit_value(const struct spec_limits *limits, const struct cgroup_limit *limit)
{
	return *(const uint64_t *)((const char *)limits + limit->offset);
}

int cgroup_limits_check(const struct spec_limits *limits, struct err *err)
{
	for (size_t i = 0; i < CGROUP_N_LIMITS; i++) {
		const struct cgroup_limit *limit = &cgroup_limits[i];
		uint64_t value = cgroup_limit_value(limits, limit);
		double unit = limit->unit;
		if (value && (value < limit->min || value > limit->max))
			return err_say(err, ERANGE,
				       "%s: %.15g is out of the kernel's range; expected %.15g to "
				       "%.15g %s",
				       limit->word, (double)value / unit, (double)limit->min / unit,
				       (double)limit->max / unit, limit->unit_name);
	}
	return 0;
}

char *cgroup_limits_words(const struct spec_limits *limits)
{
	struct buf b = {0};

	for (size_t i = 0; i < CGROUP_N_LIMITS; i++)
		if (cgroup_limit_value(limits, &cgroup_limits[i]))
			buf_addf(&b, "%s%s", b.len ? ", " : "", cgroup_limits[i].word);
	return buf_take(&b);
}

static int write_knob(int fd, const char *dir, const struct cgroup_limit *limit,
		      const struct knob *knob, uint64_t value, struct err *err)
{
	AUTO_FREE char *text = knob->text(value);
	AUTO(buf) struct buf got = {0};
	AUTO(err) struct err why = {0};

	if (knob->optional && faccessat(fd, knob->file, F_OK, 0) < 0)
		return 0;
	if (io_write_file(fd, knob->file, text, &why) < 0 ||
	    io_read_file(fd, knob->file, 4096, &got, &why) < 0)
		return err_say(err, why.code, "%s: the kernel refuses '%s' for %s/%s: %s%s",
			       limit->word, text, dir, knob->file, strerror(why.code),
			       why.code == EINVAL ? " (is the cgroup above limited to less?)" : "");
	got.data[strcspn(got.data, "\n")] = 0;
	if (strcmp(got.data, text))
		return err_say(err, ERANGE, "%s: the kernel made '%s' of '%s' in %s/%s",
			       limit->word, got.data, text, dir, knob->file);
	return 0;
}

/* 1: the directory's hierarchy has the controller, 0: it has not. */
static int has_controller(const struct cgroup *cg, size_t at, enum cgroup_version version,
			  const struct cgroup_limit *limit, struct err *err)
{
	if (version == CGROUP_V2)
		return cgroup_v2_enable(cg->parents[at], cg->dirs.v[at], limit, err);
	for (size_t i = 0; i < ARRAY_SIZE(knobs); i++)
		if (knobs[i].version == CGROUP_V1 &&
		    !strcmp(knobs[i].controller, limit->controller) &&
		    faccessat(cg->fds[at], knobs[i].file, F_OK, 0) == 0)
			return 1;
	return 0;
}

static int write_knobs(const struct cgroup *cg, size_t at, enum cgroup_version version,
		       const struct cgroup_limit *limit, uint64_t value, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < ARRAY_SIZE(knobs); i++)
		if (knobs[i].version == version && !strcmp(knobs[i].controller, limit->controller))
			rc = write_knob(cg->fds[at], cg->dirs.v[at], limit, &knobs[i], value, err);
	return rc;
}

static int apply(const struct cgroup *cg, const struct cgroup_limit *limit, uint64_t value,
		 struct err *err)
{
	for (size_t at = 0; at < cg->dirs.n; at++) {
		enum cgroup_version version = cgroup_version_of(cg->fds[at]);
		int rc = has_controller(cg, at, version, limit, err);
		if (rc > 0)
			return write_knobs(cg, at, version, limit, value, err);
		if (rc < 0)
			return rc;
	}
	return err_say(err, ENOENT,
		       "%s: none of the box's cgroups has the files of the %s controller; "
		       "the kernel must be built with it",
		       limit->word, limit->controller);
}

int cgroup_limits_apply(const struct cgroup *cg, const struct spec_limits *limits, struct err *err)
{
	for (size_t i = 0; i < CGROUP_N_LIMITS; i++) {
		uint64_t value = cgroup_limit_value(limits, &cgroup_limits[i]);
		int rc = value ? apply(cg, &cgroup_limits[i], value, err) : 0;
		if (rc < 0)
			return rc;
	}
	return 0;
}
