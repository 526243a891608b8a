// SPDX-License-Identifier: Apache-2.0
/* The short ways to write a mount on a command line: bind, volume, tmpfs. */
#include "base/mem.h"
#include "cli/run.h"
#include "op/lower.h"

#include <errno.h>
#include <string.h>

static bool is_bind(const char *type)
{
	return !strcmp(type, "bind") || !strcmp(type, "rbind");
}

void run_add_word(struct strv *words, const char *word)
{
	bool range =
		str_starts(word, "u:") || str_starts(word, "g:") || (*word >= '0' && *word <= '9');
	char **last = words->n ? &words->v[words->n - 1] : NULL;

	if (!range || !last || !str_starts(*last, "idmap=")) {
		strv_add(words, word);
		return;
	}
	char *joined = xasprintf("%s,%s", *last, word);
	free(*last);
	*last = joined;
}

/* Bytes as the kernel counts them: it knows no "64mb". */
static int settle_size(char **word, struct err *err)
{
	const char *text = *word + strlen("size=");
	uint64_t size;

	if (*text && text[strlen(text) - 1] == '%')
		return 0;
	if (str_to_size(text, &size, err) < 0)
		return -EINVAL;
	if (strchr("bB", text[strlen(text) - 1])) {
		free(*word);
		*word = xasprintf("size=%llu", (unsigned long long)size);
	}
	return 0;
}

static int check_mode(const char *mode, struct err *err)
{
	size_t digits = strspn(mode, "01234567");

	if (!digits || digits > 5 || mode[digits])
		return err_say(err, EINVAL, "mode '%s' is not octal like 1777 or 755", mode);
	return 0;
}

/* Nobody needs set-user-ID programs or devices in a new tmpfs who does not say so. */
static int settle_tmpfs(struct strv *words, struct err *err)
{
	static const char *const usual[][2] = {{"nosuid", "suid"}, {"nodev", "dev"}};

	for (size_t i = 0; i < words->n; i++) {
		if (str_starts(words->v[i], "size=") && settle_size(&words->v[i], err) < 0)
			return -EINVAL;
		if (str_starts(words->v[i], "mode=") &&
		    check_mode(words->v[i] + strlen("mode="), err) < 0)
			return -EINVAL;
	}
	for (size_t i = 0; i < ARRAY_SIZE(usual); i++)
		if (!strv_has(words, usual[i][0]) && !strv_has(words, usual[i][1]))
			strv_add(words, usual[i][0]);
	return 0;
}

/* Lowered once for nothing: a wrong word is an error of the command line, not of the start. */
static int check_words(const struct spec_mount *m, struct err *err)
{
	AUTO(ops) struct ops scratch = {0};
	AUTO(strv) struct strv words = {0};
	int handle;

	/* A bare idmap is the box's own map, which the box's compiler fills in. */
	for (size_t i = 0; i < m->words.n; i++)
		if (!is_bind(m->type) || strcmp(m->words.v[i], "idmap") != 0)
			strv_add(&words, m->words.v[i]);
	struct lower_mount lower = {.type = m->type, .source = m->source, .words = &words};

	return lower_mount_open(&scratch, &lower, &handle, err);
}

int run_push_mount(struct spec *spec, const struct run_mount *m, struct err *err)
{
	AUTO_FREE char *source = NULL;
	AUTO_FREE char *target = NULL;

	if (run_inside(m->target, &target, err) < 0)
		return -EINVAL;
	if (is_bind(m->type) ? run_absolute(m->source, &source, err) < 0
			     : !strcmp(m->type, "tmpfs") && settle_tmpfs(m->words, err) < 0)
		return -EINVAL;
	struct spec_mount mount = {
		.type = xstrdup(m->type),
		/* What mountinfo shows as the source of a file system without a device. */
		.source = source ? TAKE_PTR(source) : xstrdup(m->source ? m->source : m->type),
		.target = TAKE_PTR(target),
		.words = *m->words,
		.said = xasprintf("--%s %s", m->option, m->text),
	};

	*m->words = (struct strv){0};
	/* In the spec first: it owns the strings, also those of a refused mount. */
	return check_words(spec_add_mount(spec, mount), err);
}

/* SRC:DST[:OPTIONS]; the options may hold colons (an id map does). */
int run_add_bind(struct spec *spec, const char *type, const char *option, const char *text,
		 struct err *err)
{
	const char *colon = strchr(text, ':');
	const char *end = colon ? strchrnul(colon + 1, ':') : NULL;
	AUTO(strv) struct strv fields = {0};
	AUTO(strv) struct strv words = {0};

	if (!colon || colon == text || end == colon + 1)
		return err_say(err, EINVAL,
			       "expected SRC:DST[:OPTIONS]; a path with a colon in it needs "
			       "--mount type=bind,src=SRC,dst=DST");
	AUTO_FREE char *source = xstrndup(text, (size_t)(colon - text));
	AUTO_FREE char *target = xstrndup(colon + 1, (size_t)(end - colon - 1));
	strv_split(&fields, *end ? end + 1 : "", ',');
	for (size_t i = 0; i < fields.n; i++)
		run_add_word(&words, fields.v[i]);
	return run_push_mount(spec, &(struct run_mount){type, source, target, option, text, &words},
			      err);
}

/* Docker's word. What docker makes up (a volume, a missing directory) is refused here. */
int run_add_volume(struct spec *spec, const char *text, struct err *err)
{
	int first = (int)strcspn(text, ":");
	AUTO_FREE char *source = xstrndup(text, (size_t)first);
	bool is_path = *text == '/' || str_starts(text, "./") || str_starts(text, "../") ||
		       !strcmp(source, ".") || !strcmp(source, "..");

	if (*text == '/' && !text[first])
		return err_say(err, EINVAL,
			       "anonymous volumes do not exist; expected SRC:DST, or --tmpfs %s",
			       text);
	if (!is_path)
		return err_say(
			err, EINVAL,
			"'%s' is the name of a volume, and volumes by name do not exist yet; "
			"a path starts with / or ./",
			source);
	return run_add_bind(spec, "rbind", "volume", text, err);
}

int run_add_tmpfs(struct spec *spec, const char *text, struct err *err)
{
	const char *colon = strchrnul(text, ':');
	AUTO_FREE char *target = xstrndup(text, (size_t)(colon - text));
	AUTO(strv) struct strv words = {0};

	strv_split(&words, *colon ? colon + 1 : "", ',');
	return run_push_mount(
		spec, &(struct run_mount){"tmpfs", NULL, target, "tmpfs", text, &words}, err);
}
