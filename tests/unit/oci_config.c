// SPDX-License-Identifier: Apache-2.0
/*
 * Every node of good configurations is removed, and replaced by what is wrong there: each result is
 * read and compiled, or refused with its path, exactly as the table in oci_schema.h says. The same
 * with their text: cut off, keys doubled, nested too deeply, not in UTF-8.
 */
#include "unit.h"

#include "base/io.h"
#include "box/compile.h"
#include "oci/config.h"
#include "oci_schema.h"

#include <fcntl.h>
#include <stdio.h>

struct verdict {
	bool refused;
	char said[256];
};

struct walk {
	json_t *top;
	size_t tried, refused, wrong;
};

static struct verdict judge_json(json_t *json)
{
	__attribute__((cleanup(box_view_done))) struct box_view view = {0};
	AUTO(err) struct err why = {0};
	struct verdict v = {0};
	struct config config;

	v.refused = config_parse(json, "/bundle", NULL, &config, &why) < 0;
	if (!v.refused) {
		struct box_host host = {NULL, config.spec.idmap, config.spec.idmap};
		v.refused = box_compile(&config.spec, &host, &view, &why) < 0;
		config_done(&config);
	}
	snprintf(v.said, sizeof(v.said), "%s", v.refused && why.msg ? why.msg : "");
	return v;
}

static struct verdict judge_text(const char *text, size_t len)
{
	struct verdict v = {.refused = true};
	json_error_t why = {.line = 0};
	json_t *json = place_load(text, len, &why);

	if (json)
		return judge_json(json);
	snprintf(v.said, sizeof(v.said), "line %d: %s", why.line, why.text);
	return v;
}

static void expect(struct walk *w, struct verdict v, bool refused, const char *path,
		   const char *what)
{
	bool placed =
		!path || !refused || (str_starts(v.said, path) && v.said[strlen(path)] == ':');

	w->tried++;
	w->refused += v.refused;
	if (v.refused == refused && placed && (!refused || strlen(v.said) > 10))
		return;
	w->wrong++;
	print_message("# %s: %s: expected to be %s: %s\n", path ? path : "text", what,
		      refused ? "refused there" : "accepted", *v.said ? v.said : "accepted");
}

/* --- what a node is replaced by --- */

static char long_text[70001];

static const struct damage {
	const char *what, *value;
	char letter;
} damages[] = {
	{"null", "null", 'r'},
	{"a boolean", "true", 0},
	{"a string", "\"x y\"", 0},
	{"a number", "5", 0},
	{"a fraction", "0.5", 0},
	{"-1", "-1", 0},
	{"-2^63", "-9223372036854775808", 0},
	{"2^16", "65536", 0},
	{"2^32", "4294967296", 0},
	{"2^32-1", "4294967295", 0},
	{"2^63-1", "9223372036854775807", 0},
	{"2^63", "9223372036854775808", 0},
	{"2^64-1", "18446744073709551615", 'b'},
	{"2^64+2^12", "18446744073709555712", 0},
	{"empty", "\"\"", 'e'},
	{"newline", "\"a\\nb\"", 'n'},
	{"NUL", "\"a\\u0000b\"", 0},
	{"dots", "\"/../../x\"", 'd'},
	{"long", NULL, 'l'},
	{"an array", "[]", 'z'},
	{"an object", "{}", 'z'},
};

static bool has(const struct schema_row *row, char letter)
{
	return letter && strchr(row->refused, letter);
}

/* Whether the schema allows the value; -1: its text decides, which this table does not judge. */
static int allows(const struct schema_row *row, const struct damage *d, const json_t *v)
{
	if (json_is_null(v))
		return !has(row, 'r') && !has(row, 'N');
	switch (row->kind) {
	case OBJECT:
		return json_is_object(v) && !has(row, 'z');
	case ARRAY:
		return json_is_array(v) && !has(row, 'z');
	case BOOLEAN:
		return json_is_boolean(v);
	case INTEGER:
		if (d->letter == 'b')
			return has(row, 'b');
		if (!strcmp(d->what, "2^63"))
			return has(row, 'b');
		return json_is_integer(v) && json_integer_value(v) >= row->min &&
		       json_integer_value(v) <= row->max;
	case STRING:
	default:
		if (!json_is_string(v) || !strcmp(d->what, "NUL"))
			return 0;
		return d->letter ? !has(row, d->letter) : -1;
	}
}

static const struct schema_row *find_row(const char *path, const char *pattern)
{
	for (size_t i = 0; i < ARRAY_SIZE(schema); i++)
		if (!strcmp(schema[i].path, path))
			return &schema[i];
	for (size_t i = 0; i < ARRAY_SIZE(schema); i++)
		if (!strcmp(schema[i].path, pattern))
			return &schema[i];
	fail_msg("no row for %s", pattern);
	return NULL;
}

static void put_node(json_t *up, const char *key, size_t index, json_t *v)
{
	if (key)
		json_object_set_new(up, key, v);
	else
		json_array_set_new(up, index, v);
}

/* The text, in which the node is `raw`. */
static char *with_raw(struct walk *w, json_t *up, const char *key, size_t index, const char *raw)
{
	json_t *was = json_incref(key ? json_object_get(up, key) : json_array_get(up, index));
	AUTO(buf) struct buf out = {0};

	put_node(up, key, index, json_string("@@"));
	char *text = json_dumps(w->top, JSON_COMPACT);
	put_node(up, key, index, was);
	char *at = strstr(text, "\"@@\"");
	buf_add(&out, text, (size_t)(at - text));
	buf_adds(&out, raw);
	buf_adds(&out, at + 4);
	free(text);
	return buf_take(&out);
}

