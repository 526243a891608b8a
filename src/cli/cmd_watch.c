// SPDX-License-Identifier: Apache-2.0
/* watch: what happens to mounts, as it happens. */
#include "base/io.h"
#include "base/mem.h"
#include "cli/cmds.h"
#include "cli/see.h"
#include "cli/text.h"
#include "cli/watch_entries.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

struct watch_args {
	struct see_args see; /* first: TABLE_OPTIONS fill it */
	uint64_t count;	     /* 0: without end */
	uint64_t seconds;
};

static int set_number(void *ctx, const struct option *option, const char *value, struct err *err)
{
	uint64_t *number = (void *)((char *)ctx + option->field);
	int rc = str_to_u64(value, 1000000000, number, err);

	return rc == 0 && !*number ? err_say(err, EINVAL, "expected a number from 1 on") : rc;
}

static const struct option watch_options[] = {
	{"count", 'c', NULL, "N", 0, NULL, "When to end", "end after N entries", set_number,
	 offsetof(struct watch_args, count)},
	{"for", 't', NULL, "SECONDS", 0, NULL, NULL, "end after so many seconds", set_number,
	 offsetof(struct watch_args, seconds)},
	TABLE_OPTIONS,
	{0},
};

static int print(const struct watch_args *args, struct watch_entries *entries, bool headings,
		 size_t *wide, struct err *err)
{
	struct view_format format = args->see.format;
	struct view_table table = {"events", watch_columns, entries->n, entries, watch_cell};

	format.no_headings |= !headings;
	format.wide = wide;
	if (!format.json && view_print(&table, &format, stdout, err) < 0)
		return err_add(err, "--output"), EXIT_USAGE;
	for (size_t i = 0; format.json && i < entries->n; i++)
		watch_print_json(entries, i, stdout);
	return io_flush_stdout(err) < 0 ? EXIT_FAILED : EXIT_OK;
}

static int ms_left(uint64_t end)
{
	struct timespec now;

	if (!end)
		return -1;
	clock_gettime(CLOCK_MONOTONIC, &now);
	uint64_t ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
	return ms < end ? (int)(end - ms) : 0;
}

static uint64_t end_of(uint64_t seconds)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return seconds ? ((uint64_t)now.tv_sec + seconds) * 1000 + (uint64_t)now.tv_nsec / 1000000
		       : 0;
}

/* Prints what happened, at most as much as is left of --count. */
static int tell(const struct watch_args *args, struct watch *watch, const struct mnt_events *events,
		uint64_t *said, size_t *wide, struct err *err)
{
	struct watch_entries entries = {.watch = watch};
	int status = EXIT_OK;

	watch_entries_make(events, &entries);
	if (args->count && entries.n > args->count - *said)
		entries.n = args->count - *said;
	if (entries.n)
		status = print(args, &entries, !*said, wide, err);
	*said += entries.n;
	free(entries.v);
	return status;
}

static int run(const struct watch_args *args, struct watch *watch, struct err *err)
{
	uint64_t said = 0, end = end_of(args->seconds);
	const char *columns = args->see.format.columns;
	/* As many as there are, and as could be named. */
	AUTO_FREE size_t *wide = xcalloc(16 + (columns ? strlen(columns) : 0), sizeof(*wide));
	struct mnt_events events;
	int status = EXIT_OK, n;

	do {
		int left = ms_left(end);
		n = watch_next(watch, left, &events);
		if (n > 0)
			status = tell(args, watch, &events, &said, wide, err);
		if (!watch_count(watch))
			return err_say(err, ESRCH, "the namespace has ended"), EXIT_FAILED;
		if (!left || (args->count && said == args->count))
			break;
	} while (status == EXIT_OK && n >= 0);
	return status;
}

/* Blocked, so that they arrive as something to be read, and never in between. */
static int take_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int cmd_watch(const struct command *self, char **argv, struct err *err)
{
	struct watch_args args = {0};
	struct mnt_world world;
	struct watch *watch;
	uint32_t ns;
	int n = options_gather(self->options, &args, argv, err);

	if (n < 0)
		return EXIT_USAGE;
	if (n > 1)
		return err_say(err, EINVAL, "'%s': expected one namespace, or all", argv[1]),
		       EXIT_USAGE;
	bool all = n && !strcmp(argv[0], "all");
	AUTO_FD int signals = take_signals();
	int rc = all ? see_world(&args.see, SCAN_TABLES, &world, err)
		     : see_one(&args.see, argv[0], &world, &ns, err);
	if (rc < 0)
		return EXIT_FAILED;
	if (!all)
		mnt_world_only(&world, ns);
	size_t told = world.gaps.n;
	rc = watch_new(&world, all, &watch, err);
	if (rc == 0)
		see_tell_gaps(&world, told);
	mnt_world_done(&world);
	if (rc < 0)
		return EXIT_FAILED;
	watch_stop_on(watch, signals);
	watch_stop_on(watch, STDOUT_FILENO);
	int status = run(&args, watch, err);
	watch_free(watch);
	return status;
}

const struct command command_watch = {
	.name = "watch",
	.usage = "mntns watch [OPTIONS] [NS|all]",
	.summary = "show mounts as they are attached, detached, moved and changed",
	.manual = "mntns-watch(1)",
	.words = "all self host",
	.options = watch_options,
	.run = cmd_watch,
	.columns = watch_columns,
	.mixed = true,
};
