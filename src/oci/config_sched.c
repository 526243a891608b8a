// SPDX-License-Identifier: Apache-2.0
/* How the kernel is to treat a process: CPU time, I/O, affinity, memory, execution domain. */
#include "base/mem.h"
#include "oci/config.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/personality.h>
#include <linux/ioprio.h>
#include <linux/mempolicy.h>
#include <linux/sched.h>

struct word {
	const char *name;
	uint64_t value;
};

static int find_word(const struct place *p, const struct word *words, size_t n, uint64_t *ret,
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

static const struct word policies[] = {
	{"SCHED_OTHER", SCHED_NORMAL}, {"SCHED_FIFO", SCHED_FIFO},
	{"SCHED_RR", SCHED_RR},	       {"SCHED_BATCH", SCHED_BATCH},
	{"SCHED_IDLE", SCHED_IDLE},    {"SCHED_DEADLINE", SCHED_DEADLINE},
};

/* Clamps have no value in the specification; SCHED_ISO is none of Linux. */
static const struct word sched_flags[] = {
	{"SCHED_FLAG_RESET_ON_FORK", SCHED_FLAG_RESET_ON_FORK},
	{"SCHED_FLAG_RECLAIM", SCHED_FLAG_RECLAIM},
	{"SCHED_FLAG_DL_OVERRUN", SCHED_FLAG_DL_OVERRUN},
	{"SCHED_FLAG_KEEP_POLICY", SCHED_FLAG_KEEP_POLICY},
	{"SCHED_FLAG_KEEP_PARAMS", SCHED_FLAG_KEEP_PARAMS},
};

static int add_sched_flag(const struct place *p, void *arg, struct err *err)
{
	uint64_t flag = 0;
	int rc = find_word(p, sched_flags, ARRAY_SIZE(sched_flags), &flag, err);

	*(uint64_t *)arg |= flag;
	return rc;
}

static int check_scheduler(const struct place *p, const struct spec_scheduler *s, struct err *err)
{
	bool real = s->policy == SCHED_FIFO || s->policy == SCHED_RR;
	bool fair = s->policy == SCHED_NORMAL || s->policy == SCHED_BATCH;
	bool deadline = s->policy == SCHED_DEADLINE;
	const struct {
		const char *key;
		bool said, fits;
		const char *why;
	} rules[] = {
		{"priority", s->priority, real, "is for SCHED_FIFO and SCHED_RR"},
		{"nice", s->nice, fair, "is for SCHED_OTHER and SCHED_BATCH"},
		{"runtime", s->runtime, deadline, "is for SCHED_DEADLINE"},
		{"deadline", s->deadline, deadline, "is for SCHED_DEADLINE"},
		{"period", s->period, deadline, "is for SCHED_DEADLINE"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		struct place at = place_in(p, rules[i].key);
		if (rules[i].said && !rules[i].fits)
			return place_refuse(&at, err, "%s", rules[i].why);
	}
	struct place priority = place_in(p, "priority");
	return real && !s->priority ? place_refuse(&priority, err, "expected 1 to 99") : 0;
}

static int read_scheduler(const struct place *process, struct spec_process *ret, struct err *err)
{
	struct spec_scheduler *s = &ret->scheduler;
	int64_t nice = 0, priority = 0, runtime = 0, deadline = 0, period = 0;
	uint64_t policy = 0;
	struct place p;

	if (place_object(process, "scheduler", &p, err) < 0)
		return -EINVAL;
	if (!place_is_there(&p))
		return 0;
	struct place name = place_in(&p, "policy");
	if (find_word(&name, policies, ARRAY_SIZE(policies), &policy, err) < 0 ||
	    place_int(&p, "nice", -20, 19, &nice, err) < 0 ||
	    place_int(&p, "priority", 0, 99, &priority, err) < 0 ||
	    place_int(&p, "runtime", 0, INT64_MAX, &runtime, err) < 0 ||
	    place_int(&p, "deadline", 0, INT64_MAX, &deadline, err) < 0 ||
	    place_int(&p, "period", 0, INT64_MAX, &period, err) < 0 ||
	    place_each(&p, "flags", add_sched_flag, &s->flags, err) < 0)
		return -EINVAL;
	s->is_set = true;
	s->policy = (unsigned)policy;
	s->nice = (int)nice;
	s->priority = (unsigned)priority;
	s->runtime = (uint64_t)runtime;
	s->deadline = (uint64_t)deadline;
	s->period = (uint64_t)period;
	return check_scheduler(&p, s, err);
}

static int read_io_priority(const struct place *process, struct spec_process *ret, struct err *err)
{
	static const struct word classes[] = {
		{"IOPRIO_CLASS_RT", IOPRIO_CLASS_RT},
		{"IOPRIO_CLASS_BE", IOPRIO_CLASS_BE},
		{"IOPRIO_CLASS_IDLE", IOPRIO_CLASS_IDLE},
	};
	uint64_t class = 0;
	int64_t priority = 0;
	struct place p;

	if (place_object(process, "ioPriority", &p, err) < 0)
		return -EINVAL;
	if (!place_is_there(&p))
		return 0;
	struct place name = place_in(&p, "class");
	if (find_word(&name, classes, ARRAY_SIZE(classes), &class, err) < 0 ||
	    place_int(&p, "priority", 0, 7, &priority, err) < 0)
		return -EINVAL;
	ret->io_priority = (int)(class << IOPRIO_CLASS_SHIFT | (uint64_t)priority);
	return 0;
}

/* "0-3,7": numbers below `max` become bits. */
static int read_list(const struct place *p, const char *text, size_t max, unsigned long *bits,
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

static int read_cpus(const struct place *up, const char *key, struct spec_cpus *ret,
		     struct err *err)
{
	struct place p = place_in(up, key);

	if (!place_is_there(&p))
		return 0;
	const char *text = place_text(&p, err);
	if (!text || (*text && read_list(&p, text, SPEC_CPUS, ret->bits, err) < 0))
		return -EINVAL;
	ret->is_set = *text;
	return 0;
}

static int read_affinity(const struct place *process, struct spec_process *ret, struct err *err)
{
	struct place p;

	if (place_object(process, "execCPUAffinity", &p, err) < 0 ||
	    read_cpus(&p, "initial", &ret->cpus_before, err) < 0)
		return -EINVAL;
	return read_cpus(&p, "final", &ret->cpus, err);
}

int config_scheduling(const struct place *process, struct spec_process *ret, struct err *err)
{
	if (read_scheduler(process, ret, err) < 0 || read_io_priority(process, ret, err) < 0)
		return -EINVAL;
	return read_affinity(process, ret, err);
}

static int refuse_flag(const struct place *p, void *arg, struct err *err)
{
	return place_refuse(p, err, "the specification has no flags of a personality");
}

static int read_personality(const struct place *lin, struct spec_process *ret, struct err *err)
{
	static const struct word domains[] = {{"LINUX", PER_LINUX}, {"LINUX32", PER_LINUX32}};
	uint64_t domain = 0;
	struct place p;

	if (place_object(lin, "personality", &p, err) < 0)
		return -EINVAL;
	if (!place_is_there(&p))
		return 0;
	struct place name = place_in(&p, "domain");
	if (find_word(&name, domains, ARRAY_SIZE(domains), &domain, err) < 0 ||
	    place_each(&p, "flags", refuse_flag, NULL, err) < 0)
		return -EINVAL;
	ret->has_personality = true;
	ret->personality = (unsigned)domain;
	return 0;
}

static int add_memory_flag(const struct place *p, void *arg, struct err *err)
{
	static const struct word flags[] = {
		{"MPOL_F_NUMA_BALANCING", MPOL_F_NUMA_BALANCING},
		{"MPOL_F_RELATIVE_NODES", MPOL_F_RELATIVE_NODES},
		{"MPOL_F_STATIC_NODES", MPOL_F_STATIC_NODES},
	};
	uint64_t flag = 0;
	int rc = find_word(p, flags, ARRAY_SIZE(flags), &flag, err);

	*(unsigned *)arg |= (unsigned)flag;
	return rc;
}

/* Of version 1.3. */
static int read_memory_policy(const struct place *lin, struct spec_process *ret, struct err *err)
{
	static const struct word modes[] = {
		{"MPOL_DEFAULT", MPOL_DEFAULT},
		{"MPOL_BIND", MPOL_BIND},
		{"MPOL_INTERLEAVE", MPOL_INTERLEAVE},
		{"MPOL_LOCAL", MPOL_LOCAL},
		{"MPOL_PREFERRED", MPOL_PREFERRED},
		{"MPOL_PREFERRED_MANY", MPOL_PREFERRED_MANY},
		{"MPOL_WEIGHTED_INTERLEAVE", MPOL_PREFERRED_MANY + 1}, /* Linux 6.9 */
	};
	uint64_t mode = 0;
	struct place p;

	if (place_object(lin, "memoryPolicy", &p, err) < 0)
		return -EINVAL;
	if (!place_is_there(&p))
		return 0;
	struct place name = place_in(&p, "mode"), nodes = place_in(&p, "nodes");
	const char *list = place_is_there(&nodes) ? place_text(&nodes, err) : "";
	if (!list || find_word(&name, modes, ARRAY_SIZE(modes), &mode, err) < 0 ||
	    (*list && read_list(&nodes, list, SPEC_NODES, ret->memory.nodes, err) < 0) ||
	    place_each(&p, "flags", add_memory_flag, &ret->memory.flags, err) < 0)
		return -EINVAL;
	ret->memory.is_set = true;
	ret->memory.has_nodes = *list;
	ret->memory.mode = (unsigned)mode;
	return 0;
}

int config_domain(const struct place *lin, struct spec_process *ret, struct err *err)
{
	return read_personality(lin, ret, err) < 0 ? -EINVAL : read_memory_policy(lin, ret, err);
}

void config_confine_alike(const struct spec_process *own, struct spec_process *ret)
{
	const size_t size = own->seccomp_len * SPEC_FILTER_STEP;

	ret->has_personality = own->has_personality;
	ret->personality = own->personality;
	ret->memory = own->memory;
	ret->seccomp_flags = own->seccomp_flags;
	ret->seccomp_len = own->seccomp_len;
	if (!own->seccomp)
		return;
	ret->seccomp = xcalloc(size, 1);
	memcpy(ret->seccomp, own->seccomp, size);
}
