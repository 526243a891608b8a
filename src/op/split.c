// SPDX-License-Identifier: Apache-2.0
/* A line -> words: blanks, "quotes", \ooo escapes and # comments. */
#include "op/words.h"
#include "base/mem.h"

#include <errno.h>
#include <string.h>

static bool is_octal(const char *s)
{
	return s[0] >= '0' && s[0] <= '3' && s[1] >= '0' && s[1] <= '7' && s[2] >= '0' &&
	       s[2] <= '7';
}

/* One character of a word, escapes resolved; *s moves behind it. -1: a broken escape. */
static int next_byte(const char **s)
{
	const char *p = *s;

	if (*p != '\\') {
		(*s)++;
		return (unsigned char)*p;
	}
	if (p[1] == '\\' || p[1] == '"') {
		*s += 2;
		return p[1];
	}
	if (!is_octal(p + 1))
		return -1;
	*s += 4;
	/* No word can hold a NUL. */
	int byte = (p[1] - '0') * 64 + (p[2] - '0') * 8 + (p[3] - '0');
	return byte ? byte : -1;
}

/* Quotes may start and end anywhere in a word, as in the shell. */
static int read_word(const char **s, struct buf *word, struct err *err)
{
	bool quoted = false;

	buf_add(word, "", 0);
	while (**s && (quoted || !strchr(" \t\r", **s))) {
		if (**s == '"') {
			quoted = !quoted;
			(*s)++;
			continue;
		}
		int byte = next_byte(s);
		if (byte < 0)
			return err_say(err, EINVAL,
				       "broken escape; expected \\001 to \\377, \\\" or \\\\");
		buf_addc(word, (char)byte);
	}
	if (quoted)
		return err_say(err, EINVAL, "a quote is not closed; expected \" before the end");
	return 0;
}

int split_line(struct split *split, const char *line, struct err *err)
{
	size_t n = 0;

	for (const char *s = line;;) {
		AUTO(buf) struct buf word = {0};
		s += strspn(s, " \t\r");
		if (!*s || *s == '#')
			return 0;
		VEC_PUSH(split->column, n, (unsigned)(s - line) + 1);
		int rc = read_word(&s, &word, err);
		strv_add(&split->words, word.data);
		split->end = (size_t)(s - line);
		if (rc < 0)
			return rc;
	}
}

void split_done(struct split *split)
{
	strv_done(&split->words);
	free(split->column);
	*split = (struct split){0};
}
