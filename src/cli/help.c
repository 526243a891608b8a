// SPDX-License-Identifier: Apache-2.0
/* The option list, from the rows: for the terminal, and for the manual. */
#include "cli/option.h"
#include "base/mem.h"

#include <string.h>

#define INDENT 28
#define WIDTH  80

/* Words of `text` in lines that start at INDENT; the first line is already there up to `column`. */
static void wrap(const char *text, size_t column, struct buf *out)
{
	AUTO(strv) struct strv words = {0};

	strv_split(&words, text, ' ');
	if (column >= INDENT) {
		buf_addc(out, '\n');
		column = 0;
	}
	buf_addf(out, "%*s", (int)(INDENT - column), "");
	column = INDENT;
	for (size_t i = 0; i < words.n; i++) {
		if (column + strlen(words.v[i]) > WIDTH) {
			buf_addf(out, "\n%*s", INDENT, "");
			column = INDENT;
		}
		buf_addf(out, "%s%s", column > INDENT ? " " : "", words.v[i]);
		column += strlen(words.v[i]) + 1;
	}
	buf_addc(out, '\n');
}

static char *synopsis(const struct option *o)
{
	AUTO_FREE char *letter = o->letter ? xasprintf("-%c, ", o->letter) : xstrdup("    ");

	return xasprintf("  %s--%s%s%s%s", letter, o->flags & OPTION_NEGATABLE ? "[no-]" : "",
			 o->name, o->arg ? " " : "", o->arg ? o->arg : "");
}

void options_print_help(const struct option *rows, struct buf *out)
{
	for (; rows->name; rows++) {
		AUTO_FREE char *head = synopsis(rows);
		if (rows->group)
			buf_addf(out, "\n%s:\n", rows->group);
		buf_adds(out, head);
		wrap(rows->help, strlen(head), out);
	}
}

/* scdoc reads _ and * as markup. */
static void print_escaped(const char *s, struct buf *out)
{
	for (; *s; s++) {
		if (strchr("_*\\`[]<>#", *s))
			buf_addc(out, '\\');
		buf_addc(out, *s);
	}
}

void options_print_scdoc(const struct option *rows, struct buf *out)
{
	for (; rows->name; rows++) {
		if (rows->group)
			buf_addf(out, "## %s\n\n", rows->group);
		if (rows->letter)
			buf_addf(out, "*-%c*, ", rows->letter);
		buf_addf(out, "*--%s%s*", rows->flags & OPTION_NEGATABLE ? "\\[no-\\]" : "",
			 rows->name);
		if (rows->arg) {
			buf_addc(out, ' ');
			print_escaped(rows->arg, out);
		}
		buf_adds(out, "\n\t");
		print_escaped(rows->help, out);
		if (rows->alias)
			buf_addf(out, "; also *--%s*", rows->alias);
		if (rows->flags & OPTION_REPEATS)
			buf_adds(out, "; may be given several times");
		buf_adds(out, "\n\n");
	}
}
