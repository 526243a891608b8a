// SPDX-License-Identifier: Apache-2.0
/* What a scenario expects of the tables. */
#include "base/mem.h"
#include "scenario/script.h"

#include <errno.h>
#include <string.h>

/* What follows the word. */
enum operand {
	NOTHING,
	NUMBER,
	PROCESS,
	MOUNT, /* a process and a path */
	TEXT,
	WORDS, /* attributes */
};
static const struct row {
	const char *word, *usage;
	bool has_path; /* in front */
	enum operand operand;
} rows[EXPECT_KIND_MAX] = {
	[EXPECT_MOUNTS] = {"mounts", "mounts NUMBER", false, NUMBER},
	[EXPECT_SAME_AS] = {"same-as", "same-as PROCESS", false, PROCESS},
	[EXPECT_MOUNTED] = {"mounted", "PATH mounted [NUMBER]", true, NUMBER},
	[EXPECT_NOT_MOUNTED] = {"not-mounted", "PATH not-mounted", true, NOTHING},
	[EXPECT_TYPE] = {"type", "PATH type TYPE", true, TEXT},
	[EXPECT_SHARED_WITH] = {"shared-with", "PATH shared-with PROCESS PATH", true, MOUNT},
	[EXPECT_NOT_SHARED_WITH] = {"not-shared-with", "PATH not-shared-with PROCESS PATH", true,
				    MOUNT},
	[EXPECT_SLAVE_OF] = {"slave-of", "PATH slave-of PROCESS PATH", true, MOUNT},
	[EXPECT_SAME_FS] = {"same-fs", "PATH same-fs PROCESS PATH", true, MOUNT},
	[EXPECT_ROOT] = {"root", "PATH root DIRECTORY", true, TEXT},
	[EXPECT_ON] = {"on", "PATH on PATH", true, TEXT},
	[EXPECT_ATTR] = {"attr", "PATH attr WORD…", true, WORDS},
	[EXPECT_FS] = {"fs", "PATH fs ro|rw", true, TEXT},
};

static int usage(const struct row *row, struct err *err)
{
	return err_say(err, EINVAL, "expected: expect PROCESS %s", row->usage);
}

static int parse_task(const char *word, uint8_t *ret, struct err *err)
{
	uint64_t n;

	if (str_to_u64(word, SCENARIO_TASKS - 1, &n, NULL) < 0)
		return err_say(err, EINVAL, "'%s': expected a process, 0 to %d", word,
			       SCENARIO_TASKS - 1);
	*ret = (uint8_t)n;
	return 0;
}

static int copy(char *ret, const char *word, struct err *err)
{
	if (strlen(word) >= CALL_PATH)
		return err_say(err, EINVAL, "'%s' is too long", word);
	strcpy(ret, word);
	return 0;
}

static int parse_attr(const struct strv *words, size_t at, struct mnt_attr *ret, struct err *err)
{
	for (; at < words->n; at++) {
		int rc = mnt_attr_add_word(ret, words->v[at], err);
		if (rc == 0 || ret->propagation || ret->idmap)
			rc = err_say(err, EINVAL, "'%s' is no attribute", words->v[at]);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int parse_operand(const struct row *row, const struct strv *words, size_t at,
			 struct expect *ret, struct err *err)
{
	static const size_t min[] = {0, 1, 1, 2, 1, 1};
	size_t n = words->n - at;
	bool may_lack = ret->kind == EXPECT_MOUNTED;

	if (n < min[row->operand] - may_lack || (n > min[row->operand] && row->operand != WORDS))
		return usage(row, err);
	switch (row->operand) {
	case NUMBER:
		return n ? str_to_u64(words->v[at], UINT32_MAX, &ret->n, err) : 0;
	case PROCESS:
		return parse_task(words->v[at], &ret->other, err);
	case MOUNT:
		if (parse_task(words->v[at], &ret->other, err) < 0)
			return -EINVAL;
		return copy(ret->text, words->v[at + 1], err);
	case TEXT:
		return copy(ret->text, words->v[at], err);
	case WORDS:
		return parse_attr(words, at, &ret->attr, err);
	case NOTHING:
		break;
	}
	return 0;
}

static int unknown(const char *word, struct err *err)
{
	AUTO(buf) struct buf known = {0};

	for (size_t i = 0; i < EXPECT_KIND_MAX; i++)
		buf_addf(&known, "%s %s", i ? "," : "", rows[i].usage);
	return err_say(err, EINVAL, "'%s': expected one of%s", word, known.data);
}

int expect_parse(const char *text, struct expect *ret, struct err *err)
{
	AUTO(strv) struct strv words = {0};
	struct expect expect = {0};
	size_t at = 1;

	call_split(text, &words);
	if (words.n < 2)
		return err_say(err, EINVAL, "expected a process and what is expected of it");
	if (parse_task(words.v[0], &expect.task, err) < 0)
		return -EINVAL;
	bool has_path = *words.v[1] == '/';
	if (has_path && copy(expect.path, words.v[at++], err) < 0)
		return -EINVAL;
	const char *word = at < words.n ? words.v[at] : "";
	while (expect.kind < EXPECT_KIND_MAX && strcmp(rows[expect.kind].word, word))
		expect.kind++;
	if (expect.kind == EXPECT_KIND_MAX)
		return unknown(word, err);
	if (rows[expect.kind].has_path != has_path)
		return usage(&rows[expect.kind], err);
	int rc = parse_operand(&rows[expect.kind], &words, at + 1, &expect, err);
	if (rc == 0)
		*ret = expect;
	return rc;
}
