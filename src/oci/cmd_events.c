// SPDX-License-Identifier: Apache-2.0
/* events: what a container uses, once or from time to time, and each time that its memory ran out.
 */
#include "base/io.h"
#include "base/mem.h"
#include "oci/cmds.h"
#include "oci/container.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>

/* A number of a cgroup file, or of the line in it that begins with `key`; "max" is none: 0. */
static uint64_t number_of(const struct cgroups *cg, const char *controller, const char *v1,
			  const char *v2, const char *key)
{
	const struct hierarchy *h = cgroups_with(cg, controller);
	AUTO(buf) struct buf text = {0};

	if (!h || !(h->v2 ? v2 : v1))
		return 0;
	AUTO_FREE char *path = xasprintf("%s/%s", h->dir, h->v2 ? v2 : v1);
	if (io_read_file(AT_FDCWD, path, 1 << 16, &text, NULL) < 0)
		return 0;
	const char *at = text.data;
	while (key && at && !(str_starts(at, key) && at[strlen(key)] == ' ')) {
		at = strchr(at, '\n');
		at = at ? at + 1 : NULL;
	}
	return at ? strtoull(at + (key ? strlen(key) : 0), NULL, 10) : 0;
}

static json_t *stats(const struct cgroups *cg)
{
	const struct hierarchy *cpu = cgroups_with(cg, "cpuacct");
	uint64_t nanoseconds = cpu ? number_of(cg, "cpuacct", "cpuacct.usage", NULL, NULL)
				   : number_of(cg, "cpu", NULL, "cpu.stat", "usage_usec") * 1000;
	struct {
		const char *controller, *v1, *v2;
	} files[] = {
		{"memory", "memory.usage_in_bytes", "memory.current"},
		{"memory", "memory.limit_in_bytes", "memory.max"},
		{"memory", "memory.max_usage_in_bytes", "memory.peak"},
		{"memory", "memory.failcnt", NULL},
		{"pids", "pids.current", "pids.current"},
		{"pids", "pids.max", "pids.max"},
	};
	json_int_t n[ARRAY_SIZE(files)];

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		n[i] = (json_int_t)number_of(cg, files[i].controller, files[i].v1, files[i].v2,
					     NULL);
	/* v2 counts them with other events. */
	if (!n[3])
		n[3] = (json_int_t)number_of(cg, "memory", NULL, "memory.events", "max");
	return json_pack("{s:{s:{s:I}} s:{s:{s:I s:I s:I s:I}} s:{s:I s:I}}", "cpu", "usage",
			 "total", (json_int_t)nanoseconds, "memory", "usage", "usage", n[0],
			 "limit", n[1], "max", n[2], "failcnt", n[3], "pids", "current", n[4],
			 "limit", n[5]);
}

static int print_event(const char *type, const char *id, json_t *data, struct err *err)
{
	json_t *json = json_pack("{s:s s:s}", "type", type, "id", id);

	if (data)
		json_object_set_new(json, "data", data);
	AUTO_FREE char *text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	printf("%s\n", text);
	return io_flush_stdout(err);
}

/*
 * Readable when memory ran out, or a limit was met: an eventfd of v1's memory.oom_control (see the
 * kernel's cgroup-v1/memory.rst), or inotify(7) of v2's memory.events. -1: there is no such thing.
 */
struct oom {
	const struct hierarchy *h;
	int fd;
	uint64_t seen; /* v2: kills so far */
};

static uint64_t oom_kills(const struct cgroups *cg)
{
	return number_of(cg, "memory", NULL, "memory.events", "oom_kill");
}

static int watch_v1(const struct hierarchy *h)
{
	AUTO_FREE char *control = xasprintf("%s/memory.oom_control", h->dir);
	AUTO_FREE char *file = xasprintf("%s/cgroup.event_control", h->dir);
	AUTO_FD int control_fd = open(control, O_RDONLY | O_CLOEXEC);
	AUTO_FD int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	AUTO_FREE char *text = xasprintf("%d %d", event, control_fd);

	if (control_fd < 0 || event < 0 || io_write_file(AT_FDCWD, file, text, NULL) < 0)
		return -1;
	return TAKE_FD(event);
}

