// SPDX-License-Identifier: Apache-2.0
/* scenario: random calls on the kernel and on the model of it, compared. */
#include "base/io.h"
#include "cli/cmds.h"
#include "cli/text.h"
#include "scenario/scenario.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>

struct scenario_args {
	bool random, userns;
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

/* clang-format off: one a line */
static const struct option scenario_options[] = {
	{"random", 0, NULL, NULL, 0, NULL, "Options",
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

static int replay_file(const char *name, struct buf *out, struct err *err)
{
	struct scenario_result result = {0};
	AUTO(buf) struct buf text = {0};

	if (io_read_file(AT_FDCWD, name, 16 << 20, &text, err) < 0 ||
	    scenario_replay(name, text.data ? text.data : "", &result, err) < 0)
		return EXIT_FAILED;
	bool differs = result.difference.len;
	buf_addf(out, "%sok - %s: %llu calls\n", differs ? "not " : "", name,
		 (unsigned long long)result.compared);
	if (differs)
		buf_adds(out, result.difference.data);
	scenario_result_done(&result);
	return differs ? EXIT_FAILED : EXIT_OK;
}

/* All of them, whatever one says. */
static int replay_files(char **names, struct err *err)
{
	AUTO(buf) struct buf out = {0};
	int status = EXIT_OK;

	for (; *names && !(err && err->code); names++)
		if (replay_file(*names, &out, err) != EXIT_OK)
			status = EXIT_FAILED;
	AUTO(err) struct err print_err = {0};
	if (text_print(&out, err && err->code ? &print_err : err) < 0)
		status = EXIT_FAILED;
	return status;
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
		return replay_files(argv, err);
	if (args.namespaces < 1 || args.namespaces > SCENARIO_TASKS)
		return err_say(err, EINVAL, "--namespaces: expected a number from 1 to %d",
			       SCENARIO_TASKS),
		       EXIT_USAGE;
	return run_random(&args, err);
}

const struct command command_scenario = {
	.name = "scenario",
	.usage = "mntns scenario --random [OPTIONS] | FILE…",
	.summary = "compare the model of the kernel's mounts with the kernel",
	.manual = "mntns-scenario(1)",
	.options = scenario_options,
	.run = cmd_scenario,
	.mixed = true,
};
