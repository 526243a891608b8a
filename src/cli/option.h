/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One const row per option. The rows give parsing, --help, the manual's option list, shell
 * completion and the keys of a profile file; nothing else knows an option's name.
 */
#ifndef CLI_OPTION_H
#define CLI_OPTION_H

#include "base/str.h"

enum option_flag {
	OPTION_NEGATABLE = 1 << 0,  /* --no-NAME */
	OPTION_REPEATS = 1 << 1,    /* may be given several times; an array in a profile */
	OPTION_NO_PROFILE = 1 << 2, /* no key of a profile file */
};

struct option {
	const char *name;  /* NULL ends the table */
	char letter;	   /* 0: none */
	const char *alias; /* another tool's word for the same, NULL: none */
	const char *arg;   /* what --help calls the argument; NULL: a flag */
	unsigned flags;
	const char *complete; /* "dir", "file", or the words it can be; NULL: free */
	const char *group;    /* heading in --help, where it changes */
	const char *help;
	/* value: the argument; for a flag "" or, negated, NULL. */
	int (*apply)(void *ctx, const struct option *option, const char *value, struct err *err);
	size_t field; /* for apply: the offset in ctx of what it sets */
};

/*
 * Applies the options at the front of argv (NULL-terminated, without the program's name) and
 * returns how many words they take. The first word that is no option ends them, and so does "--",
 * which is left for the caller. A sentence on bad input.
 */
int options_parse(const struct option *rows, void *ctx, char *const *argv, struct err *err);
/*
 * The same where options may stand behind arguments, up to a "--": argv is left with the arguments
 * alone, NULL-terminated, and their number is returned.
 */
int options_gather(const struct option *rows, void *ctx, char **argv, struct err *err);
/* True if --help or -h stands among the options at the front of argv. */
bool options_ask_help(const struct option *rows, char *const *argv);
/* By long name or alias. */
const struct option *option_find(const struct option *rows, const char *name, size_t len);
/* Applies one, with the option's name in front of an error. */
int option_apply(const struct option *option, void *ctx, const char *value, struct err *err);
/* An `apply` for flags whose field is a bool. */
int option_set_flag(void *ctx, const struct option *option, const char *value, struct err *err);

/* The list for --help, 80 columns; and the same as scdoc for the manual. */
void options_print_help(const struct option *rows, struct buf *out);
void options_print_scdoc(const struct option *rows, struct buf *out);

#endif
