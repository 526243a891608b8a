// SPDX-License-Identifier: Apache-2.0
/* Records as JSON, written as they come. */
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "mnt/attr.h"
#include "read/keys.h"
#include "read/keys_parts.h"

#include <inttypes.h>
#include <string.h>
#include <sys/mount.h>

/* {"bytes": "…"} where it is no UTF-8: bytes beyond ASCII, and the backslash, are \ooo there. */
static void print_bytes(const char *s, FILE *out)
{
	AUTO(buf) struct buf quoted = {0};

	for (; *s; s++)
		buf_addf(&quoted, (unsigned char)*s < 0x80 && *s != '\\' ? "%c" : "\\%03o",
			 (unsigned char)*s);
	fputs("{\"bytes\": ", out);
	json_print_string(quoted.data, out);
	putc('}', out);
}

static void print_string(const char *s, FILE *out)
{
	if (!str_is_utf8(s)) {
		print_bytes(s, out);
		return;
	}
	json_print_string(s, out);
}

static void print_words(const struct strv *words, FILE *out)
{
	putc('[', out);
	for (size_t i = 0; i < words->n; i++) {
		fputs(i ? ", " : "", out);
		print_string(words->v[i], out);
	}
	putc(']', out);
}

static void print_attr(uint32_t bits, FILE *out)
{
	struct mnt_attr attr = {.set = bits, .clear = MOUNT_ATTR_RDONLY | MOUNT_ATTR__ATIME};
	AUTO(buf) struct buf words = {0};
	uint32_t rest = bits & ~(uint32_t)ATTR_WITH_WORD, atime = bits & MOUNT_ATTR__ATIME;

	if (atime != MOUNT_ATTR_RELATIME && atime != MOUNT_ATTR_NOATIME &&
	    atime != MOUNT_ATTR_STRICTATIME)
		rest |= atime;
	mnt_attr_print(&attr, ',', &words);
	if (rest)
		buf_addf(&words, ",0x%x", rest);
	fprintf(out, "\"%s\"", words.data + 1);
}

static uint32_t u32(const void *field)
{
	return *(const uint32_t *)field;
}

/* The usual value, which need not be written. */
static bool is_usual(const struct key *key, const void *record)
{
	const void *field = (const char *)record + key->offset;
	const char *text;

	switch (key->kind) {
	case KEY_U32:
	case KEY_WORD:
		return !u32(field);
	case KEY_U64:
	case KEY_I64:
		return !*(const uint64_t *)field;
	case KEY_INT:
		return *(const int *)field == -1;
	case KEY_INDEX:
		return u32(field) == MAP_NONE;
	case KEY_TEXT:
		text = *(const char *const *)field;
		return !text || !*text;
	case KEY_STRING:
		return !*(const char *const *)field;
	case KEY_DEVICE:
		return !u32(field) && !((const uint32_t *)field)[1];
	case KEY_BOOL:
		return !*(const bool *)field;
	case KEY_FLAG:
		return !(u32(field) & key->flag);
	case KEY_WORDS:
		return !((const struct strv *)field)->n;
	case KEY_ATTR:
		return false;
	case KEY_OTHER:
		break;
	}
	return key->usual && key->usual(record);
}

static void print_text(const char *text, FILE *out)
{
	print_string(text ? text : "", out);
}

static void print_value(const struct key *key, const void *field, FILE *out)
{
	switch (key->kind) {
	case KEY_U32:
	case KEY_INDEX:
		fprintf(out, "%" PRIu32, u32(field));
		break;
	case KEY_U64:
		fprintf(out, "%" PRIu64, *(const uint64_t *)field);
		break;
	case KEY_I64:
		fprintf(out, "%" PRId64, *(const int64_t *)field);
		break;
	case KEY_INT:
		fprintf(out, "%d", *(const int *)field);
		break;
	case KEY_TEXT:
	case KEY_STRING:
		print_text(*(const char *const *)field, out);
		break;
	case KEY_DEVICE:
		fprintf(out, "\"%" PRIu32 ":%" PRIu32 "\"", u32(field),
			((const uint32_t *)field)[1]);
		break;
	case KEY_BOOL:
	case KEY_FLAG:
		fputs("true", out);
		break;
	case KEY_WORD:
		fprintf(out, "\"%s\"", key->words[u32(field)]);
		break;
	case KEY_WORDS:
		print_words(field, out);
		break;
	case KEY_ATTR:
		print_attr(u32(field), out);
		break;
	case KEY_OTHER:
		break;
	}
}

void keys_print(const struct key *keys, const void *record, const char *separator, FILE *out)
{
	bool first = true;

	for (; keys->name; keys++) {
		if (!keys->required && is_usual(keys, record))
			continue;
		fprintf(out, "%s\"%s\": ", first ? "" : separator, keys->name);
		first = false;
		if (keys->kind == KEY_OTHER)
			keys->print(record, out);
		else
			print_value(keys, (const char *)record + keys->offset, out);
	}
}
