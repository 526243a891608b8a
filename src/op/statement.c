// SPDX-License-Identifier: Apache-2.0
/* Statements of a script in comfortable words -> ops. They are rows of a table, as the ops are. */
#include "op/lower.h"
#include "base/mem.h"
#include "op/words.h"

#include <errno.h>
#include <string.h>

struct statement {
	const struct strv *words;
	size_t at; /* the word that an error is about */
};

/* The words from `first` on, borrowed. */
static struct strv rest(const struct strv *words, size_t first)
{
	return (struct strv){words->v + first, words->n - first};
}

static int target(struct statement *s, size_t at, struct op_target *ret, struct err *err)
{
	s->at = at;
	return op_target_parse(s->words->v[at], OP_SLOT_TO, ret, err);
}

/* Opens and attaches what `m` says, at the target in word `at`, with the words behind it. */
static int mount_at(struct statement *s, struct ops *ops, struct lower_mount *m, size_t at,
		    struct err *err)
{
	struct strv more = rest(s->words, at + 1);
	size_t wrong = 0;
	int handle, rc;

	if (target(s, at, &m->to, err) < 0)
		return -err->code;
	m->words = m->words ? m->words : &more;
	m->ret_at = &wrong;
	rc = lower_mount_open(ops, m, &handle, err);
	if (rc == 0)
		lower_mount_attach(ops, m, handle);
	else
		s->at = at + 1 + wrong;
	free(m->to.path);
	return rc;
}

static int lower_bind(struct statement *s, struct ops *ops, struct err *err)
{
	struct lower_mount m = {.type = s->words->v[0], .source = s->words->v[1]};

	s->at = 1;
	if (*m.source != '/')
		return err_say(err, EINVAL, "'%s': the source of a bind is an absolute path",
			       m.source);
	return mount_at(s, ops, &m, 2, err);
}

static int lower_mount_type(struct statement *s, struct ops *ops, struct err *err)
{
	struct lower_mount m = {.type = s->words->v[1]};
	bool has_source = false;

	for (size_t i = 3; i < s->words->n; i++)
		has_source |= str_starts(s->words->v[i], "source=");
	if (!has_source)
		m.source = m.type;
	return mount_at(s, ops, &m, 2, err);
}

static int lower_known_type(struct statement *s, struct ops *ops, struct err *err)
{
	struct lower_mount m = {.type = s->words->v[0], .source = s->words->v[0]};

	return mount_at(s, ops, &m, 1, err);
}

/* lower=, upper= and work= are overlay's own options under friendlier names. */
static void overlay_option(struct strv *options, const char *word)
{
	static const char *const names[][2] = {
		{"lower=", "lowerdir+="}, {"upper=", "upperdir="}, {"work=", "workdir="}};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (str_starts(word, names[i][0])) {
			strv_addf(options, "%s%s", names[i][1], word + strlen(names[i][0]));
			return;
		}
	}
	strv_add(options, word);
}

static int lower_overlay(struct statement *s, struct ops *ops, struct err *err)
{
	AUTO(strv) struct strv options = {0};
	struct lower_mount m = {.type = "overlay", .source = "overlay", .words = &options};
	bool has_lower = false;

	for (size_t i = 2; i < s->words->n; i++) {
		overlay_option(&options, s->words->v[i]);
		has_lower |= str_starts(options.v[options.n - 1], "lowerdir");
	}
	s->at = 0;
	if (!has_lower)
		return err_say(err, EINVAL, "overlay: expected at least one lower=DIR");
	return mount_at(s, ops, &m, 1, err);
}

static int lower_move(struct statement *s, struct ops *ops, struct err *err)
{
	struct op op = {.kind = OP_MOVE_MOUNT};

	if (target(s, 1, &op.from, err) < 0 || target(s, 2, &op.to, err) < 0) {
		op_done(&op);
		return -err->code;
	}
	ops_push(ops, op);
	return 0;
}

static int lower_make(struct statement *s, struct ops *ops, struct err *err)
{
	const char *type = s->words->v[0] + strlen("make-");
	struct op op = {.kind = OP_SET_ATTR};

	op.attr.propagation = mnt_propagation_parse(type);
	if (!op.attr.propagation && *type == 'r') {
		op.attr.propagation = mnt_propagation_parse(type + 1);
		op.flags = OP_REC;
	}
	if (!op.attr.propagation)
		return err_say(err, EINVAL,
			       "'%s' is no propagation; expected make-private, make-slave, "
			       "make-shared or make-unbindable, or the same with r: make-rprivate",
			       s->words->v[0]);
	if (target(s, 1, &op.to, err) < 0)
		return -err->code;
	ops_push(ops, op);
	return 0;
}

static void push_remount(struct ops *ops, const struct op_target *to, struct op op, bool wanted)
{
	if (!wanted)
		return;
	op.to = (struct op_target){to->handle, xstrdup(to->path)};
	ops_push(ops, op);
}

