// SPDX-License-Identifier: Apache-2.0
/* mntns-oci-systemd system|user start SLICE UNIT PID OWNER | stop UNIT OWNER | place: asks a
 * systemd manager for a scope, over sd-bus, and prints its cgroup; `place`: the manager's own.
 * OWNER is its description: only a unit whose own begins so is stopped. A program of its own:
 * mntns-oci is static, and libsystemd comes only as a shared library. */
#include "oci/systemd_bus.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <time.h>
#include <linux/magic.h>

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

/* A text of the unit's; NULL: there is no such unit. */
static char *property(sd_bus *bus, const char *unit, const char *interface, const char *name)
{
	sd_bus_message *reply = NULL;
	const char *path;
	char *text = NULL;

	if (sd_bus_call_method(bus, MANAGER, "GetUnit", NULL, &reply, "s", unit) >= 0 &&
	    sd_bus_message_read(reply, "o", &path) >= 0)
		sd_bus_get_property_string(bus, "org.freedesktop.systemd1", path, interface, name,
					   NULL, &text);
	sd_bus_message_unref(reply);
	return text;
}

/*
 * Controllers of v1 are left alone, and not counted by: below them the runtime makes directories of
 * its own, into which systemd writes nothing while nobody sets a property. In the one tree of v2 it
 * must pass them on.
 */
static int start(sd_bus *bus, char **argv, sd_bus_error *e, sd_bus_message **reply)
{
	struct statfs fs = {0};
	int v2 = statfs("/sys/fs/cgroup", &fs) == 0 && fs.f_type == CGROUP2_SUPER_MAGIC;

#define COMMON(count)                                                                              \
	argv[2], "fail", count, "Slice", "s", argv[1], "Description", "s", argv[4], "PIDs", "au",  \
		1, (uint32_t)strtoul(argv[3], NULL, 10), "DefaultDependencies", "b", 0,            \
		"CollectMode", "s", "inactive-or-failed", "DelegateControllers", "as"
	if (!v2)
		return sd_bus_call_method(bus, MANAGER, "StartTransientUnit", e, reply,
					  "ssa(sv)a(sa(sv))", COMMON(10), 0, "CPUAccounting", "b",
					  0, "MemoryAccounting", "b", 0, "TasksAccounting", "b", 0,
					  "TasksMax", "t", UINT64_MAX, 0);
	return sd_bus_call_method(bus, MANAGER, "StartTransientUnit", e, reply, "ssa(sv)a(sa(sv))",
				  COMMON(7), 5, "cpu", "cpuset", "io", "memory", "pids", "TasksMax",
				  "t", UINT64_MAX, 0);
#undef COMMON
}

static int call(sd_bus *bus, int starts, char **argv)
{
	const char *did = starts ? "start" : "stop", *unit = argv[starts ? 2 : 1], *path;
	struct job job = {.unit = unit};
	sd_bus_error e = SD_BUS_ERROR_NULL;
	sd_bus_message *reply = NULL;
	int n = sd_bus_match_signal(bus, NULL, MANAGER, "JobRemoved", removed, &job);

	if (n >= 0)
		n = sd_bus_call_method(bus, MANAGER, "Subscribe", &e, NULL, "");
	if (n >= 0 && starts)
		n = start(bus, argv, &e, &reply);
	else if (n >= 0)
		n = sd_bus_call_method(bus, MANAGER, "StopUnit", &e, &reply, "ss", unit, "replace");
	if (n < 0 && !starts && sd_bus_error_has_name(&e, "org.freedesktop.systemd1.NoSuchUnit"))
		return 0;
	if (n < 0 || (n = sd_bus_message_read(reply, "o", &path)) < 0)
		return failed(unit, did, e.message ? e.message : strerror(-n));
	snprintf(job.path, sizeof job.path, "%s", path);
	return wait_job(bus, &job, did);
}

/* The arguments of each from its own name on. */
static int scope(sd_bus *bus, char **argv)
{
	const char *unit = argv[2];

	if (call(bus, 1, argv))
		return 1;
	char *cgroup = property(bus, unit, "org.freedesktop.systemd1.Scope", "ControlGroup");
	if (!cgroup || *cgroup != '/')
		return failed(unit, "start", "it has no cgroup");
	puts(cgroup);
	return 0;
}

static int stop(sd_bus *bus, char **argv)
{
	char *is = property(bus, argv[1], "org.freedesktop.systemd1.Unit", "Description");

	return is && !strncmp(is, argv[2], strlen(argv[2])) ? call(bus, 0, argv) : 0;
}

static int place(sd_bus *bus, char **argv)
{
	sd_bus_error e = SD_BUS_ERROR_NULL;
	char *cgroup = NULL;
	int n = sd_bus_get_property_string(bus, MANAGER, "ControlGroup", &e, &cgroup);

	if (n < 0)
		return failed("ControlGroup", "tell", e.message ? e.message : strerror(-n));
	puts(cgroup);
	return 0;
}

static const struct verb {
	const char *name;
	int argc;
	int (*run)(sd_bus *bus, char **argv);
} verbs[] = {{"start", 5, scope}, {"stop", 3, stop}, {"place", 1, place}};

static const struct verb *find_verb(int argc, char **argv)
{
	if (argc < 3 || (strcmp(argv[1], "user") && strcmp(argv[1], "system")))
		return NULL;
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (!strcmp(argv[2], verbs[i].name) && argc - 2 == verbs[i].argc)
			return &verbs[i];
	return NULL;
}

int main(int argc, char **argv)
{
	const struct verb *verb = find_verb(argc, argv);
	sd_bus *bus = NULL;

	if (!verb) {
		fprintf(stderr, "usage: mntns-oci-systemd system|user start SLICE UNIT PID OWNER | "
				"stop UNIT OWNER | place\n");
		return 2;
	}
	bool user = !strcmp(argv[1], "user");
	int n = bus_open(user, &bus);
	if (n >= 0)
		return verb->run(bus, argv + 2);
	/* A user's manager may end before its containers are deleted; then its units have too. */
	if (user && verb->run == stop)
		return 0;
	bus_explain(user, n);
	return 1;
}