static void damage_text(struct walk *w, json_t *up, const char *key, size_t index)
{
	AUTO_FREE char *deep = xrealloc(NULL, 6001, 1);

	memset(deep, '[', 3000);
	memset(deep + 3000, ']', 3000);
	deep[6000] = 0;
	const char *const raws[] = {deep,  "\"\xff\xfe\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"",
				    "nul", "1e999",	   "01",	   "'x'"};
	for (size_t i = 0; i < ARRAY_SIZE(raws); i++) {
		AUTO_FREE char *text = with_raw(w, up, key, index, raws[i]);
		expect(w, judge_text(text, strlen(text)), true, NULL, "no JSON");
	}
}

/* A mount's option is quoted at the place of the mount: together they are what is wrong. */
static char *place_of(const char *path)
{
	const char *options = str_starts(path, "mounts[") ? strstr(path, ".options[") : NULL;

	return options ? xstrndup(path, (size_t)(options - path)) : xstrdup(path);
}

static void damage_node(struct walk *w, json_t *up, const char *key, size_t index, const char *path,
			const struct schema_row *row)
{
	for (size_t i = 0; i < ARRAY_SIZE(damages); i++) {
		const struct damage *d = &damages[i];
		AUTO_FREE char *quoted = d->value ? NULL : xasprintf("\"%s\"", long_text);
		const char *raw = d->value ? d->value : quoted;
		AUTO_FREE char *place = place_of(path);
		AUTO_FREE char *text = with_raw(w, up, key, index, raw);
		AUTO_FREE char *alone = xasprintf("[%s]", raw);
		json_error_t why;
		json_t *v = place_load(alone, strlen(alone), &why);
		int allowed = allows(row, d, json_array_get(v, 0));
		bool typed = json_is_null(json_array_get(v, 0)) || d->letter == 'z' || allowed;
		if (allowed >= 0)
			expect(w, judge_text(text, strlen(text)), !allowed,
			       typed && row->kind != INTEGER		? NULL
			       : d->letter && strchr("endl", d->letter) ? place
									: path,
			       d->what);
		if (allowed >= 0 && key && !allowed && !typed) {
			/* The last of two members of one name counts. */
			AUTO_FREE char *both = xasprintf("1,\"%s\":%s", key, raw);
			AUTO_FREE char *dup = with_raw(w, up, key, index, both);
			expect(w, judge_text(dup, strlen(dup)), true, place, "there twice");
		}
		json_decref(v);
	}
	damage_text(w, up, key, index);
}

static void walk(struct walk *w, json_t *at, const char *path, const char *pattern);

static void visit(struct walk *w, json_t *up, const char *key, size_t index, const char *path,
		  const char *pattern)
{
	json_t *v = json_incref(key ? json_object_get(up, key) : json_array_get(up, index));
	const struct schema_row *row = find_row(path, pattern);

	walk(w, v, path, pattern);
	damage_node(w, up, key, index, path, row);
	if (key) {
		json_object_del(up, key);
		expect(w, judge_json(json_deep_copy(w->top)), has(row, 'r'), NULL, path);
		json_object_set(up, key, v);
	}
	json_decref(v);
}

static bool is_map(const char *pattern)
{
	static const char *const maps[] = {"annotations", "linux.sysctl", "linux.resources.rdma",
					   "linux.resources.unified"};

	for (size_t i = 0; i < ARRAY_SIZE(maps); i++)
		if (!strcmp(maps[i], pattern))
			return true;
	return false;
}

static void walk(struct walk *w, json_t *at, const char *path, const char *pattern)
{
	AUTO(strv) struct strv keys = {0};
	const char *key, *dot = *path ? "." : "";
	json_t *v;
	size_t i;

	json_object_foreach (at, key, v)
		strv_add(&keys, key);
	for (i = 0; i < keys.n; i++) {
		AUTO_FREE char *below = xasprintf("%s%s%s", path, dot, keys.v[i]);
		AUTO_FREE char *like =
			xasprintf("%s%s%s", pattern, dot, is_map(pattern) ? "{}" : keys.v[i]);
		visit(w, at, keys.v[i], 0, below, like);
	}
	for (i = 0; i < json_array_size(at); i++) {
		AUTO_FREE char *below = xasprintf("%s[%zu]", path, i);
		AUTO_FREE char *like = xasprintf("%s[]", pattern);
		visit(w, at, NULL, i, below, like);
	}
}

static void cut(struct walk *w)
{
	char *text = json_dumps(w->top, JSON_COMPACT);

	for (size_t len = strlen(text); len-- > 0;)
		expect(w, judge_text(text, len), true, NULL, "cut off");
	free(text);
}

static void every_node(void **state)
{
	AUTO(buf) struct buf text = {0};
	json_error_t why;
	struct walk w = {0};

	assert_works(io_read_file(AT_FDCWD, *state, 1 << 20, &text, err));
	w.top = place_load(text.data, text.len, &why);
	assert_non_null(w.top);
	expect(&w, judge_json(json_deep_copy(w.top)), false, NULL, "the good one");
	walk(&w, w.top, "", "");
	cut(&w);
	print_message("# %zu configurations, %zu refused, %zu wrongly judged\n", w.tried, w.refused,
		      w.wrong);
	json_decref(w.top);
	assert_true(w.tried > 600);
	assert_int_equal(w.wrong, 0);
}

int main(int argc, char **argv)
{
	struct CMUnitTest *tests = NULL;
	size_t n = 0;

	memset(long_text, 'x', sizeof(long_text) - 1);
	for (int i = 1; i < argc; i++)
		VEC_PUSH(tests, n,
			 (struct CMUnitTest){.name = strrchr(argv[i], '/') + 1,
					     .test_func = every_node,
					     .initial_state = argv[i]});
	int failed = _cmocka_run_group_tests("oci_config", tests, n, NULL, NULL);
	free(tests);
	return failed;
}
