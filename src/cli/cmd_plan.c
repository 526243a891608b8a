// SPDX-License-Identifier: Apache-2.0
/* plan: what ops would do to all mount namespaces. */
#include "cli/cmds.h"
#include "cli/see.h"
#include "cli/text.h"
#include "view/plan.h"

#include <errno.h>

struct plan_args {
	struct see_args see;
	const char *file, *in;
};

static int set_file(void *ctx, const struct option *option, const char *value, struct err *err)
{
	((struct plan_args *)ctx)->file = value;
	return 0;
}

static int set_in(void *ctx, const struct option *option, const char *value, struct err *err)
{
	((struct plan_args *)ctx)->in = value;
	return 0;
}

static const struct option plan_options[] = {
	SEE_OPTIONS,
	{"file", 'f', NULL, "FILE", 0, "file", NULL,
	 "read operations from FILE, one a line; - is standard input", set_file, 0},
	{"in", 0, NULL, "NS", 0, NULL, NULL,
	 "the mount namespace in which they are carried out, by any of its names; default: the "
	 "caller's own, or that of the snapshot",
	 set_in, 0},
	{"json", 'J', NULL, NULL, 0, NULL, "Output", "print JSON", option_set_flag,
	 offsetof(struct plan_args, see.format.json)},
	{0},
};

static int find(const struct plan_args *args, const struct mnt_world *world, uint32_t *ret_ns,
		struct err *err)
{
	if (args->in)
		return see_find(world, args->in, ret_ns, err);
	if (world->self == MAP_NONE && world->n_ns != 1)
		return err_say(err, ENOENT,
			       "the snapshot does not say where it was taken: name a namespace "
			       "with --in");
	*ret_ns = world->self != MAP_NONE ? world->self : 0;
	return 0;
}

static int show(const struct plan_args *args, const struct plan *plan, struct err *err)
{
	if (args->see.format.json) {
		json_t *json = view_plan_json(plan);
		json_dumpf(json, stdout, JSON_INDENT(2));
		json_decref(json);
		fputc('\n', stdout);
	} else {
		view_plan_text(plan, stdout);
	}
	if (text_flush(err) < 0)
		return EXIT_USAGE;
	return plan->refused ? EXIT_FAILED : EXIT_OK;
}

static int plan(const struct plan_args *args, const struct ops *ops, struct err *err)
{
	struct mnt_world world;
	struct plan plan;
	int status = EXIT_USAGE;
	uint32_t in;

	if (see_world(&args->see, SCAN_TABLES | SCAN_USES | SCAN_MAPS, &world, err) < 0)
		return EXIT_USAGE;
	if (find(args, &world, &in, err) == 0 && plan_init(&plan, &world, ops, in, 0, err) == 0) {
		status = show(args, &plan, err);
		plan_done(&plan);
	}
	mnt_world_done(&world);
	return status;
}

static int cmd_plan(const struct command *self, char **argv, struct err *err)
{
	struct plan_args args = {0};
	AUTO(ops) struct ops ops = {0};
	int n = options_gather(self->options, &args, argv, err);

	if (n < 0)
		return EXIT_USAGE;
	if (!n && !args.file)
		return err_say(err, EINVAL, "expected operations, as arguments or with --file"),
		       EXIT_USAGE;
	if (text_parse_ops(args.file, argv, (size_t)n, &ops, err) < 0)
		return EXIT_USAGE;
	return plan(&args, &ops, err);
}

const struct command command_plan = {
	.name = "plan",
	.usage = "mntns plan [OPTIONS] [OP...]",
	.summary = "say what mount operations would do to all mount namespaces",
	.manual = "mntns-plan(1)",
	.options = plan_options,
	.run = cmd_plan,
	.mixed = true,
};
