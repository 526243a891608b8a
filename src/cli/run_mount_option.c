// SPDX-License-Identifier: Apache-2.0
/* --mount: docker's long form, comma-separated fields as a line of CSV. */
#include "base/mem.h"
#include "cli/run.h"

#include <errno.h>
#include <string.h>

struct long_form {
	char *type, *source, *target;
	struct strv words;
	bool recursive;
};

/* One field: plain up to the comma, or "quoted", where "" is a quote. NULL: a quote is wrong. */
static const char *read_field(const char *s, struct buf *field)
{
	size_t plain = strcspn(s, ",");

	buf_add(field, s, *s == '"' ? 0 : plain);
	if (*s != '"')
		return s + plain;
	for (s++; *s; s++) {
		if (*s != '"')
			buf_addc(field, *s);
		else if (s[1] == '"')
			buf_addc(field, *s++);
		else
			return s[1] && s[1] != ',' ? NULL : s + 1;
	}
	return NULL;
}

static int split_csv(const char *text, struct strv *ret, struct err *err)
{
	for (;; text++) {
		AUTO(buf) struct buf field = {0};
		text = read_field(text, &field);
		if (!text)
			return err_say(err, EINVAL,
				       "a quote is not closed; a field in quotes starts and ends "
				       "with one, like \"src=/a,b\"");
		if (!field.len)
			return err_say(err, EINVAL, "a field between commas is empty");
		strv_add(ret, field.data);
		if (!*text)
			return 0;
	}
}

/* As docker reads truth: the word alone means yes. */
static int parse_bool(const char *key, const char *value, bool *ret, struct err *err)
{
	static const char *const yes[] = {"1", "t", "T", "TRUE", "true", "True"};
	static const char *const no[] = {"0", "f", "F", "FALSE", "false", "False"};

	for (size_t i = 0; i < ARRAY_SIZE(yes); i++) {
		if (value && strcmp(value, yes[i]) && strcmp(value, no[i]))
			continue;
		*ret = !value || !strcmp(value, yes[i]);
		return 0;
	}
	return err_say(err, EINVAL, "%s=%s: expected true or false", key, value);
}

static int set_once(char **field, const char *key, const char *value, struct err *err)
{
	if (!value || !*value)
		return err_say(err, EINVAL, "%s= needs a value", key);
	if (*field)
		return err_say(err, EINVAL, "%s= is given twice", key);
	*field = xstrdup(value);
	return 0;
}

static int set_type(struct long_form *f, const char *key, const char *value, struct err *err)
{
	return set_once(&f->type, key, value, err);
}

static int set_source(struct long_form *f, const char *key, const char *value, struct err *err)
{
	return set_once(&f->source, key, value, err);
}

static int set_target(struct long_form *f, const char *key, const char *value, struct err *err)
{
	return set_once(&f->target, key, value, err);
}

static int set_read_only(struct long_form *f, const char *key, const char *value, struct err *err)
{
	bool read_only = false;

	if (parse_bool(key, value, &read_only, err) < 0)
		return -EINVAL;
	strv_add(&f->words, read_only ? "ro" : "rw");
	return 0;
}

static int set_nonrecursive(struct long_form *f, const char *key, const char *value,
			    struct err *err)
{
	bool nonrecursive = false;

	if (parse_bool(key, value, &nonrecursive, err) < 0)
		return -EINVAL;
	f->recursive = !nonrecursive;
	return 0;
}

static int set_recursive(struct long_form *f, const char *key, const char *value, struct err *err)
{
	static const char *const words[] = {"enabled", "disabled", "writable", "readonly"};

	for (size_t i = 0; value && i < ARRAY_SIZE(words); i++) {
		if (strcmp(value, words[i]))
			continue;
		f->recursive = strcmp(value, "disabled") != 0;
		if (!strcmp(value, "readonly"))
			strv_add(&f->words, "rro");
		return 0;
	}
	return err_say(err, EINVAL, "%s= is one of enabled, disabled, writable, readonly", key);
}

