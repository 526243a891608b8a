// SPDX-License-Identifier: Apache-2.0
/* apply: ops planned, carried out all or none, and the tables held against the plan. */
#include "plan/apply.h"
#include "base/io.h"
#include "base/json.h"
#include "base/mem.h"
#include "cli/cmds.h"
#include "cli/planned.h"
#include "cli/text.h"
#include "view/plan.h"

#include <errno.h>
#include <string.h>

static const struct option apply_options[] = {
	PLANNED_OPTIONS,
	{"confirm", 0, NULL, NULL, 0, NULL, NULL, "show the plan and ask", option_set_flag,
	 offsetof(struct planned_args, confirm)},
	PLANNED_JSON,
	{0},
};

enum {
	OTHERS_MAX = 10,
};

struct applying {
	const struct planned_args *args;
	struct mnt_world *world;
	const struct ops *ops;
	uint32_t in;
	struct plan_paths paths;
	struct plan plan;
	struct apply_survey survey;
	struct apply_result result;
	bool was_begun;
	struct plan_differences differences;
};

/* The first thing that cannot be undone is of interest before the ops, not after. */
static void tell_limits(const struct applying *a)
{
	if (a->survey.limits.n)
		fputs("mntns apply: if a later op is refused, this cannot be undone:\n", stderr);
	for (size_t i = 0; i < a->survey.limits.n; i++) {
		AUTO_FREE char *line = str_printable(a->survey.limits.v[i]);
		fprintf(stderr, "  %s\n", line);
	}
}

/* 1: yes. */
static int ask(const struct applying *a, struct err *err)
{
	char answer[16];

	if (!a->args->confirm)
		return 1;
	if (a->args->file && !strcmp(a->args->file, "-"))
		return err_say(err, EINVAL,
			       "--confirm asks on standard input, from which the ops are read");
	view_plan_text(&a->plan, stderr);
	fputs("Carry it out? [y/N] ", stderr);
	if (!fgets(answer, sizeof(answer), stdin))
		return 0;
	return *answer == 'y' || *answer == 'Y';
}

static int check(struct applying *a, struct err *err)
{
	struct mnt_world now;
	int rc = scan_world(SCAN_TABLES, &now, err);

	if (rc < 0)
		return rc;
	rc = plan_compare(&a->plan, a->result.code != 0, &now, &a->differences, err);
	mnt_world_done(&now);
	return rc;
}

static int carry_out(struct applying *a, struct err *err)
{
	bool is_own = !a->args->in && a->in == a->world->self;
	struct apply_where where;
	int rc = apply_where_init(&where, &a->plan, &a->survey, is_own, err);

	if (rc < 0)
		return rc;
	rc = apply_run(a->ops, &where, &a->result, err);
	apply_where_done(&where);
	a->was_begun = rc == 0;
	return rc == 0 && !a->result.was_killed ? check(a, err) : rc;
}

/* At mounts that the ops have to do with. */
static bool is_amiss(const struct applying *a)
{
	for (size_t i = 0; i < a->differences.n; i++)
		if (a->differences.v[i].ours)
			return true;
	return false;
}

/* On a busy machine others may have done a lot; JSON has all of it. */
static void print_differences(const struct applying *a)
{
	size_t others = 0;

	for (size_t i = 0; i < a->differences.n; i++) {
		const struct plan_difference *d = &a->differences.v[i];
		AUTO_FREE char *line = str_printable(d->text);
		others += !d->ours;
		if (d->ours || others <= OTHERS_MAX)
			printf("%s: %s\n",
			       !d->ours		? "Changed by others"
			       : a->result.code ? "Not undone"
						: "Not as planned, which is a bug of mntns",
			       line);
	}
	if (others > OTHERS_MAX)
		printf("Changed by others: %zu more\n", others - OTHERS_MAX);
}

static void print_json(const struct applying *a)
{
	json_t *json = view_plan_json(&a->plan), *list = json_array();

	for (size_t i = 0; i < a->differences.n; i++)
		json_array_append_new(list, json_pack("{s:s,s:b}", "what", a->differences.v[i].text,
						      "ours", a->differences.v[i].ours));
	json_object_set_new(json, "cannot-be-undone", json_strv(&a->survey.limits));
	json_object_set_new(json, "applied",
			    json_boolean(a->was_begun && !a->result.code && !a->result.was_killed));
	json_object_set_new(json, "error",
			    a->was_begun && a->result.code ? json_bytes(a->result.why)
							   : json_null());
	json_object_set_new(json, "left", json_strv(&a->result.left));
	json_object_set_new(json, "differences", list);
	json_dumpf(json, stdout, JSON_INDENT(2));
	json_decref(json);
	fputc('\n', stdout);
}

