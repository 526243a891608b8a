// SPDX-License-Identifier: Apache-2.0
/* CPU time, I/O, affinity, memory, execution domain: the calls that libc has not, and their rules.
 */
#include "box/schedule.h"
#include "sys/probe.h"

#include <errno.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/ioprio.h>
#include <linux/sched/types.h>

int schedule_cpus(const struct spec_cpus *cpus, pid_t pid, const char *said, struct err *err)
{
	if (!cpus->is_set)
		return 0;
	if (syscall(SYS_sched_setaffinity, pid, sizeof(cpus->bits), cpus->bits) < 0)
		return err_set(err, errno, "process.execCPUAffinity.%s", said);
	return 0;
}

int schedule_exec(const struct spec_process *process, pid_t pid, struct err *err)
{
	const struct spec_cpus *initial = &process->cpus_before;

	if (process->cpus.is_set)
		return schedule_cpus(&process->cpus, pid, "final", err);
	/* Before Linux 6.2 it is lost with the entry into a cpuset, which may not have them either.
	 */
	if (initial->is_set && !probe_is_since(6, 2) &&
	    syscall(SYS_sched_setaffinity, pid, sizeof(initial->bits), initial->bits) < 0 &&
	    errno != EINVAL)
		return err_set(err, errno, "process.execCPUAffinity.initial");
	return 0;
}

static int set_scheduler(const struct spec_scheduler *s, pid_t pid, struct err *err)
{
	struct sched_attr attr = {
		.size = sizeof(attr),
		.sched_policy = s->policy,
		.sched_flags = s->flags,
		.sched_nice = s->nice,
		.sched_priority = s->priority,
		.sched_runtime = s->runtime,
		.sched_deadline = s->deadline,
		.sched_period = s->period,
	};

	if (!s->is_set || syscall(SYS_sched_setattr, pid, &attr, 0) == 0)
		return 0;
	int code = errno;
	err_set(err, code, "process.scheduler");
	if (code == EPERM && s->priority)
		err_hint(err, "it needs CAP_SYS_NICE, and in a cgroup of v1 a "
			      "linux.resources.cpu.realtimeRuntime");
	return -code;
}

int schedule_process(const struct spec_process *process, pid_t pid, struct err *err)
{
	if (process->io_priority &&
	    syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, pid, process->io_priority) < 0)
		return err_set(err, errno, "process.ioPriority");
	return set_scheduler(&process->scheduler, pid, err);
}

int schedule_self(const struct spec_process *process, struct err *err)
{
	const struct spec_memory *m = &process->memory;
	unsigned long max = m->has_nodes ? SPEC_NODES + 1 : 0;

	if (process->has_personality && personality(process->personality) < 0)
		return err_set(err, errno, "linux.personality");
	if (m->is_set &&
	    syscall(SYS_set_mempolicy, m->mode | m->flags, m->has_nodes ? m->nodes : NULL, max) < 0)
		return err_set(err, errno, "linux.memoryPolicy");
	return 0;
}
