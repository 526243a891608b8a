// SPDX-License-Identifier: Apache-2.0
/* JSON entered step by step; jansson reads the single values. */
#include "read/cursor.h"
#include "base/mem.h"

#include <errno.h>
#include <string.h>

void cursor_done(struct cursor *c)
{
	buf_done(&c->path);
}

int cursor_fail(struct cursor *c, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	AUTO_FREE char *why = xvasprintf(fmt, args);
	va_end(args);
	if (!c->path.len)
		return err_say(c->err, EINVAL, "%s: %s", c->name, why);
	return err_say(c->err, EINVAL, "%s: %s: %s", c->name, c->path.data, why);
}

/* It is no JSON, `ahead` bytes from here. */
static int fail_syntax(struct cursor *c, size_t ahead, const char *why)
{
	size_t at = ahead < c->len - c->at ? c->at + ahead : c->len, line = 1;

	for (size_t i = 0; i < at; i++)
		line += c->text[i] == '\n';
	if (c->path.len)
		return err_say(c->err, EINVAL, "%s:%zu: no JSON: %s, in %s", c->name, line, why,
			       c->path.data);
	return err_say(c->err, EINVAL, "%s:%zu: no JSON: %s", c->name, line, why);
}

static void skip_blanks(struct cursor *c)
{
	while (c->at < c->len && (c->text[c->at] == ' ' || c->text[c->at] == '\n' ||
				  c->text[c->at] == '\t' || c->text[c->at] == '\r'))
		c->at++;
}

char cursor_peek(struct cursor *c)
{
	skip_blanks(c);
	return c->at < c->len ? c->text[c->at] : 0;
}

static bool skip(struct cursor *c, char what)
{
	if (cursor_peek(c) != what)
		return false;
	c->at++;
	return true;
}

int cursor_end(struct cursor *c)
{
	skip_blanks(c);
	return c->at == c->len ? 0 : fail_syntax(c, 0, "there is more behind the document");
}

int cursor_value(struct cursor *c, json_t **ret)
{
	json_error_t error;

	skip_blanks(c);
	json_t *value = json_loadb(
		c->text + c->at, c->len - c->at,
		JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK, &error);
	if (!value)
		return fail_syntax(c, error.position > 0 ? (size_t)error.position : 0, error.text);
	c->at += (size_t)error.position;
	*ret = value;
	return 0;
}

/* A key as it is mostly: plain and short. jansson reads the others. */
static int read_key(struct cursor *c, char key[64])
{
	const char *text = c->text + c->at;
	size_t len = 0;
	json_t *value;

	while (len < 63 && len + 1 < c->len - c->at && text[len + 1] >= ' ' &&
	       text[len + 1] < 0x7f && text[len + 1] != '"' && text[len + 1] != '\\')
		len++;
	if (len + 1 < c->len - c->at && text[len + 1] == '"') {
		memcpy(key, text + 1, len);
		key[len] = 0;
		c->at += len + 2;
		return 0;
	}
	int rc = cursor_value(c, &value);
	if (rc < 0)
		return rc;
	/* What does not fit is none of our keys, whatever of it is kept. */
	size_t kept = json_string_length(value) < 63 ? json_string_length(value) : 63;
	memcpy(key, json_string_value(value), kept);
	key[kept] = 0;
	json_decref(value);
	return 0;
}

static void leave(struct cursor *c, size_t path_len)
{
	c->path.len = path_len;
	if (c->path.data)
		c->path.data[path_len] = 0;
}

static int read_member(struct cursor *c, int (*member)(struct cursor *, void *, const char *),
		       void *ctx)
{
	size_t here = c->path.len;
	char key[64];

	if (cursor_peek(c) != '"')
		return fail_syntax(c, 0, "expected a key in \"\"");
	int rc = read_key(c, key);
	if (rc < 0)
		return rc;
	if (!skip(c, ':'))
		return fail_syntax(c, 0, "expected : behind a key");
	buf_addc(&c->path, '.');
	buf_adds(&c->path, key);
	rc = member(c, ctx, key);
	if (rc == 0)
		leave(c, here);
	return rc;
}

int cursor_object(struct cursor *c, int (*member)(struct cursor *c, void *ctx, const char *key),
		  void *ctx)
{
	if (!skip(c, '{'))
		return cursor_fail(c, "expected an object");
	if (skip(c, '}'))
		return 0;
	do {
		int rc = read_member(c, member, ctx);
		if (rc < 0)
			return rc;
	} while (skip(c, ','));
	return skip(c, '}') ? 0 : fail_syntax(c, 0, "expected , or } in an object");
}

int cursor_list(struct cursor *c, int (*element)(struct cursor *c, void *ctx), void *ctx)
{
	size_t here = c->path.len, i = 0;

	if (!skip(c, '['))
		return cursor_fail(c, "expected a list");
	if (skip(c, ']'))
		return 0;
	do {
		leave(c, here);
		buf_addf(&c->path, "[%zu]", i++);
		int rc = element(c, ctx);
		if (rc < 0)
			return rc;
	} while (skip(c, ','));
	leave(c, here);
	return skip(c, ']') ? 0 : fail_syntax(c, 0, "expected , or ] in a list");
}
