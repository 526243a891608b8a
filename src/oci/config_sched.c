// SPDX-License-Identifier: Apache-2.0
/* How the kernel is to treat a process: CPU time, I/O, affinity. */
#include "base/mem.h"
#include "oci/config.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <linux/ioprio.h>
#include <linux/sched.h>

static const struct place_word policies[] = {
	{"SCHED_OTHER", SCHED_NORMAL}, {"SCHED_FIFO", SCHED_FIFO},
	{"SCHED_RR", SCHED_RR},	       {"SCHED_BATCH", SCHED_BATCH},
	{"SCHED_IDLE", SCHED_IDLE},    {"SCHED_DEADLINE", SCHED_DEADLINE},
};

/* Clamps have no value in the specification; SCHED_ISO is none of Linux. */
static const struct place_word sched_flags[] = {
	{"SCHED_FLAG_RESET_ON_FORK", SCHED_FLAG_RESET_ON_FORK},
	{"SCHED_FLAG_RECLAIM", SCHED_FLAG_RECLAIM},
	{"SCHED_FLAG_DL_OVERRUN", SCHED_FLAG_DL_OVERRUN},
	{"SCHED_FLAG_KEEP_POLICY", SCHED_FLAG_KEEP_POLICY},
	{"SCHED_FLAG_KEEP_PARAMS", SCHED_FLAG_KEEP_PARAMS},
};

static int add_sched_flag(const struct place *p, void *arg, struct err *err)
{
	uint64_t flag = 0;
	int rc = place_word(p, sched_flags, ARRAY_SIZE(sched_flags), &flag, err);

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
	if (place_word(&name, policies, ARRAY_SIZE(policies), &policy, err) < 0 ||
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
	static const struct place_word classes[] = {
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
	if (place_word(&name, classes, ARRAY_SIZE(classes), &class, err) < 0 ||
	    place_int(&p, "priority", 0, 7, &priority, err) < 0)
		return -EINVAL;
	ret->io_priority = (int)(class << IOPRIO_CLASS_SHIFT | (uint64_t)priority);
	return 0;
}

static int read_cpus(const struct place *up, const char *key, struct spec_cpus *ret,
		     struct err *err)
{
	struct place p = place_in(up, key);

	if (!place_is_there(&p))
		return 0;
	const char *text = place_text(&p, err);
	if (!text || (*text && place_list(&p, text, SPEC_CPUS, ret->bits, err) < 0))
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
