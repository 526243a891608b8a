// SPDX-License-Identifier: Apache-2.0
/* Text -> a call, by the rows of call_words.c. */
#include "model/model.h"
#include "scenario/call_words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The kind by its word; CALL_KIND_MAX: there is none. */
static enum call_kind kind_of(const char *word)
{
	int kind = 0;

	while (kind < CALL_KIND_MAX && strcmp(call_names[kind], word))
		kind++;
	return (enum call_kind)kind;
}

static uint64_t bit_of(const struct bit *bits, const char *word)
{
	while (bits && bits->bit && strcmp(bits->word, word))
		bits++;
	return bits ? bits->bit : 0;
}

static int parse_number(const char *word, uint64_t max)
{
	uint64_t n;

	return str_to_u64(word, max, &n, NULL) < 0 ? -EINVAL : (int)n;
}

/* "ns:1", "h2", "h2:a", "/a"; "" with its quotes is the empty path. */
static int parse_at(const char *word, struct call_at *at)
{
	bool is_file = *word == 'h' && word[1] >= '0' && word[1] < '0' + CALL_FILES &&
		       (!word[2] || word[2] == ':');

	if (str_starts(word, "ns:")) {
		int n = parse_number(word + 3, SCENARIO_TASKS - 1);
		at->ns_of = (int8_t)n;
		return n;
	}
	if (is_file) {
		at->file = (int8_t)(word[1] - '0');
		word += word[2] ? 3 : 2;
	}
	if (strlen(word) >= CALL_PATH)
		return -EINVAL;
	strcpy(at->path, strcmp(word, "\"\"") ? word : "");
	return 0;
}

static bool has_attr(const struct call *call)
{
	return call->kind == CALL_SETATTR || call->kind == CALL_OPEN_TREE;
}

static int parse_word(const char *word, struct call *call, size_t *ret_places)
{
	const struct form *form = &call_forms[call->kind];
	uint64_t bit = bit_of(form->bits, word);

	if (form->number && call->other == CALL_NOTHING)
		return call->other = (int8_t)parse_number(word, SCENARIO_TASKS - 1);
	if (form->rec && !strcmp(word, "rec"))
		call->rec = true;
	else if (str_starts(word, "set=") && (has_attr(call) || call->kind == CALL_FSMOUNT))
		call->set = strtoull(word + 4, NULL, 0);
	else if (str_starts(word, "clear=") && has_attr(call))
		call->clear = strtoull(word + 6, NULL, 0);
	else if (str_starts(word, "userns:") && has_attr(call))
		return call->userns_of = (int8_t)parse_number(word + 7, SCENARIO_TASKS - 1);
	else if (bit && has_attr(call))
		call->propagation |= bit;
	else if (bit)
		call->flags |= (unsigned)bit;
	else if (*ret_places == form->places)
		return -EINVAL;
	else
		return parse_at(word, (*ret_places)++ ? &call->b : &call->a);
	return 0;
}

static int parse_words(const struct strv *words, size_t at, struct call *call, struct err *err)
{
	const struct form *form = &call_forms[call->kind];
	const char *name = words->v[at];
	size_t places = 0;

	while (++at < words->n)
		if (parse_word(words->v[at], call, &places) < 0)
			return err_say(err, EINVAL, "'%s': no word for %s", words->v[at], name);
	if (places != form->places || (form->number && call->other == CALL_NOTHING))
		return err_say(err, EINVAL, "%s: expected %s", name,
			       form->number	  ? "the number of a process"
			       : form->places > 1 ? "two places"
						  : "a place");
	if (form->file != (call->file != CALL_NOTHING))
		return err_say(err, EINVAL,
			       form->file ? "%s makes a file; write h1 = %s" : "%s makes no file",
			       name, name);
	if (has_attr(call) && call->set & MODEL_ATTR_IDMAP && call->userns_of == CALL_NOTHING)
		return err_say(err, EINVAL, "%s: an id map needs userns:N, of a process", name);
	if (call->kind == CALL_CLOSE && (call->a.file == CALL_NOTHING || *call->a.path))
		return err_say(err, EINVAL, "close: expected a file, h0 to h5");
	return 0;
}

/* What is none of the calls is a statement of ops. */
static int parse_op(const char *text, struct call *call, struct err *err)
{
	if (strlen(text) >= CALL_TEXT)
		return err_say(err, EINVAL, "a statement has at most %d characters", CALL_TEXT - 1);
	call->kind = CALL_OP;
	strcpy(call->text, text);
	return statement_check(call, err);
}

void call_split(const char *text, struct strv *words)
{
	AUTO(strv) struct strv all = {0};

	strv_split(&all, text, ' ');
	for (size_t i = 0; i < all.n; i++)
		if (*all.v[i])
			strv_add(words, all.v[i]);
}

int call_parse(const char *text, struct call *ret, struct err *err)
{
	struct call_at none = {.file = CALL_NOTHING, .ns_of = CALL_NOTHING}, file = none;
	struct call call = {.file = CALL_NOTHING,
			    .other = CALL_NOTHING,
			    .userns_of = CALL_NOTHING,
			    .a = none,
			    .b = none};
	AUTO(strv) struct strv words = {0};
	size_t at = 0;
	int rc;

	call_split(text, &words);
	if (words.n > 2 && !strcmp(words.v[1], "="))
		at = 2;
	call.kind = at < words.n ? (uint8_t)kind_of(words.v[at]) : CALL_KIND_MAX;
	if (call.kind >= CALL_OP) {
		rc = parse_op(text, &call, err);
	} else {
		if (at &&
		    (parse_at(words.v[0], &file) < 0 || file.file == CALL_NOTHING || *file.path))
			return err_say(err, EINVAL, "'%s' is no file; expected h0 to h5",
				       words.v[0]);
		call.file = file.file;
		rc = parse_words(&words, at, &call, err);
	}
	if (rc == 0)
		*ret = call;
	return rc;
}