static int watch_v2(const struct hierarchy *h)
{
	AUTO_FREE char *path = xasprintf("%s/memory.events", h->dir);
	AUTO_FD int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	return fd < 0 || inotify_add_watch(fd, path, IN_MODIFY) < 0 ? -1 : TAKE_FD(fd);
}

static struct oom watch_oom(const struct cgroups *cg)
{
	struct oom oom = {.h = cgroups_with(cg, "memory"), .fd = -1};

	if (oom.h)
		oom.fd = oom.h->v2 ? watch_v2(oom.h) : watch_v1(oom.h);
	oom.seen = oom_kills(cg);
	return oom;
}

/* Whether it was one: v1 also tells that the cgroup was removed, v2 of every limit. */
static bool is_oom(struct oom *oom, const struct cgroups *cg)
{
	char drop[4096];

	while (read(oom->fd, drop, sizeof(drop)) > 0)
		;
	if (!oom->h->v2)
		return access(oom->h->dir, F_OK) == 0;
	uint64_t now = oom_kills(cg), before = oom->seen;
	oom->seen = now;
	return now > before;
}

static int stream(struct container *c, int interval_ms, struct err *err)
{
	AUTO_FD int pidfd = state_pidfd(&c->state, err);
	/* It ended since. */
	if (pidfd == -ESRCH)
		return err_done(err), 0;
	struct oom oom = watch_oom(&c->cgroups);
	struct pollfd fds[] = {{pidfd, POLLIN, 0}, {oom.fd, POLLIN, 0}};
	int rc = pidfd < 0 ? pidfd : 0;

	while (rc == 0) {
		int n = poll(fds, ARRAY_SIZE(fds), interval_ms);
		if (n < 0 && errno != EINTR)
			rc = err_set(err, errno, "wait for events");
		if (n == 0)
			rc = print_event("stats", c->state.id, stats(&c->cgroups), err);
		if (n > 0 && fds[1].revents && is_oom(&oom, &c->cgroups))
			rc = print_event("oom", c->state.id, NULL, err);
		if (n > 0 && fds[0].revents)
			break;
	}
	auto_close(&oom.fd);
	return err->msg ? rc : 0;
}

/* "5s", "500ms", "2m", a number of seconds. */
static int read_interval(const char *text, int *ret_ms, struct err *err)
{
	static const struct {
		const char *unit;
		int ms;
	} units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"", 1000}};
	size_t digits = text ? strspn(text, "0123456789") : 0;

	*ret_ms = 5000;
	if (!text)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(units) && digits > 0 && digits < 6; i++)
		if (!strcmp(text + digits, units[i].unit)) {
			*ret_ms = (int)strtol(text, NULL, 10) * units[i].ms;
			if (*ret_ms > 0 && *ret_ms <= 24 * 3600 * 1000)
				return 0;
		}
	return err_say(err, EINVAL,
		       "--interval '%s': expected a time above 0 and up to a day, like 5s, 500ms "
		       "or 1m",
		       text);
}

static int events(struct args *args, struct err *err)
{
	struct container c;
	int interval;

	if (read_interval(args->interval, &interval, err) < 0)
		return 1;
	if (container_open(&c, args, args->words[0], false, err) < 0)
		return container_done(&c), 1;
	int status = state_status(&c.state, err);
	if (status < 0)
		;
	else if (status == STATUS_STOPPED || status == STATUS_CREATING)
		err_say(err, EINVAL, "container %s is %s", c.state.id,
			status_name((enum status)status));
	else if (args->stats)
		print_event("stats", c.state.id, stats(&c.cgroups), err);
	else
		stream(&c, interval, err);
	container_done(&c);
	return err->msg ? 1 : 0;
}

const struct oci_command oci_events = {
	.name = "events",
	.usage = "events [OPTIONS] ID",
	.summary = "print what a container uses, and when its memory runs out, as JSON",
	.args =
		(const struct arg[]){
			ARG_FLAG("stats", 0, stats, "what it uses, once, and end"),
			ARG_TEXT("interval", 0, interval, "between what it uses: 5s, 500ms, 1m"),
			{0},
		},
	.min_words = 1,
	.max_words = 1,
	.run = events,
};
