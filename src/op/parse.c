// SPDX-License-Identifier: Apache-2.0
/* Text -> ops, driven by op_rows; errors point at line and column. */
#include "base/mem.h"
#include "op/lower.h"
#include "op/words.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

struct parse {
	const char *name;
	unsigned line;
	struct split split;
	size_t at; /* the word that is looked at, for the column of an error */
};

static int fail(const struct parse *p, struct err *err)
{
	bool is_word = p->at < p->split.words.n;

	return err_add(err, "%s:%u:%u", p->name, p->line,
		       is_word ? p->split.column[p->at] : (unsigned)p->split.end + 1);
}

static const char *peek(const struct parse *p)
{
	return p->at < p->split.words.n ? p->split.words.v[p->at] : NULL;
}

static int parse_device(struct parse *p, struct op *op, struct err *err)
{
	const char *type = peek(p), *number;
	AUTO(strv) struct strv part = {0};
	uint64_t major, minor;

	if (strcmp(type, "c") && strcmp(type, "b") && strcmp(type, "p"))
		return err_say(err, EINVAL, "'%s': expected %s", type,
			       op_slot_name(NULL, OP_SLOT_DEVICE));
	p->at++;
	number = peek(p);
	strv_split(&part, number ? number : "", ':');
	if (part.n != 2 || str_to_u64(part.v[0], 4095, &major, NULL) < 0 ||
	    str_to_u64(part.v[1], 0xfffff, &minor, NULL) < 0)
		return err_say(err, EINVAL,
			       "expected MAJOR:MINOR behind '%s', at most 4095:1048575", type);
	op->mode |= *type == 'c' ? S_IFCHR : *type == 'b' ? S_IFBLK : S_IFIFO;
	op->major = (unsigned)major;
	op->minor = (unsigned)minor;
	return 0;
}

static int parse_namespace(struct parse *p, struct op *op, struct err *err)
{
	uint64_t flag = op_namespace_parse(peek(p));

	if (!flag)
		return err_say(err, EINVAL, "'%s' is none of the %s", peek(p),
			       op_slot_name(NULL, OP_SLOT_NAMESPACES));
	op->namespaces |= flag;
	return 0;
}

static int parse_namespaces(struct parse *p, struct op *op, struct err *err)
{
	while (p->at + 1 < p->split.words.n) {
		int rc = parse_namespace(p, op, err);
		if (rc < 0)
			return rc;
		p->at++;
	}
	return parse_namespace(p, op, err);
}

static int parse_slot(struct parse *p, struct op *op, enum op_slot slot, struct err *err)
{
	switch (slot) {
	case OP_SLOT_FROM:
		return op_target_parse(peek(p), slot, &op->from, err);
	case OP_SLOT_TO:
	case OP_SLOT_NEW:
	case OP_SLOT_PATH:
	case OP_SLOT_FILE:
		return op_target_parse(peek(p), slot, &op->to, err);
	case OP_SLOT_TEXT:
		op->text = xstrdup(peek(p));
		return 0;
	case OP_SLOT_NAMESPACE:
		return parse_namespace(p, op, err);
	case OP_SLOT_NAMESPACES:
		return parse_namespaces(p, op, err);
	case OP_SLOT_DEVICE:
		return parse_device(p, op, err);
	case OP_SLOT_END:
		break;
	}
	return 0;
}

static int unknown_word(const struct op_row *row, const char *word, struct err *err)
{
	AUTO(buf) struct buf expected = {0};

	op_flags_print(row->flags, " ", &expected);
	if (row->takes_mode)
		buf_adds(&expected, " mode=OCTAL");
	if (row->takes_attr)
		buf_adds(&expected, " " ATTR_WORDS " " PROPAGATION_WORDS " idmap=MAP");
	return err_say(err, EINVAL, "'%s': unknown word for %s; expected%s", word, row->name,
		       expected.len ? expected.data : " nothing more");
}

static int parse_mode(const char *digits, struct op *op, struct err *err)
{
	unsigned long mode = strtoul(digits, NULL, 8);

	if (!*digits || strspn(digits, "01234567") != strlen(digits) || mode > 07777)
		return err_say(err, EINVAL, "mode=%s: expected octal digits, at most 7777", digits);
	op->mode = (op->mode & S_IFMT) | (mode_t)mode;
	return 0;
}

/* A word behind the slots: flag, mode, attribute, or option of a file system. */
static int parse_extra(struct op *op, const struct op_row *row, const char *word, struct err *err)
{
	unsigned flag = op_flag_parse(word);
	int rc;

	if (flag & row->flags) {
		op->flags |= flag;
		return 0;
	}
	if (row->takes_mode && str_starts(word, "mode="))
		return parse_mode(word + strlen("mode="), op, err);
	if (row->takes_attr && (rc = mnt_attr_add_word(&op->attr, word, err)) != 0)
		return rc;
	if (!row->takes_options)
		return unknown_word(row, word, err);
	return op_option_add(&op->options, word, err);
}

/* A new mount has no attributes yet: only setting makes sense, and no propagation. */
static int check_whole(const struct op *op, struct err *err)
{
	if (op->kind == OP_FS_MOUNT && (op->attr.propagation || op->attr.idmap))
		return err_say(err, EINVAL,
			       "fs-mount takes no propagation and no id map; use set-attr");
	if (op->kind == OP_SET_ATTR && mnt_attr_is_empty(&op->attr))
		return err_say(err, EINVAL, "set-attr changes nothing; expected an attribute");
	if (op->kind == OP_RECONFIGURE && !op->options.n)
		return err_say(err, EINVAL, "reconfigure changes nothing; expected an option");
	return 0;
}

