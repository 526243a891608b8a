// SPDX-License-Identifier: Apache-2.0
/* Bytes as JSON strings. */
#include "base/json.h"

static void quote(const char *s, struct buf *out)
{
	for (; *s; s++)
		buf_addf(out, (unsigned char)*s < 0x80 ? "%c" : "\\%03o", (unsigned char)*s);
}

json_t *json_bytes(const char *s)
{
	json_t *value = json_string(s);
	AUTO(buf) struct buf quoted = {0};

	if (value)
		return value;
	quote(s, &quoted);
	return json_string(quoted.data);
}

static bool is_plain(const unsigned char *p)
{
	return *p >= 0x20 && *p != '"' && *p != '\\' && *p != 0x7f && !(*p == 0xc2 && p[1] < 0xa0);
}

void json_print_string(const char *s, FILE *out)
{
	const unsigned char *p = (const unsigned char *)s;

	putc('"', out);
	while (*p) {
		size_t plain = 0;
		while (is_plain(p + plain))
			plain++;
		fwrite(p, 1, plain, out);
		p += plain;
		if (*p == '"' || *p == '\\')
			fprintf(out, "\\%c", *p++);
		else if (*p == 0xc2)
			fprintf(out, "\\u%04x", p[1]), p += 2;
		else if (*p)
			fprintf(out, "\\u%04x", *p++);
	}
	putc('"', out);
}

void json_print_bytes(const char *s, FILE *out)
{
	AUTO(buf) struct buf quoted = {0};

	if (!*s) {
		fputs("null", out);
		return;
	}
	if (!str_is_utf8(s)) {
		quote(s, &quoted);
		s = quoted.data;
	}
	json_print_string(s, out);
}

json_t *json_strv(const struct strv *sv)
{
	json_t *list = json_array();

	for (size_t i = 0; i < sv->n; i++)
		json_array_append_new(list, json_bytes(sv->v[i]));
	return list;
}