static void print_text(const struct applying *a)
{
	uint32_t changed = 0;

	for (uint32_t i = 0; i < a->plan.n_ns; i++)
		changed += a->plan.ns[i].n > 0;
	if (a->was_begun && !a->result.code && !a->result.was_killed)
		printf("Carried out: %zu op%s; %u mount namespace%s changed%s.\n", a->ops->n,
		       a->ops->n == 1 ? "" : "s", changed, changed == 1 ? "" : "s",
		       is_amiss(a) ? "" : ", as planned");
	print_differences(a);
}

/* What the child came to, as an error. */
static int outcome(const struct applying *a, struct err *err)
{
	const struct apply_result *result = &a->result;

	if (result->was_killed)
		return err_say(err, EINTR,
			       "it was killed: %zu op%s of %zu, or one more, hold and were not "
			       "undone",
			       result->done, result->done == 1 ? "" : "s", a->ops->n);
	if (!result->code)
		return is_amiss(a) ? err_say(err, EPROTO,
					     "the tables are not as planned where the ops were at "
					     "work; please report it")
				   : 0;
	AUTO(buf) struct buf left = {0};
	for (size_t i = 0; i < result->left.n; i++)
		buf_addf(&left, "%s%s", i ? "; " : " ", result->left.v[i]);
	if (result->left.n)
		return err_say(err, result->code,
			       "%s; of the %zu op%s before it, this could not be undone:%s",
			       result->why, result->done, result->done == 1 ? "" : "s", left.data);
	return err_say(err, result->code, "%s; %s", result->why,
		       is_amiss(a)    ? "not all of what was done before it could be undone"
		       : result->done ? "what was done before it is undone"
				      : "nothing had been done before it");
}

static int apply(struct applying *a, struct err *err)
{
	if (apply_survey_init(&a->survey, a->world, a->plan.ops, a->in, err) < 0)
		return EXIT_USAGE;
	if (a->plan.refused)
		return err_say(err, a->plan.refused_code,
			       "not begun, as op %zu of %zu would be refused: %s",
			       a->plan.refused_op + 1, a->ops->n, a->plan.refused),
		       EXIT_FAILED;
	tell_limits(a);
	int rc = ask(a, err);
	if (rc == 0)
		return err_say(err, ECANCELED, "not begun"), EXIT_FAILED;
	if (rc < 0 || carry_out(a, err) < 0)
		return EXIT_USAGE;
	if (outcome(a, err) < 0)
		return EXIT_FAILED;
	return EXIT_OK;
}

static int cmd_apply(const struct command *self, char **argv, struct err *err)
{
	struct planned_args args = {0};
	AUTO(ops) struct ops ops = {0};
	struct mnt_world world;
	struct applying a = {.args = &args, .world = &world, .ops = &ops};
	int status = EXIT_USAGE;

	if (planned_parse(self->options, argv, &args, &ops, err) < 0 ||
	    planned_look(&args, &world, &a.in, err) < 0)
		return EXIT_USAGE;
	plan_paths_init(&a.paths, &ops, &world, a.in);
	if (plan_init(&a.plan, &world, &a.paths.ops, &a.paths, a.in,
		      PLAN_KEEP | PLAN_NO_REPEAT | PLAN_LIVE, err) == 0) {
		status = apply(&a, err);
		if (args.see.format.json)
			print_json(&a);
		else
			print_text(&a);
		plan_done(&a.plan);
	}
	plan_paths_done(&a.paths);
	apply_survey_done(&a.survey);
	apply_result_done(&a.result);
	plan_differences_done(&a.differences);
	mnt_world_done(&world);
	return io_flush_stdout(err) < 0 ? EXIT_USAGE : status;
}

const struct command command_apply = {
	.name = "apply",
	.usage = "mntns apply [OPTIONS] [OP...]",
	.summary = "carry out mount operations, all or none, and check what they did",
	.manual = "mntns-apply(1)",
	.options = apply_options,
	.run = cmd_apply,
	.mixed = true,
};