static int parse_op(struct parse *p, struct op *op, struct err *err)
{
	const struct op_row *row = &op_rows[op->kind];
	int rc = 0;

	op->mode = row->mode;
	for (size_t i = 0; rc == 0 && row->slot[i]; i++) {
		if (!peek(p))
			return err_say(err, EINVAL, "%s: expected %s", row->name,
				       op_slot_name(row, row->slot[i]));
		rc = parse_slot(p, op, row->slot[i], err);
		p->at += rc == 0;
	}
	while (rc >= 0 && peek(p)) {
		rc = parse_extra(op, row, peek(p), err);
		p->at += rc >= 0;
	}
	if (rc >= 0)
		p->at = 0;
	return rc < 0 ? rc : check_whole(op, err);
}

static enum op_kind find_kind(const char *word)
{
	enum op_kind kind = 0;

	while (kind < OP_KIND_MAX && strcmp(op_rows[kind].name, word))
		kind++;
	return kind;
}

static int unknown_op(const char *word, struct err *err)
{
	AUTO(buf) struct buf known = {0};

	for (enum op_kind kind = 0; kind < OP_KIND_MAX; kind++)
		buf_addf(&known, " %s", op_rows[kind].name);
	lower_print_words(&known);
	return err_say(err, EINVAL, "unknown op '%s'; expected one of%s; see mntns-ops(5)", word,
		       known.data);
}

static int parse_primitive(struct parse *p, struct ops *ops, int handle, struct err *err)
{
	struct op op = {.kind = find_kind(peek(p)), .handle = handle};
	int rc;

	if (op.kind == OP_KIND_MAX)
		return unknown_op(peek(p), err);
	if (op_rows[op.kind].makes_handle != (handle != 0))
		return err_say(err, EINVAL,
			       handle ? "%s makes no handle" : "%s makes a handle; write h1 = %s …",
			       op_rows[op.kind].name, op_rows[op.kind].name);
	p->at++;
	rc = parse_op(p, &op, err);
	if (rc < 0)
		op_done(&op);
	else
		ops_push(ops, op);
	return rc;
}

/* "X = …", unless X is an op with a word "=". */
static bool is_assignment(const struct split *split)
{
	return split->words.n > 1 && !strcmp(split->words.v[1], "=") &&
	       find_kind(split->words.v[0]) == OP_KIND_MAX;
}

/* "hN = …" in front; 0: there is none. */
static int handle_in_front(const struct split *split)
{
	return is_assignment(split) ? op_handle_parse(split->words.v[0]) : 0;
}

static int parse_statement(struct parse *p, struct ops *ops, struct err *err)
{
	int handle = handle_in_front(&p->split);
	bool assigns = is_assignment(&p->split);

	p->at = 0;
	if (assigns && !handle)
		return err_say(err, EINVAL, "'%s' is no handle; expected h1 to h%d", peek(p),
			       HANDLE_MAX);
	if (!assigns && lower_is_word(peek(p)))
		return lower_statement(ops, &p->split.words, &p->at, err);
	p->at = assigns ? 2 : 0;
	if (!peek(p))
		return err_say(err, EINVAL, "expected an op behind '='");
	return parse_primitive(p, ops, handle, err);
}

static char *trimmed(const struct split *split, const char *line)
{
	size_t first = split->column[0] - 1;

	return xstrndup(line + first, split->end - first);
}

static int parse_line(struct parse *p, struct ops *ops, const char *line, struct err *err)
{
	size_t first = ops->n;

	p->at = 0;
	if (split_line(&p->split, line, err) < 0) {
		p->at = p->split.words.n - 1;
		return fail(p, err);
	}
	if (!p->split.words.n)
		return 0;
	if (parse_statement(p, ops, err) < 0)
		return fail(p, err);
	for (; first < ops->n; first++)
		if (!ops->v[first].said)
			ops->v[first].said = trimmed(&p->split, line);
	return 0;
}

/* Comfortable words must not take a handle that the text itself makes further down. */
static void reserve_handles(struct ops *ops, const struct strv *lines)
{
	for (size_t i = 0; i < lines->n; i++) {
		struct split split = {0};
		AUTO(err) struct err ignored = {0};
		if (split_line(&split, lines->v[i], &ignored) == 0) {
			int handle = handle_in_front(&split);
			ops->handles = handle > ops->handles ? handle : ops->handles;
		}
		split_done(&split);
	}
}

static void truncate_ops(struct ops *ops, size_t n)
{
	while (ops->n > n)
		op_done(&ops->v[--ops->n]);
}

int ops_parse(struct ops *ops, const char *name, const char *text, struct err *err)
{
	AUTO(err) struct err own = {0};
	AUTO(strv) struct strv lines = {0};
	struct parse p = {.name = name};
	size_t before = ops->n;
	int handles = ops->handles, rc = 0;

	strv_split(&lines, text, '\n');
	reserve_handles(ops, &lines);
	for (size_t i = 0; i < lines.n && rc >= 0; i++) {
		p.line++;
		rc = parse_line(&p, ops, lines.v[i], err ? err : &own);
		split_done(&p.split);
	}
	if (rc < 0) {
		truncate_ops(ops, before);
		ops->handles = handles;
	}
	return rc < 0 ? rc : 0;
}
