// SPDX-License-Identifier: Apache-2.0
/* Records from JSON: each value is checked against what its key may hold. */
#include "base/map.h"
#include "base/mem.h"
#include "mnt/attr.h"
#include "read/keys.h"
#include "read/keys_parts.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static int read_number(struct cursor *c, json_t *value, json_int_t min, json_int_t max,
		       json_int_t *ret)
{
	json_int_t number = json_integer_value(value);

	if (!json_is_integer(value) || number < min || number > max)
		return cursor_fail(c, "expected a whole number from %lld to %lld", (long long)min,
				   (long long)max);
	*ret = number;
	return 0;
}

static bool is_octal(const char *s)
{
	return s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] >= '0' && s[2] <= '7' &&
	       s[3] >= '0' && s[3] <= '7';
}

/* {"bytes": "…"}: see keys_print.c. */
static int read_bytes(struct cursor *c, json_t *value, struct buf *ret)
{
	const char *s = json_string_value(json_object_get(value, "bytes"));

	if (!s || json_object_size(value) != 1)
		return cursor_fail(c, "expected a string, or {\"bytes\": \"…\"} alone");
	for (; *s; s++) {
		char byte = *s;
		if (*s == '\\') {
			if (!is_octal(s))
				return cursor_fail(c, "expected \\ooo behind each \\ of bytes");
			byte = (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0'));
			s += 3;
		}
		if (!byte)
			return cursor_fail(c, "a byte of it is 0, which no path holds");
		buf_addc(ret, byte);
	}
	buf_add(ret, "", 0);
	return 0;
}

static int read_text(struct cursor *c, json_t *value, struct arena *text, const char **ret)
{
	AUTO(buf) struct buf bytes = {0};

	if (json_is_string(value)) {
		*ret = arena_strn(text, json_string_value(value), json_string_length(value));
		return 0;
	}
	if (!json_is_object(value))
		return cursor_fail(c, "expected a string");
	int rc = read_bytes(c, value, &bytes);
	if (rc == 0)
		*ret = arena_strn(text, bytes.data, bytes.len);
	return rc;
}

static int read_words(struct cursor *c, json_t *value, struct strv *ret)
{
	AUTO(arena) struct arena text = {0};
	const char *word;

	if (!json_is_array(value))
		return cursor_fail(c, "expected a list of strings");
	for (size_t i = 0; i < json_array_size(value); i++) {
		if (read_text(c, json_array_get(value, i), &text, &word) < 0)
			return -EINVAL;
		strv_add(ret, word);
	}
	return 0;
}

static int read_device(struct cursor *c, json_t *value, uint32_t *ret)
{
	AUTO(strv) struct strv parts = {0};
	uint64_t major, minor;

	strv_split(&parts, json_is_string(value) ? json_string_value(value) : "", ':');
	if (parts.n != 2 || str_to_u64(parts.v[0], UINT32_MAX, &major, NULL) < 0 ||
	    str_to_u64(parts.v[1], UINT32_MAX, &minor, NULL) < 0)
		return cursor_fail(c, "expected a device, \"MAJOR:MINOR\"");
	ret[0] = (uint32_t)major;
	ret[1] = (uint32_t)minor;
	return 0;
}

/* A word, or the bits that have none: 0x…. */
static int add_attr(struct cursor *c, const char *word, struct mnt_attr *attr)
{
	AUTO(err) struct err err = {0};
	char *end;

	if (str_starts(word, "0x")) {
		unsigned long bits = strtoul(word + 2, &end, 16);
		attr->set |= bits;
		return *end || bits > UINT32_MAX
			       ? cursor_fail(c, "'%s' is no number of 32 bits", word)
			       : 0;
	}
	int rc = mnt_attr_add_word(attr, word, &err);
	if (rc < 0)
		return cursor_fail(c, "%s", err.msg);
	if (!rc || attr->propagation || attr->idmap)
		return cursor_fail(c, "'%s' is no attribute of a mount", word);
	return 0;
}

static int read_attr(struct cursor *c, json_t *value, uint32_t *ret)
{
	AUTO(mnt_attr) struct mnt_attr attr = {0};
	AUTO(strv) struct strv words = {0};

	if (!json_is_string(value))
		return cursor_fail(c, "expected a string of attributes");
	strv_split(&words, json_string_value(value), ',');
	for (size_t i = 0; i < words.n; i++)
		if (add_attr(c, words.v[i], &attr) < 0)
			return -EINVAL;
	*ret = (uint32_t)attr.set;
	return 0;
}

static int read_word(struct cursor *c, json_t *value, const char *const *words, uint32_t *ret)
{
	AUTO(buf) struct buf list = {0};

	for (uint32_t i = 0; words[i]; i++) {
		if (json_is_string(value) && !strcmp(json_string_value(value), words[i])) {
			*ret = i;
			return 0;
		}
		buf_addf(&list, "%s%s", i ? ", " : "", words[i]);
	}
	return cursor_fail(c, "expected one of %s", list.data);
}

/* What it may be, as JSON has it; numbers beyond 63 bits do not get this far. */
static int read_integer(struct cursor *c, enum key_kind kind, json_t *value, void *field)
{
	bool is_index = kind == KEY_INDEX, is_int = kind == KEY_INT;
	bool is_u32 = is_index || kind == KEY_U32;
	json_int_t number = 0, min = is_int ? INT_MIN : kind == KEY_I64 ? INT64_MIN : 0;
	json_int_t max = is_u32 ? (json_int_t)UINT32_MAX - is_index : is_int ? INT_MAX : INT64_MAX;

	if (read_number(c, value, min, max, &number) < 0)
		return -EINVAL;
	if (is_u32)
		*(uint32_t *)field = (uint32_t)number;
	else if (is_int)
		*(int *)field = (int)number;
	else
		*(int64_t *)field = number;
	return 0;
}

static int read_bool(struct cursor *c, const struct key *key, json_t *value, void *field)
{
	if (!json_is_boolean(value))
		return cursor_fail(c, "expected true or false");
	if (key->kind == KEY_BOOL)
		*(bool *)field = json_is_true(value);
	else if (json_is_true(value))
		*(uint32_t *)field |= key->flag;
	return 0;
}

static int set_field(struct cursor *c, const struct key *key, json_t *value, void *field,
		     struct arena *text)
{
	switch (key->kind) {
	case KEY_TEXT:
	case KEY_STRING:
		return read_text(c, value, text, field);
	case KEY_DEVICE:
		return read_device(c, value, field);
	case KEY_BOOL:
	case KEY_FLAG:
		return read_bool(c, key, value, field);
	case KEY_WORD:
		return read_word(c, value, key->words, field);
	case KEY_WORDS:
		return read_words(c, value, field);
	case KEY_ATTR:
		return read_attr(c, value, field);
	case KEY_U32:
	case KEY_U64:
	case KEY_I64:
	case KEY_INT:
	case KEY_INDEX:
		return read_integer(c, key->kind, value, field);
	case KEY_OTHER:
		break;
	}
	abort();
}

struct reading {
	const struct key *keys;
	void *record;
	struct arena *text;
	uint64_t seen; /* a bit for each row */
};

static int read_value(struct cursor *c, struct reading *r, const struct key *key)
{
	json_t *value;

	if (key && key->kind == KEY_OTHER)
		return key->read(c, r->record, r->text);
	int rc = cursor_value(c, &value);
	if (rc < 0)
		return rc;
	if (key)
		rc = set_field(c, key, value, (char *)r->record + key->offset, r->text);
	json_decref(value);
	return rc;
}

static int member(struct cursor *c, void *ctx, const char *name)
{
	struct reading *r = ctx;

	for (size_t i = 0; r->keys[i].name; i++) {
		if (strcmp(r->keys[i].name, name))
			continue;
		if (r->seen & (uint64_t)1 << i)
			return cursor_fail(c, "it stands here twice");
		r->seen |= (uint64_t)1 << i;
		return read_value(c, r, &r->keys[i]);
	}
	return read_value(c, r, NULL);
}

/* A record starts as zeros; what else is usual. */
static void set_usual(const struct key *keys, void *record)
{
	for (; keys->name; keys++) {
		void *field = (char *)record + keys->offset;
		if (keys->kind == KEY_INDEX)
			*(uint32_t *)field = MAP_NONE;
		if (keys->kind == KEY_INT)
			*(int *)field = -1;
		if (keys->kind == KEY_TEXT)
			*(const char **)field = "";
	}
}

int keys_read(struct cursor *c, const struct key *keys, void *record, struct arena *text)
{
	struct reading r = {keys, record, text, 0};

	set_usual(keys, record);
	int rc = cursor_object(c, member, &r);
	for (size_t i = 0; rc == 0 && keys[i].name; i++)
		if (keys[i].required && !(r.seen & (uint64_t)1 << i))
			rc = cursor_fail(c, "'%s' is missing", keys[i].name);
	return rc;
}
