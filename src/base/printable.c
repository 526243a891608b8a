// SPDX-License-Identifier: Apache-2.0
/* Text for a terminal, and for scripts: UTF-8 as it is, all else escaped. */
#include "base/str.h"

#include <string.h>

/* The length of the UTF-8 sequence at s, 0: there is none, or one that is written too long. */
static size_t sequence(const unsigned char *s)
{
	size_t len = *s < 0x80 ? 1 : *s >> 5 == 6 ? 2 : *s >> 4 == 14 ? 3 : *s >> 3 == 30 ? 4 : 0;
	uint32_t code = len == 1 ? *s : *s & (0x7fU >> len);
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

	for (size_t i = 1; i < len; i++) {
		if (s[i] >> 6 != 2)
			return 0;
		code = code << 6 | (s[i] & 0x3f);
	}
	return len && code >= least[len] && code <= 0x10ffff && code >> 11 != 0x1b ? len : 0;
}

bool str_is_utf8(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t len;

	for (; *p; p += len)
		if (!(len = sequence(p)))
			return false;
	return true;
}

static bool is_control(const unsigned char *s)
{
	return *s < 0x20 || *s == 0x7f || (*s == 0xc2 && s[1] < 0xa0);
}

/* As many bytes as belong together, escaped or as they are; how many columns that takes. */
static size_t add_character(struct buf *b, const unsigned char *p, size_t len, bool escaped,
			    bool octal)
{
	if (!escaped) {
		buf_add(b, p, len);
		return 1;
	}
	for (size_t i = 0; i < len; i++)
		buf_addf(b, octal ? "\\%03o" : "\\x%02x", (unsigned)p[i]);
	return 4 * len;
}

size_t buf_add_printable(struct buf *b, const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t width = 0;

	for (;;) {
		size_t plain = 0;
		while (p[plain] >= 0x20 && p[plain] < 0x7f)
			plain++;
		buf_add(b, p, plain);
		p += plain;
		width += plain;
		if (!*p)
			return width;
		size_t len = sequence(p), step = len ? len : 1;
		width += add_character(b, p, step, !len || is_control(p), true);
		p += step;
	}
}

void buf_add_raw(struct buf *b, const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	while (*p) {
		size_t len = sequence(p), step = len ? len : 1;
		add_character(b, p, step, !len || is_control(p) || *p == ' ' || *p == '\\', false);
		p += step;
	}
}

char *str_printable(const char *s)
{
	struct buf b = {0};

	buf_add_printable(&b, s);
	return buf_take(&b);
}

size_t str_width(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}
