// SPDX-License-Identifier: Apache-2.0
/* Growing strings, string vectors and the strict number parsers. */
#include "base/str.h"
#include "base/mem.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

void buf_add(struct buf *b, const void *data, size_t len)
{
	if (b->len + len + 1 > b->size) {
		b->size = 2 * (b->len + len + 1);
		b->data = xrealloc(b->data, b->size, 1);
	}
	if (len)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = 0;
}

void buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_addc(struct buf *b, char c)
{
	if (b->len + 2 > b->size) {
		buf_add(b, &c, 1);
		return;
	}
	b->data[b->len++] = c;
	b->data[b->len] = 0;
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	AUTO_FREE char *s = xvasprintf(fmt, args);
	va_end(args);
	buf_adds(b, s);
}

char *buf_take(struct buf *b)
{
	char *s = b->data ? b->data : xstrdup("");

	*b = (struct buf){0};
	return s;
}

void buf_done(struct buf *b)
{
	free(b->data);
	*b = (struct buf){0};
}

static void strv_own(struct strv *sv, char *s)
{
	sv->v = xrealloc(sv->v, sv->n + 2, sizeof(*sv->v));
	sv->v[sv->n++] = s;
	sv->v[sv->n] = NULL;
}

void strv_add(struct strv *sv, const char *s)
{
	strv_own(sv, xstrdup(s));
}

void strv_addf(struct strv *sv, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	strv_own(sv, xvasprintf(fmt, args));
	va_end(args);
}

bool strv_has(const struct strv *sv, const char *s)
{
	for (size_t i = 0; i < sv->n; i++)
		if (!strcmp(sv->v[i], s))
			return true;
	return false;
}

void strv_split(struct strv *sv, const char *s, char sep)
{
	while (*s) {
		const char *end = s + strcspn(s, (const char[]){sep, 0});
		strv_own(sv, xstrndup(s, (size_t)(end - s)));
		if (!*end)
			return;
		s = end + 1;
		if (!*s)
			strv_add(sv, "");
	}
}

struct strv strv_copy(const struct strv *sv)
{
	struct strv copy = {0};

	for (size_t i = 0; i < sv->n; i++)
		strv_add(&copy, sv->v[i]);
	return copy;
}

void strv_done(struct strv *sv)
{
	for (size_t i = 0; i < sv->n; i++)
		free(sv->v[i]);
	free(sv->v);
	*sv = (struct strv){0};
}

bool str_starts(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

bool str_has_component(const char *path, const char *component)
{
	AUTO(strv) struct strv parts = {0};

	strv_split(&parts, path, '/');
	return strv_has(&parts, component);
}

char *str_plain_path(const char *path)
{
	AUTO(strv) struct strv parts = {0};
	AUTO(buf) struct buf plain = {0};

	strv_split(&parts, path, '/');
	for (size_t i = 0; i < parts.n; i++)
		if (*parts.v[i] && strcmp(parts.v[i], "."))
			buf_addf(&plain, "/%s", parts.v[i]);
	return plain.len ? buf_take(&plain) : xstrdup("/");
}

int str_to_u64(const char *s, uint64_t max, uint64_t *ret, struct err *err)
{
	uint64_t value = 0;

	if (!*s)
		return err_say(err, EINVAL, "a number is expected");
	for (const char *p = s; *p; p++) {
		if (*p < '0' || *p > '9')
			return err_say(err, EINVAL, "'%s' is not a whole number", s);
		unsigned digit = (unsigned)(*p - '0');
		if (value > (max - digit) / 10 || digit > max)
			return err_say(err, ERANGE, "'%s' is larger than %llu", s,
				       (unsigned long long)max);
		value = value * 10 + digit;
	}
	*ret = value;
	return 0;
}

int str_to_size(const char *s, uint64_t *ret, struct err *err)
{
	size_t digits = strspn(s, "0123456789");
	const char *suffix = s + digits;
	AUTO_FREE char *number = xstrndup(s, digits);
	uint64_t value;
	unsigned shift = 0;
	static const char suffixes[] = "kmgt";

	if (!digits)
		return err_say(err, EINVAL, "'%s' is not a size: expected like 512k, 64m or 2g", s);
	if (*suffix && *suffix != 'b' && *suffix != 'B') {
		const char *at = strchr(suffixes, tolower((unsigned char)*suffix));
		if (!at)
			return err_say(err, EINVAL,
				       "'%s' is not a size: the suffix is k, m, g or t", s);
		shift = 10 * (unsigned)(at - suffixes + 1);
		suffix++;
	}
	if (*suffix == 'b' || *suffix == 'B')
		suffix++;
	if (*suffix)
		return err_say(err, EINVAL, "'%s' is not a size: expected like 512k, 64m or 2g", s);
	/* The kernel's own limits are signed 64 bit. */
	if (str_to_u64(number, INT64_MAX >> shift, &value, NULL) < 0)
		return err_say(err, ERANGE, "size '%s' is too large", s);
	*ret = value << shift;
	return 0;
}
