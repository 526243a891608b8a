// SPDX-License-Identifier: Apache-2.0
/* plan: what ops would do to all mount namespaces. */
#include "base/io.h"
#include "cli/cmds.h"
#include "cli/planned.h"
#include "cli/text.h"
#include "view/plan.h"

static const struct option plan_options[] = {PLANNED_OPTIONS, SEE_OPTIONS, PLANNED_JSON, {0}};

static int show(const struct planned_args *args, const struct plan *plan, struct err *err)
{
	if (args->see.format.json) {
		json_t *json = view_plan_json(plan);
		json_dumpf(json, stdout, JSON_INDENT(2));
		json_decref(json);
		fputc('\n', stdout);
	} else {
		view_plan_text(plan, stdout);
	}
	if (io_flush_stdout(err) < 0)
		return EXIT_USAGE;
	return plan->refused ? EXIT_FAILED : EXIT_OK;
}

static int cmd_plan(const struct command *self, char **argv, struct err *err)
{
	struct planned_args args = {0};
	AUTO(ops) struct ops ops = {0};
	struct mnt_world world;
	AUTO(plan_paths) struct plan_paths paths = {0};
	struct plan plan;
	int status = EXIT_USAGE;
	uint32_t in;

	if (planned_parse(self->options, argv, &args, &ops, err) < 0 ||
	    planned_look(&args, &world, &in, err) < 0)
		return EXIT_USAGE;
	bool is_live = !args.see.from;
	if (is_live)
		plan_paths_init(&paths, &ops, &world, in);
	if (plan_init(&plan, &world, is_live ? &paths.ops : &ops, is_live ? &paths : NULL, in,
		      is_live ? PLAN_LIVE : 0, err) == 0) {
		status = show(&args, &plan, err);
		plan_done(&plan);
	}
	mnt_world_done(&world);
	return status;
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
