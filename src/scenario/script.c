// SPDX-License-Identifier: Apache-2.0
/* Text of a scenario -> its lines. */
#include "scenario/script.h"
#include "base/mem.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

static char *trim(char *text)
{
	size_t len;

	text += strspn(text, " \t");
	len = strlen(text);
	while (len && isspace((unsigned char)text[len - 1]))
		text[--len] = 0;
	return text;
}

/* A # that begins a word begins a comment. */
static void cut_comment(char *text)
{
	for (char *p = text; *p; p++)
		if (*p == '#' && (p == text || isspace((unsigned char)p[-1]))) {
			*p = 0;
			return;
		}
}

/* "-> EINVAL" is taken off the end; its errno, 0: there is none. */
static int cut_errno(char *text, struct err *err)
{
	char *arrow = strstr(text, "->");
	int code;

	if (!arrow)
		return 0;
	code = errno_parse(trim(arrow + 2));
	if (!code)
		return err_say(err, EINVAL, "'%s' is no name of an errno", trim(arrow + 2));
	*arrow = 0;
	return code;
}

/* "3: " is taken off the front; without it process 0 is meant. */
static char *cut_task(char *text, uint8_t *ret_task)
{
	bool has = text[0] >= '0' && text[0] < '0' + SCENARIO_TASKS && text[1] == ':';

	*ret_task = has ? (uint8_t)(text[0] - '0') : 0;
	return has ? trim(text + 2) : text;
}

static int parse_statement(char *text, struct call *ret, struct err *err)
{
	uint8_t task;
	int want = cut_errno(text, err);

	if (want < 0)
		return want;
	text = cut_task(trim(text), &task);
	int rc = call_parse(text, ret, err);
	if (rc == 0) {
		ret->task = task;
		ret->want = (int16_t)want;
	}
	return rc;
}

static int parse_line(char *text, struct line *line, struct err *err)
{
	line->text = xstrdup(text);
	line->is_expect = str_starts(text, "expect ");
	if (line->is_expect)
		return expect_parse(trim(text + strlen("expect ")), &line->expect, err);
	return parse_statement(text, &line->call, err);
}

static int add_line(struct script *script, char *text, unsigned number, struct err *err)
{
	struct line line = {.number = number};

	cut_comment(text);
	text = trim(text);
	if (!*text)
		return 0;
	int rc = parse_line(text, &line, err);
	if (rc < 0)
		free(line.text);
	else
		VEC_PUSH(script->v, script->n, line);
	return rc;
}

int script_parse(struct script *ret, const char *name, const char *text, struct err *err)
{
	AUTO(script) struct script script = {0};
	AUTO(strv) struct strv lines = {0};

	strv_split(&lines, text, '\n');
	if (!lines.n || !str_starts(lines.v[0], "# "))
		return err_say(err, EINVAL, "%s:1: expected '# ' and a sentence: what happens",
			       name);
	script.title = xstrdup(trim(lines.v[0] + 2));
	for (size_t i = 1; i < lines.n; i++)
		if (add_line(&script, lines.v[i], (unsigned)i + 1, err) < 0)
			return err_add(err, "%s:%zu", name, i + 1), -EINVAL;
	*ret = script;
	script = (struct script){0};
	return 0;
}

void script_done(struct script *script)
{
	for (size_t i = 0; i < script->n; i++)
		free(script->v[i].text);
	free(script->v);
	free(script->title);
	*script = (struct script){0};
}