static int push_remounts(struct ops *ops, const struct op_target *to, struct lower_words *words,
			 struct err *err)
{
	if (words->bind)
		return err_say(err, EINVAL,
			       "attribute words always change the mount alone, others its file "
			       "system: leave '%s' out",
			       words->bind);
	push_remount(ops, to,
		     (struct op){.kind = OP_SET_ATTR, .flags = OP_REC, .attr = words->rec_attr},
		     !mnt_attr_is_empty(&words->rec_attr));
	push_remount(ops, to, (struct op){.kind = OP_SET_ATTR, .attr = words->attr},
		     !mnt_attr_is_empty(&words->attr));
	push_remount(ops, to, (struct op){.kind = OP_RECONFIGURE, .options = words->options},
		     words->options.n);
	*words = (struct lower_words){0};
	return 0;
}

static int lower_remount(struct statement *s, struct ops *ops, struct err *err)
{
	struct strv more = rest(s->words, 2);
	struct op_target to = {0};
	struct lower_words words;
	int rc;

	if (target(s, 1, &to, err) < 0)
		return -err->code;
	rc = lower_words_parse(&words, &more, err);
	s->at = 2 + words.at;
	if (rc == 0)
		rc = push_remounts(ops, &to, &words, err);
	lower_words_done(&words);
	free(to.path);
	return rc;
}

static int lower_rumount(struct statement *s, struct ops *ops, struct err *err)
{
	struct op op = {.kind = OP_UMOUNT, .flags = OP_LAZY};

	s->at = 1;
	if (op_target_parse(s->words->v[1], OP_SLOT_PATH, &op.to, err) < 0)
		return -err->code;
	ops_push(ops, op);
	return 0;
}

struct row {
	const char *word; /* with a '-' at its end: what begins so */
	size_t min, max;  /* words, with the first; max 0: no limit */
	int (*lower)(struct statement *s, struct ops *ops, struct err *err);
	const char *usage;
};

static const struct row rows[] = {
	{"bind", 3, 0, lower_bind, "bind SRC DST [WORD…]"},
	{"rbind", 3, 0, lower_bind, "rbind SRC DST [WORD…]"},
	{"move", 3, 3, lower_move, "move FROM TO"},
	{"mount", 3, 0, lower_mount_type, "mount TYPE DST [WORD…]"},
	{"overlay", 3, 0, lower_overlay, "overlay DST lower=DIR… [upper=DIR work=DIR] [WORD…]"},
	{"remount", 3, 0, lower_remount, "remount PATH WORD…"},
	{"rumount", 2, 2, lower_rumount, "rumount PATH"},
	{"make-", 2, 2, lower_make, "make-[r]private|slave|shared|unbindable PATH"},
	/* Types that are statements by themselves; any other is reached by `mount TYPE`. */
	{"tmpfs", 2, 0, lower_known_type, "tmpfs DST [WORD…]"},
	{"ramfs", 2, 0, lower_known_type, "ramfs DST [WORD…]"},
	{"proc", 2, 0, lower_known_type, "proc DST [WORD…]"},
	{"sysfs", 2, 0, lower_known_type, "sysfs DST [WORD…]"},
	{"devpts", 2, 0, lower_known_type, "devpts DST [WORD…]"},
	{"mqueue", 2, 0, lower_known_type, "mqueue DST [WORD…]"},
	{"cgroup", 2, 0, lower_known_type, "cgroup DST [WORD…]"},
	{"cgroup2", 2, 0, lower_known_type, "cgroup2 DST [WORD…]"},
	{"devtmpfs", 2, 0, lower_known_type, "devtmpfs DST [WORD…]"},
	{"securityfs", 2, 0, lower_known_type, "securityfs DST [WORD…]"},
	{"debugfs", 2, 0, lower_known_type, "debugfs DST [WORD…]"},
	{"tracefs", 2, 0, lower_known_type, "tracefs DST [WORD…]"},
	{"bpf", 2, 0, lower_known_type, "bpf DST [WORD…]"},
};

static const struct row *find(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *row = rows[i].word;
		if (row[strlen(row) - 1] == '-' ? str_starts(word, row) : !strcmp(row, word))
			return &rows[i];
	}
	return NULL;
}

bool lower_is_word(const char *word)
{
	return find(word) != NULL;
}

void lower_print_words(struct buf *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		buf_addf(out, " %s%s", rows[i].word, rows[i].lower == lower_make ? "…" : "");
}

int lower_statement(struct ops *ops, const struct strv *words, size_t *ret_at, struct err *err)
{
	const struct row *row = find(words->v[0]);
	struct statement s = {.words = words};
	int rc;

	if (!row)
		return 0;
	if (words->n < row->min || (row->max && words->n > row->max)) {
		*ret_at = words->n < row->min ? words->n : row->max;
		return err_say(err, EINVAL, "expected: %s", row->usage);
	}
	rc = row->lower(&s, ops, err);
	*ret_at = s.at;
	return rc < 0 ? rc : 1;
}
