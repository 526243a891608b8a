// SPDX-License-Identifier: Apache-2.0
/* Statements of ops in scenarios: which are allowed, and how h1 to h5 outlive them. */
#include "base/mem.h"
#include "op/lower.h"
#include "scenario/call.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/*
 * Handles that comfortable words need are none of the scenario's. Line and column of the one line
 * say less than the file's own, which stands in front of the sentence later.
 */
static int parse(const char *text, struct ops *ret, struct err *err)
{
	struct ops ops = {.handles = CALL_FILES - 1};
	AUTO(err) struct err why = {0};
	unsigned column;
	int skip = 0;

	if (ops_parse(&ops, "", text, &why) < 0) {
		ops_done(&ops);
		sscanf(why.msg, ":1:%u: %n", &column, &skip);
		return err_say(err, why.code, "%s", why.msg + skip);
	}
	*ret = ops;
	return 0;
}

/* The word behind "h1 = ", if that is there. */
static bool is_op(const char *text)
{
	const char *word = strstr(text, " = ") ? strstr(text, " = ") + 3 : text;
	AUTO_FREE char *name = xstrndup(word, strcspn(word, " \t"));
	bool is = lower_is_word(name);

	for (enum op_kind kind = 0; kind < OP_KIND_MAX; kind++)
		is |= !strcmp(op_rows[kind].name, name);
	return is;
}

/* A file system of the machine's would be the machine's own, also in a namespace without mounts. */
static const char *forbidden(const struct op *op)
{
	if (op->kind == OP_FS_MOUNT && strcmp(op->text, "tmpfs") && strcmp(op->text, "ramfs"))
		return "only tmpfs and ramfs have nothing to do with the machine";
	if (op->kind == OP_UNSHARE || op->kind == OP_SETNS)
		return "it is a call of its own here, see mntns-scenario(5)";
	if (op->kind == OP_NODE)
		return "a device would be one of the machine's";
	if (op->kind == OP_SYMLINK)
		return "the model knows no symbolic links";
	return op->attr.idmap ? "ops make no id maps here; mount_setattr does, with userns:" : NULL;
}

/* A handle from h6 on is a comfortable word's, made and used within the statement. */
static int use(struct call *call, int handle, const struct ops *ops, struct err *err)
{
	bool made = false;

	for (size_t i = 0; i < ops->n; i++)
		made |= ops->v[i].handle == handle;
	if (handle && handle < CALL_FILES)
		call->uses |= (uint8_t)(1 << handle);
	else if (handle && !made)
		return err_say(err, EINVAL, "h%d: a scenario has h0 to h%d", handle,
			       CALL_FILES - 1);
	return 0;
}

static int check_op(struct call *call, const struct ops *ops, const struct op *op, struct err *err)
{
	const char *why = forbidden(op);

	if (why)
		return err_say(err, EINVAL, "%s: %s", op_rows[op->kind].name, why);
	if (op->handle && op->handle < CALL_FILES)
		call->file = (int8_t)op->handle;
	else if (op->handle && ops->n == 1)
		return err_say(err, EINVAL, "h%d: a scenario has h0 to h%d", op->handle,
			       CALL_FILES - 1);
	int rc = use(call, op->from.handle, ops, err);
	return rc < 0 ? rc : use(call, op->to.handle, ops, err);
}

int statement_check(struct call *call, struct err *err)
{
	AUTO(ops) struct ops ops = {0};

	if (!is_op(call->text))
		return err_say(err, EINVAL,
			       "'%s': neither an op, see mntns-ops(5), nor a call, see "
			       "mntns-scenario(5)",
			       call->text);
	int rc = parse(call->text, &ops, err);
	for (size_t i = 0; rc == 0 && i < ops.n; i++)
		rc = check_op(call, &ops, &ops.v[i], err);
	return rc;
}

void statement_ops(const struct call *call, struct ops *ret, size_t *ret_n)
{
	struct ops ops = {0};

	parse(call->text, &ops, NULL);
	*ret_n = ops.n;
	for (int handle = 1; handle < CALL_FILES; handle++)
		ops_push(&ops, (struct op){.kind = OP_CHDIR, .to = {.handle = handle}});
	*ret = ops;
}