static int set_propagation(struct long_form *f, const char *key, const char *value, struct err *err)
{
	const char *word = value && *value == 'r' ? value + 1 : value;

	if (!word || !mnt_propagation_parse(word))
		return err_say(err, EINVAL,
			       "%s= is private, slave, shared or unbindable, or one of these with "
			       "r in front",
			       key);
	strv_add(&f->words, value);
	return 0;
}

/* tmpfs-size=N is the file system's own size=N. */
static int set_tmpfs(struct long_form *f, const char *key, const char *value, struct err *err)
{
	strv_addf(&f->words, "%s=%s", key + strlen("tmpfs-"), value ? value : "");
	return 0;
}

static const struct {
	const char *key;
	int (*set)(struct long_form *f, const char *key, const char *value, struct err *err);
} keys[] = {
	{"type", set_type},
	{"src", set_source},
	{"source", set_source},
	{"dst", set_target},
	{"target", set_target},
	{"destination", set_target},
	{"ro", set_read_only},
	{"readonly", set_read_only},
	{"bind-nonrecursive", set_nonrecursive},
	{"bind-recursive", set_recursive},
	{"bind-propagation", set_propagation},
	{"tmpfs-size", set_tmpfs},
	{"tmpfs-mode", set_tmpfs},
};

static int add_field(struct long_form *f, const char *field, struct err *err)
{
	size_t len = strcspn(field, "=");
	const char *value = field[len] ? field + len + 1 : NULL;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (strlen(keys[i].key) == len && !strncmp(keys[i].key, field, len))
			return keys[i].set(f, keys[i].key, value, err);
	run_add_word(&f->words, field);
	return 0;
}

/* lower=, upper= and work= as in a script of ops; the directories are the host's. */
static int settle_overlay(struct strv *words, struct err *err)
{
	static const char *const names[][2] = {
		{"lower=", "lowerdir+="}, {"upper=", "upperdir="}, {"work=", "workdir="}};

	for (size_t i = 0; i < words->n; i++) {
		for (size_t k = 0; k < ARRAY_SIZE(names); k++) {
			AUTO_FREE char *path = NULL;
			if (!str_starts(words->v[i], names[k][0]))
				continue;
			if (run_absolute(words->v[i] + strlen(names[k][0]), &path, err) < 0)
				return err_add(err, "%s", names[k][0]);
			free(words->v[i]);
			words->v[i] = xasprintf("%s%s", names[k][1], path);
		}
	}
	return 0;
}

static int check(const struct long_form *f, struct err *err)
{
	if (!f->type)
		return err_say(err, EINVAL,
			       "expected type=bind, tmpfs, overlay, proc or another file system");
	if (!strcmp(f->type, "volume"))
		return err_say(err, EINVAL,
			       "volumes by name do not exist yet; use type=bind,src=DIRECTORY");
	if (!f->target)
		return err_say(err, EINVAL, "expected dst=PATH, an absolute path inside the box");
	if (!f->source && (!strcmp(f->type, "bind") || !strcmp(f->type, "rbind")))
		return err_say(err, EINVAL, "type=%s: expected src=PATH", f->type);
	return 0;
}

static int push(struct spec *spec, struct long_form *f, const char *text, struct err *err)
{
	/* Docker's bind takes along what is mounted below. */
	bool bind = !strcmp(f->type, "bind") || !strcmp(f->type, "rbind");
	struct run_mount m = {
		.type = !bind	       ? f->type
			: f->recursive ? "rbind"
				       : "bind",
		.source = f->source,
		.target = f->target,
		.option = "mount",
		.text = text,
		.words = &f->words,
	};

	if (!strcmp(f->type, "overlay") && settle_overlay(&f->words, err) < 0)
		return -err->code;
	return run_push_mount(spec, &m, err);
}

int run_add_mount(struct spec *spec, const char *text, struct err *err)
{
	AUTO(strv) struct strv fields = {0};
	struct long_form f = {.recursive = true};
	int rc = split_csv(text, &fields, err);

	for (size_t i = 0; i < fields.n && rc == 0; i++)
		rc = add_field(&f, fields.v[i], err);
	if (rc == 0)
		rc = check(&f, err);
	if (rc == 0)
		rc = push(spec, &f, text, err);
	free(f.type);
	free(f.source);
	free(f.target);
	strv_done(&f.words);
	return rc;
}
