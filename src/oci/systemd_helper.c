// SPDX-License-Identifier: Apache-2.0
/* mntns-oci-systemd start SLICE UNIT PID | stop UNIT: asks systemd for a scope, over sd-bus.
 * A program of its own: mntns-oci is static, and libsystemd comes only as a shared library. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <time.h>

#define MANAGER                                                                                    \
	"org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager"
#define WAIT_S 30

struct job {
	char path[256], result[32];
	const char *unit;
};

static int failed(const char *unit, const char *did, const char *why)
{
	fprintf(stderr, "%s: systemd did not %s it: %s\n", unit, did, why);
	return 1;
}

/* The signal may come before the reply that names the job: it is told by its unit too. */
static int removed(sd_bus_message *m, void *arg, sd_bus_error *e)
{
	struct job *job = arg;
	const char *path, *unit, *result;
	uint32_t id;

	(void)e;
	if (sd_bus_message_read(m, "uoss", &id, &path, &unit, &result) >= 0 &&
	    (*job->path ? !strcmp(path, job->path) : !strcmp(unit, job->unit)))
		snprintf(job->result, sizeof job->result, "%s", result);
	return 0;
}

static int wait_job(sd_bus *bus, struct job *job, const char *did)
{
	time_t end = time(NULL) + WAIT_S;

	while (!*job->result && time(NULL) < end) {
		int n = sd_bus_process(bus, NULL);
		if (!n)
			n = sd_bus_wait(bus, 1000000);
		if (n < 0 && n != -EINTR)
			return failed(job->unit, did, strerror(-n));
	}
	if (!*job->result)
		return failed(job->unit, did, "the job did not end in 30 s");
	return strcmp(job->result, "done") ? failed(job->unit, did, job->result) : 0;
}

static int call(sd_bus *bus, const char *unit, const char *slice, uint32_t pid)
{
	const char *did = slice ? "start" : "stop", *path;
	struct job job = {.unit = unit};
	sd_bus_error e = SD_BUS_ERROR_NULL;
	sd_bus_message *reply = NULL;
	int n = sd_bus_match_signal(bus, NULL, MANAGER, "JobRemoved", removed, &job);

	if (n >= 0)
		n = sd_bus_call_method(bus, MANAGER, "Subscribe", &e, NULL, "");
	if (n >= 0 && slice)
		n = sd_bus_call_method(
			bus, MANAGER, "StartTransientUnit", &e, &reply, "ssa(sv)a(sa(sv))", unit,
			"fail", 5, "Slice", "s", slice, "PIDs", "au", 1, pid, "Delegate", "b", 1,
			"DefaultDependencies", "b", 0, "CollectMode", "s", "inactive-or-failed", 0);
	else if (n >= 0)
		n = sd_bus_call_method(bus, MANAGER, "StopUnit", &e, &reply, "ss", unit, "replace");
	if (n < 0 && !slice && sd_bus_error_has_name(&e, "org.freedesktop.systemd1.NoSuchUnit"))
		return 0;
	if (n < 0 || (n = sd_bus_message_read(reply, "o", &path)) < 0)
		return failed(unit, did, e.message ? e.message : strerror(-n));
	snprintf(job.path, sizeof job.path, "%s", path);
	return wait_job(bus, &job, did);
}

int main(int argc, char **argv)
{
	sd_bus *bus = NULL;
	int start = argc == 5 && !strcmp(argv[1], "start");

	if (!start && !(argc == 3 && !strcmp(argv[1], "stop"))) {
		fprintf(stderr, "usage: mntns-oci-systemd start SLICE UNIT PID | stop UNIT\n");
		return 2;
	}
	int n = sd_bus_open_system(&bus);
	if (n < 0) {
		fprintf(stderr, "systemd is not running on this host, or its bus is not: %s\n",
			strerror(-n));
		return 1;
	}
	return start ? call(bus, argv[3], argv[2], (uint32_t)strtoul(argv[4], NULL, 10))
		     : call(bus, argv[2], NULL, 0);
}
