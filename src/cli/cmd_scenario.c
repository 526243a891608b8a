// SPDX-License-Identifier: Apache-2.0
/* scenario: files or random calls on the kernel and on the model of it, compared. */
#include "base/io.h"
#include "cli/cmds.h"
#include "cli/text.h"
#include "scenario/scenario.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

struct scenario_args {
	bool random, userns, tap;
	enum scenario_on on;
	uint64_t seed, ops, namespaces;
	bool has_seed;
};

static int set_number(void *ctx, const struct option *option, const char *value, struct err *err)
{
	uint64_t *field = (uint64_t *)((char *)ctx + option->field);

	if (str_to_u64(value, UINT64_MAX, field, err) < 0)
		return -EINVAL;
	if (option->field == offsetof(struct scenario_args, seed))
		((struct scenario_args *)ctx)->has_seed = true;
	return 0;
}

static int set_on(void *ctx, const struct option *option, const char *value, struct err *err)
{
	static const char *const words[] = {"both", "kernel", "model"};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(value, words[i])) {
			((struct scenario_args *)ctx)->on = (enum scenario_on)i;
			return 0;
		}
	return err_say(err, EINVAL, "'%s': expected %s", value, option->arg);
}

/* clang-format off: one a line */
static const struct option scenario_options[] = {
	{"on", 0, NULL, "kernel|model|both", 0, "kernel model both", "Options for files",
	 "make the calls of the files on these (both)", set_on, offsetof(struct scenario_args, on)},
	{"tap", 0, NULL, NULL, 0, NULL, NULL,
	 "print a line for each file, as the Test Anything Protocol has it", option_set_flag,
	 offsetof(struct scenario_args, tap)},
	{"random", 0, NULL, NULL, 0, NULL, "Options for random calls",
	 "make random calls, on the kernel and on the model", option_set_flag,
	 offsetof(struct scenario_args, random)},
	{"seed", 0, NULL, "NUMBER", 0, NULL, NULL,
	 "begin with this one; without it with any, which is printed", set_number,
	 offsetof(struct scenario_args, seed)},
	{"ops", 0, NULL, "NUMBER", 0, NULL, NULL, "how many calls (10000)", set_number,
	 offsetof(struct scenario_args, ops)},
	{"namespaces", 0, NULL, "NUMBER", 0, NULL, NULL,
	 "how many processes there are at most, 1 to 8 (3)", set_number,
	 offsetof(struct scenario_args, namespaces)},
	{"userns", 0, NULL, NULL, 0, NULL, NULL, "with user namespaces", option_set_flag,
	 offsetof(struct scenario_args, userns)},
	{0},
};
/* clang-format on */

static int print_result(const struct scenario_result *result, struct err *err)
{
	AUTO(buf) struct buf out = {0};

	buf_addf(&out, "%llu calls compared in %llu rounds, %llu of them refused, %.0f a second\n",
		 (unsigned long long)result->compared, (unsigned long long)result->rounds,
		 (unsigned long long)result->refused,
		 (double)result->compared / (result->seconds > 0 ? result->seconds : 1));
	if (result->passing)
		buf_addf(&out,
			 "%llu differences did not show again when their calls were repeated\n",
			 (unsigned long long)result->passing);
	if (result->passed.len)
		buf_adds(&out, result->passed.data);
	if (result->difference.len)
		buf_adds(&out, result->difference.data);
	else
		buf_adds(&out, "no difference\n");
	if (text_print(&out, err) < 0)
		return EXIT_FAILED;
	return result->difference.len ? EXIT_FAILED : EXIT_OK;
}

static void show_progress(void *ctx, uint64_t done)
{
	fprintf(stderr, "\r%llu calls ", (unsigned long long)done);
}

static int run_random(struct scenario_args *args, struct err *err)
{
	struct scenario_result result = {0};

	if (!args->has_seed) {
		uint32_t seed;
		if (getrandom(&seed, sizeof(seed), 0) < 0)
			return err_set(err, errno, "getrandom"), EXIT_FAILED;
		args->seed = seed;
	}
	struct scenario_random random = {
		.seed = args->seed,
		.ops = args->ops,
		.tasks = (unsigned)args->namespaces,
		.userns = args->userns,
		.progress = isatty(STDERR_FILENO) ? show_progress : NULL,
	};
	printf("seed %llu\n", (unsigned long long)args->seed);
	fflush(stdout);
	if (scenario_random(&random, &result, err) < 0)
		return EXIT_FAILED;
	int status = print_result(&result, err);
	scenario_result_done(&result);
	return status;
}

struct totals {
	size_t files, failed, statements, expectations;
};

