// SPDX-License-Identifier: Apache-2.0
/* Options by rows: finding, applying, and the sentence for each way to get one wrong. */
#include "cli/option.h"
#include "base/mem.h"

#include <errno.h>
#include <string.h>

/* Every command has it; main looks for it before anything is applied. */
static const struct option help_row = {.name = "help", .letter = 'h', .apply = option_set_flag};

struct walk {
	const struct option *rows;
	char *const *argv;
	int used;	     /* words taken so far */
	const char *letters; /* what is left of a word like -it, NULL: none */
};

struct found {
	const struct option *option;
	const char *value;
};

static bool is_word(const char *word, const char *name, size_t len)
{
	return word && strlen(word) == len && !strncmp(word, name, len);
}

const struct option *option_find(const struct option *rows, const char *name, size_t len)
{
	for (; rows->name; rows++)
		if (is_word(rows->name, name, len) || is_word(rows->alias, name, len))
			return rows;
	return NULL;
}

static const struct option *find_letter(const struct option *rows, char letter)
{
	for (; rows->name; rows++)
		if (rows->letter == letter)
			return rows;
	return letter == help_row.letter ? &help_row : NULL;
}

int option_apply(const struct option *option, void *ctx, const char *value, struct err *err)
{
	if (option->apply(ctx, option, value, err) >= 0)
		return 0;
	return option->arg ? err_add(err, "--%s %s", option->name, value)
			   : err_add(err, "--%s", option->name);
}

int option_set_flag(void *ctx, const struct option *option, const char *value, struct err *err)
{
	bool *flag = (void *)((char *)ctx + option->field);

	*flag = value != NULL;
	return 0;
}

/* How many letters must change to make one word the other. */
static size_t distance(const char *a, const char *b, size_t a_len)
{
	size_t row[64], b_len = strlen(b);

	if (b_len >= ARRAY_SIZE(row))
		return b_len;
	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t change = diagonal + (a[i - 1] != b[j - 1]);
			diagonal = row[j];
			size_t step = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
			row[j] = change < step ? change : step;
		}
	}
	return row[b_len];
}

/* Keeps `candidate` if it is nearer to what was typed; a longer word it begins counts as 1. */
static void consider(const char *name, size_t len, const char *candidate, char **nearest,
		     size_t *least)
{
	bool begins = len >= 3 && !strncmp(candidate, name, len);
	size_t d = begins ? 1 : distance(name, candidate, len);

	if (d >= *least)
		return;
	*least = d;
	free(*nearest);
	*nearest = xstrdup(candidate);
}

static int unknown(const struct option *rows, const char *name, size_t len, struct err *err)
{
	AUTO_FREE char *nearest = NULL;
	size_t least = len < 4 ? 2 : 3;

	for (const struct option *o = rows; o->name; o++) {
		AUTO_FREE char *negated = xasprintf("no-%s", o->name);
		consider(name, len, o->name, &nearest, &least);
		if (o->alias)
			consider(name, len, o->alias, &nearest, &least);
		if (o->flags & OPTION_NEGATABLE)
			consider(name, len, negated, &nearest, &least);
	}
	err_say(err, EINVAL, "unknown option --%.*s", (int)len, name);
	return nearest ? err_hint(err, "did you mean --%s?", nearest)
		       : err_hint(err, "--help lists them");
}

static const struct option *find_negated(const struct option *rows, const char *name, size_t len)
{
	const struct option *option =
		len > 3 && str_starts(name, "no-") ? option_find(rows, name + 3, len - 3) : NULL;

	return option && option->flags & OPTION_NEGATABLE ? option : NULL;
}

/* The argument that is no part of the option's own word. */
static int take_argument(struct walk *w, const char *dashed, struct found *ret, struct err *err)
{
	ret->value = w->argv[w->used];
	if (!ret->value)
		return err_say(err, EINVAL, "%s needs an argument: %s", dashed, ret->option->arg);
	w->used++;
	return 1;
}

/* --name, --name=value, --name value, --no-name */
static int next_long(struct walk *w, struct found *ret, struct err *err)
{
	const char *word = w->argv[w->used], *name = word + 2, *equals = strchrnul(name, '=');
	size_t len = (size_t)(equals - name);
	bool negated = false;

	ret->option = option_find(w->rows, name, len);
	if (!ret->option && (ret->option = find_negated(w->rows, name, len)))
		negated = true;
	if (!ret->option && is_word(help_row.name, name, len))
		ret->option = &help_row;
	if (!ret->option)
		return unknown(w->rows, name, len, err);
	w->used++;
	if (ret->option->arg && !negated && !*equals)
		return take_argument(w, word, ret, err);
	if (*equals && (!ret->option->arg || negated))
		return err_say(err, EINVAL, "--%.*s takes no argument", (int)len, name);
	ret->value = negated ? NULL : *equals ? equals + 1 : "";
	return 1;
}

/* -x, -xy, -xVALUE, -x VALUE: one letter at a time */
static int next_letter(struct walk *w, struct found *ret, struct err *err)
{
	char dashed[] = {'-', *w->letters, 0};

	ret->option = find_letter(w->rows, *w->letters);
	ret->value = "";
	if (!ret->option)
		return err_say(err, EINVAL, "unknown option %s; --help lists them", dashed);
	if (*++w->letters && !ret->option->arg)
		return 1;
	if (*w->letters)
		ret->value = w->letters;
	bool complete = *w->letters || !ret->option->arg;
	w->letters = NULL;
	w->used++;
	return complete ? 1 : take_argument(w, dashed, ret, err);
}

/* 1: *ret is the next option, 0: there is none, or -errno. */
static int next(struct walk *w, struct found *ret, struct err *err)
{
	const char *word = w->argv[w->used];

	if (w->letters)
		return next_letter(w, ret, err);
	if (!word || *word != '-' || !word[1] || !strcmp(word, "--"))
		return 0;
	if (word[1] == '-')
		return next_long(w, ret, err);
	w->letters = word + 1;
	return next_letter(w, ret, err);
}

int options_parse(const struct option *rows, void *ctx, char *const *argv, struct err *err)
{
	struct walk w = {.rows = rows, .argv = argv};
	struct found found;
	int rc;

	while ((rc = next(&w, &found, err)) > 0)
		if (found.option != &help_row &&
		    option_apply(found.option, ctx, found.value, err) < 0)
			return -EINVAL;
	return rc < 0 ? rc : w.used;
}

int options_gather(const struct option *rows, void *ctx, char **argv, struct err *err)
{
	int n = 0, at = 0;

	while (argv[at]) {
		int used = options_parse(rows, ctx, argv + at, err);
		if (used < 0)
			return used;
		at += used;
		bool rest = argv[at] && !strcmp(argv[at], "--");
		at += rest;
		do {
			if (argv[at])
				argv[n++] = argv[at++];
		} while (rest && argv[at]);
	}
	argv[n] = NULL;
	return n;
}

bool options_ask_help(const struct option *rows, char *const *argv)
{
	struct walk w = {.rows = rows, .argv = argv};
	struct found found;

	while (next(&w, &found, NULL) > 0)
		if (found.option == &help_row)
			return true;
	return false;
}
