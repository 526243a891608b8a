// SPDX-License-Identifier: Apache-2.0
/*
 * Rounds of random calls, each in a new world, until one shows a difference; then as many of its
 * calls as possible are left out again.
 */
#include "base/mem.h"
#include "scenario/call.h"
#include "sys/calls.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct round {
	struct pair pair;
	struct known known;
};

static int round_start(struct round *r, const struct scenario_random *options, struct err *err)
{
	*r = (struct round){0};
	int rc = pair_start(&r->pair, SCENARIO_ON_BOTH, err);
	r->known = (struct known){.now = &r->pair.now,
				  .world = r->pair.model,
				  .tasks = options->tasks,
				  .userns = options->userns,
				  .has_open_tree_attr = sys_has_open_tree_attr()};
	return rc;
}

/* As pair_call; the call gets the errno of the kernel. */
static int step(struct round *r, struct call *call, struct buf *out, struct err *err)
{
	int rc = 0, same = pair_call(&r->pair, call, &rc, out, err);

	if (same < 0)
		return same;
	call->want = (int16_t)-rc;
	known_update(&r->known, call, &r->pair.now);
	return same;
}

/* Whether these calls still show a difference; ret_n: up to which one. */
static int replay(const struct scenario_random *options, const struct calls *calls, size_t *ret_n,
		  struct buf *out, struct err *err)
{
	struct round r;
	int rc = round_start(&r, options, err), same = 1;
	size_t i = 0;

	if (rc < 0)
		return rc;
	/* In a shortened list a call may have lost its task, or its file may be in use. */
	for (; i < calls->n && same == 1; i++)
		if (!pair_forbids(&r.pair, &calls->v[i]))
			same = step(&r, &calls->v[i], out, err);
	pair_done(&r.pair);
	*ret_n = i;
	return same < 0 ? same : !same;
}

static struct calls without(const struct calls *calls, size_t from, size_t n)
{
	struct calls rest = {0};

	for (size_t i = 0; i < calls->n; i++)
		if (i < from || i >= from + n)
			VEC_PUSH(rest.v, rest.n, calls->v[i]);
	return rest;
}

/* Leaves out `part` calls at a time, from the end; 1: it could leave out some. */
static int leave_out(const struct scenario_random *options, struct calls *calls, size_t part,
		     struct err *err)
{
	int shorter = 0;

	for (size_t at = calls->n; at > 0;) {
		at = at > part ? at - part : 0;
		if (at >= calls->n)
			continue;
		struct calls rest = without(calls, at, part);
		size_t n = 0;
		int rc = replay(options, &rest, &n, NULL, err);
		if (rc == 1) {
			free(calls->v);
			*calls = (struct calls){rest.v, n};
			shorter = 1;
			continue;
		}
		free(rest.v);
		if (rc < 0)
			return rc;
	}
	return shorter;
}

/* Halves, quarters, … and single calls until none can be left out, as long as it differs. */
static int shrink(const struct scenario_random *options, struct calls *calls, struct err *err)
{
	int rc = 1;

	for (size_t part = calls->n / 2; part > 1 && rc >= 0; part /= 2)
		rc = leave_out(options, calls, part, err);
	for (rc = rc < 0 ? rc : 1; rc == 1;)
		rc = leave_out(options, calls, 1, err);
	return rc;
}

/* All of the report can be kept as a scenario. */
static void add_comment(struct buf *out, const char *text)
{
	AUTO(strv) struct strv lines = {0};

	strv_split(&lines, text, '\n');
	for (size_t i = 0; i < lines.n; i++)
		if (*lines.v[i])
			buf_addf(out, "# %s\n", lines.v[i]);
}

static void print_report(uint64_t seed, size_t all, const struct calls *calls,
			 const struct buf *tables, struct buf *out)
{
	buf_addf(out,
		 "# Kernel and model differ: seed %llu, call %zu, shown by %zu of the calls.\n",
		 (unsigned long long)seed, all, calls->n);
	for (size_t i = 0; i < calls->n; i++) {
		call_print(&calls->v[i], out);
		buf_addc(out, '\n');
	}
	add_comment(out, tables->data ? tables->data : "");
}

/* The shortest calls that show it. */
static int shortest(const struct scenario_random *options, uint64_t seed, struct calls *calls,
		    const struct buf *tables, struct scenario_result *result, struct err *err)
{
	size_t n = 0, all = calls->n;
	AUTO(buf) struct buf last = {0};
	int rc = shrink(options, calls, err);

	if (rc >= 0)
		rc = replay(options, calls, &n, &last, err);
	if (rc == 1)
		calls->n = n;
	if (rc >= 0)
		print_report(seed, all, calls, rc ? &last : tables, &result->difference);
	return rc < 0 ? rc : 0;
}