/* Diagnostics are comments there. */
static void print_failures(const struct buf *failures, const char *mark, struct buf *out)
{
	AUTO(strv) struct strv lines = {0};

	strv_split(&lines, failures->data ? failures->data : "", '\n');
	for (size_t i = 0; i < lines.n; i++)
		if (*lines.v[i])
			buf_addf(out, "%s%s\n", mark, lines.v[i]);
}

static int play_file(const char *name, const struct scenario_args *args, struct totals *totals,
		     struct buf *out, struct err *err)
{
	struct scenario_played played;
	AUTO(buf) struct buf text = {0};

	if (io_read_file(AT_FDCWD, name, 16 << 20, &text, err) < 0 ||
	    scenario_play(name, text.data ? text.data : "", args->on, &played, err) < 0)
		return -EINVAL;
	bool failed = played.failures.len;
	totals->files++;
	totals->failed += failed;
	totals->statements += played.statements;
	totals->expectations += played.expectations;
	if (args->tap)
		buf_addf(out, "%sok %zu - %s: %s\n", failed ? "not " : "", totals->files, name,
			 played.title);
	print_failures(&played.failures, args->tap ? "# " : "", out);
	scenario_played_done(&played);
	return 0;
}

/* A file that cannot be played is an error, but one of its own: the others are played, too. */
static void cannot_play(const char *name, const struct scenario_args *args, struct totals *totals,
			struct err *why, struct buf *out)
{
	totals->files++;
	totals->failed++;
	if (args->tap)
		buf_addf(out, "not ok %zu - %s\n", totals->files, name);
	buf_addf(out, "%s%s\n", args->tap ? "# " : "", why->msg);
}

/* Who may not make namespaces cannot play any of them. */
static int bail_out(const struct scenario_args *args, struct err *why, struct err *err)
{
	AUTO(buf) struct buf out = {0};

	if (args->tap)
		buf_addf(&out, "Bail out! %s\n", why->msg);
	if (text_print(&out, err) == 0)
		err_say(err, why->code, "%s; --on model needs no privilege", why->msg);
	return EXIT_FAILED;
}

/* All of them, whatever one says. */
static int play_files(char **names, const struct scenario_args *args, struct err *err)
{
	struct totals totals = {0};
	AUTO(buf) struct buf plan = {0};
	size_t n = 0;

	while (names[n])
		n++;
	if (args->tap)
		buf_addf(&plan, "1..%zu\n", n);
	if (text_print(&plan, err) < 0)
		return EXIT_FAILED;
	for (; *names; names++) {
		AUTO(buf) struct buf out = {0};
		AUTO(err) struct err why = {0};
		int rc = play_file(*names, args, &totals, &out, &why);
		if (rc < 0 && why.code == EPERM)
			return bail_out(args, &why, err);
		if (rc < 0)
			cannot_play(*names, args, &totals, &why, &out);
		if (text_print(&out, err) < 0)
			return EXIT_FAILED;
	}
	AUTO(buf) struct buf out = {0};
	buf_addf(&out, "%s%zu scenarios: %zu statements, %zu expectations, %zu failed\n",
		 args->tap ? "# " : "", totals.files, totals.statements, totals.expectations,
		 totals.failed);
	if (text_print(&out, err) < 0 || totals.failed)
		return EXIT_FAILED;
	return EXIT_OK;
}

static int cmd_scenario(const struct command *self, char **argv, struct err *err)
{
	struct scenario_args args = {.ops = 10000, .namespaces = 3};
	int n = options_gather(self->options, &args, argv, err);

	if (n < 0)
		return EXIT_USAGE;
	if (!args.random && !n)
		return err_say(err, EINVAL, "expected files, or --random"), EXIT_USAGE;
	if (args.random && n)
		return err_say(err, EINVAL, "'%s': with --random there is no file", argv[0]),
		       EXIT_USAGE;
	if (!args.random)
		return play_files(argv, &args, err);
	if (args.namespaces < 1 || args.namespaces > SCENARIO_TASKS)
		return err_say(err, EINVAL, "--namespaces: expected a number from 1 to %d",
			       SCENARIO_TASKS),
		       EXIT_USAGE;
	return run_random(&args, err);
}

const struct command command_scenario = {
	.name = "scenario",
	.usage = "mntns scenario [--on kernel|model|both] [--tap] FILE… | --random [OPTIONS]",
	.summary = "play scenarios of mounts on the kernel and on the model of it",
	.manual = "mntns-scenario(1)",
	.options = scenario_options,
	.run = cmd_scenario,
	.mixed = true,
};
