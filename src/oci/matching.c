// SPDX-License-Identifier: Apache-2.0
/* --regex: the containers whose ids an expression of regex(7) matches, anywhere in it. */
#include "oci/matching.h"
#include "oci/log.h"
#include "oci/state.h"

#include <errno.h>
#include <regex.h>

static int compile(const char *text, regex_t *ret, struct err *err)
{
	char why[128];
	/* POSIX leaves open what it means; often it is a variable that has no value. */
	if (!*text)
		return err_say(err, EINVAL,
			       "--regex: the expression is empty; '.' matches every container");
	int rc = regcomp(ret, text, REG_EXTENDED | REG_NOSUB);
	if (rc == 0)
		return 0;
	regerror(rc, ret, why, sizeof(why));
	return err_say(err, EINVAL, "--regex: '%s' is no extended regular expression: %s", text,
		       why);
}

static bool is_there(const struct args *args, const char *id)
{
	struct state state;
	int rc = state_open(args->root, id, STATE_LOOK, &state, NULL);

	if (rc == 0)
		state_done(&state);
	return rc != -ENOENT;
}

/* One that another has deleted since is none of them. */
static int do_one(struct args *args, const char *id, matching_act *act)
{
	AUTO(err) struct err err = {0};

	if (act(args, id, &err) == 0 || (err.code == ENOENT && !is_there(args, id)))
		return 0;
	err_add(&err, "%s", id);
	log_error(args->to, &err);
	return 1;
}

static int each_match(struct args *args, const regex_t *expression, matching_act *act,
		      struct err *err)
{
	AUTO(strv) struct strv ids = {0};
	int status = 0;

	if (state_list(args->root, &ids, err) < 0)
		return 1;
	for (size_t i = 0; i < ids.n; i++)
		if (regexec(expression, ids.v[i], 0, NULL, 0) == 0)
			status |= do_one(args, ids.v[i], act);
	return status;
}

int matching_each(struct args *args, matching_act *act, struct err *err)
{
	regex_t expression;

	if (!args->regex)
		return act(args, args->words[0], err);
	if (compile(args->words[0], &expression, err) < 0)
		return 1;
	int status = each_match(args, &expression, act, err);
	regfree(&expression);
	return status;
}