/* Of the text of a difference, the lines that say what differs. */
static void add_changes(struct buf *out, const char *text)
{
	AUTO(strv) struct strv lines = {0};

	strv_split(&lines, text, '\n');
	for (size_t i = 0; i < lines.n; i++)
		if (str_starts(lines.v[i], "result:") || str_starts(lines.v[i], "+ ") ||
		    str_starts(lines.v[i], "- "))
			buf_addf(out, "  %s\n", lines.v[i]);
}

static void note_passing(uint64_t seed, const struct calls *calls, const struct buf *how,
			 struct scenario_result *result)
{
	AUTO(buf) struct buf text = {0};

	call_print(&calls->v[calls->n - 1], &text);
	buf_addf(&result->passed, "seed %llu, call %zu: %s\n", (unsigned long long)seed, calls->n,
		 text.data);
	add_changes(&result->passed, how->data ? how->data : "");
	result->passing++;
}

/* What cannot be shown again in three tries is counted, but not reported; how: what it was. */
static int report(const struct scenario_random *options, uint64_t seed, struct calls *calls,
		  const struct buf *how, struct scenario_result *result, struct err *err)
{
	AUTO(buf) struct buf tables = {0};
	size_t n = 0;
	int rc = 0;

	for (int tries = 0; tries < 3 && rc == 0; tries++)
		rc = replay(options, calls, &n, &tables, err);
	if (rc == 1)
		return shortest(options, seed, calls, &tables, result, err);
	if (rc == 0)
		note_passing(seed, calls, how, result);
	return rc;
}

/* Also of mounts that no process sees: the kernel passes over each when it lists the others. */
static bool is_overgrown(const struct round *r)
{
	return model_world_count(r->pair.model) > 1500;
}

/* One call of a round; 2: there are now more mounts than can be looked at, and the round is over.
 */
static int random_step(struct round *r, struct call *call, struct scenario_result *result,
		       struct buf *how, struct err *err)
{
	AUTO(err) struct err why = {0};
	int same = step(r, call, how, &why);

	if (same == -E2BIG)
		return 2;
	if (same < 0)
		return err_say(err, -same, "%s", why.msg);
	result->compared++;
	result->refused += r->pair.now.rc < 0;
	return same;
}

static int one_round(const struct scenario_random *options, uint64_t seed, uint64_t ops,
		     struct scenario_result *result, struct err *err)
{
	AUTO(calls) struct calls calls = {0};
	AUTO(buf) struct buf how = {0};
	struct random random = random_seeded(seed);
	struct round r;
	int rc = round_start(&r, options, err), same = 1;

	if (rc < 0)
		return rc;
	for (uint64_t i = 0; i < ops && same == 1 && !is_overgrown(&r); i++) {
		struct call call = call_random(&random, &r.known);
		if (pair_forbids(&r.pair, &call))
			continue;
		VEC_PUSH(calls.v, calls.n, call);
		same = random_step(&r, &call, result, &how, err);
	}
	pair_done(&r.pair);
	result->rounds++;
	if (same < 0)
		return err_add(err, "seed %llu, call %zu", (unsigned long long)seed, calls.n);
	return same ? 0 : report(options, seed, &calls, &how, result, err);
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Both sides take turns: on another CPU than the kernel's processes each turn waits for a wakeup.
 */
static void stay_on_this_cpu(cpu_set_t *ret_before)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	sched_getaffinity(0, sizeof(*ret_before), ret_before);
	sched_setaffinity(0, sizeof(one), &one);
}

int scenario_random(const struct scenario_random *options, struct scenario_result *ret,
		    struct err *err)
{
	struct scenario_result result = {0};
	double start = now();
	cpu_set_t cpus;
	int rc = 0;

	stay_on_this_cpu(&cpus);
	for (uint64_t seed = options->seed; rc == 0 && result.compared < options->ops; seed++) {
		uint64_t left = options->ops - result.compared;
		rc = one_round(options, seed, left < SCENARIO_ROUND ? left : SCENARIO_ROUND,
			       &result, err);
		if (options->progress)
			options->progress(options->ctx, result.compared);
		if (result.difference.len)
			break;
	}
	sched_setaffinity(0, sizeof(cpus), &cpus);
	result.seconds = now() - start;
	if (rc < 0)
		scenario_result_done(&result);
	else
		*ret = result;
	return rc;
}

void scenario_result_done(struct scenario_result *result)
{
	buf_done(&result->difference);
	buf_done(&result->passed);
}
