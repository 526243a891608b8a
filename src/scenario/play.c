// SPDX-License-Identifier: Apache-2.0
/* A scenario played: each statement made, each expectation looked at. */
#include "base/mem.h"
#include "scenario/script.h"

#include <errno.h>
#include <string.h>

static const char *result_word(int code)
{
	return code ? errno_name(code) : "success";
}

static void fail(struct scenario_played *played, const char *name, const struct line *line,
		 const char *got)
{
	buf_addf(&played->failures, "%s:%u: %s: got %s\n", name, line->number, line->text, got);
}

/* The statements so far, and how the tables differ. */
static void fail_differing(struct scenario_played *played, const char *name,
			   const struct script *script, size_t n, const struct buf *difference)
{
	buf_addf(&played->failures, "%s:%u: kernel and model differ after\n", name,
		 script->v[n].number);
	for (size_t i = 0; i <= n; i++)
		if (!script->v[i].is_expect)
			buf_addf(&played->failures, "    %s\n", script->v[i].text);
	buf_adds(&played->failures, difference->data ? difference->data : "");
}

/* As pair_call. */
static int play_call(struct pair *pair, const char *name, const struct line *line,
		     struct scenario_played *played, struct buf *difference, struct err *err)
{
	const char *why = pair_forbids(pair, &line->call);
	int rc;

	if (why)
		return err_say(err, EINVAL, "%s:%u: %s: %s", name, line->number, line->text, why);
	int same = pair_call(pair, &line->call, &rc, difference, err);
	if (same < 0)
		return err_add(err, "%s:%u", name, line->number), same;
	played->statements++;
	if (same && -rc != line->call.want)
		fail(played, name, line, result_word(-rc));
	return same;
}

static void play_expect(const struct pair *pair, const char *name, const struct line *line,
			struct scenario_played *played)
{
	AUTO(buf) struct buf got = {0};

	played->expectations++;
	if (!expect_holds(&line->expect, &pair->now, &got))
		fail(played, name, line, got.data);
}

static int play(struct pair *pair, const char *name, const struct script *script,
		struct scenario_played *played, struct err *err)
{
	for (size_t i = 0; i < script->n; i++) {
		AUTO(buf) struct buf difference = {0};
		int same = 1;
		if (script->v[i].is_expect)
			play_expect(pair, name, &script->v[i], played);
		else
			same = play_call(pair, name, &script->v[i], played, &difference, err);
		if (same < 0)
			return same;
		if (!same)
			return fail_differing(played, name, script, i, &difference), 0;
	}
	return 0;
}

static int play_once(const char *name, const struct script *script, enum scenario_on on,
		     struct scenario_played *ret, struct err *err)
{
	struct scenario_played played = {.title = xstrdup(script->title)};
	struct pair pair;
	int rc = pair_start(&pair, on, err);

	if (rc == 0) {
		rc = play(&pair, name, script, &played, err);
		pair_done(&pair);
	}
	if (rc < 0)
		scenario_played_done(&played);
	else
		*ret = played;
	return rc;
}

/*
 * Who looks into the processes from outside keeps their mounts busy for a moment: what fails is
 * played a second time, and that counts.
 */
int scenario_play(const char *name, const char *text, enum scenario_on on,
		  struct scenario_played *ret, struct err *err)
{
	AUTO(script) struct script script = {0};
	struct scenario_played played;
	int rc = script_parse(&script, name, text, err);

	if (rc == 0)
		rc = play_once(name, &script, on, &played, err);
	if (rc == 0 && played.failures.len && on != SCENARIO_ON_MODEL) {
		scenario_played_done(&played);
		rc = play_once(name, &script, on, &played, err);
	}
	if (rc == 0)
		*ret = played;
	return rc;
}

void scenario_played_done(struct scenario_played *played)
{
	free(played->title);
	buf_done(&played->failures);
	*played = (struct scenario_played){0};
}
