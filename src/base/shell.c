// SPDX-License-Identifier: Apache-2.0
/* Quoting for shells. */
#include "base/shell.h"

#include <ctype.h>
#include <string.h>

static bool is_plain(const char *word)
{
	size_t n = strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				"%+,-./:=@^_");

	return *word && !word[n];
}

static bool has_control(const char *word)
{
	for (; *word; word++)
		if (iscntrl((unsigned char)*word))
			return true;
	return false;
}

static void add_quoted(struct buf *out, const char *word)
{
	buf_addc(out, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			buf_adds(out, "'\\'");
		buf_addc(out, *word);
	}
	buf_addc(out, '\'');
}

/* Such bytes would not arrive at the reader as they are: a table shows them as \ooo. */
static void add_escaped(struct buf *out, const char *word)
{
	buf_adds(out, "$'");
	for (; *word; word++) {
		unsigned char c = (unsigned char)*word;
		if (c < ' ' || c >= 0x7f)
			buf_addf(out, "\\%03o", c);
		else if (c == '\'' || c == '\\')
			buf_addf(out, "\\%c", c);
		else
			buf_addc(out, (char)c);
	}
	buf_addc(out, '\'');
}

void shell_add_word(struct buf *out, const char *word)
{
	if (is_plain(word))
		buf_adds(out, word);
	else if (has_control(word) || !str_is_utf8(word))
		add_escaped(out, word);
	else
		add_quoted(out, word);
}
