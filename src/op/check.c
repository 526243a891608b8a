// SPDX-License-Identifier: Apache-2.0
/* The static check of a list: handles in their order, and each op against its row. */
#include "op/words.h"
#include "base/mem.h"

#include <errno.h>
#include <string.h>

enum {
	UNMADE,
	MADE,
	ATTACHED
};

struct check {
	const struct ops *ops;
	char *state; /* by handle */
};

static int check_handle(const struct check *c, int handle, struct err *err)
{
	if (handle < 0 || handle > c->ops->handles || (handle && c->state[handle] == UNMADE))
		return err_say(err, EINVAL, "h%d is used before it is made", handle);
	return 0;
}

static int check_text(const struct op *op, const struct op_row *row, struct err *err)
{
	if (!op->text || !*op->text)
		return err_say(err, EINVAL, "%s is empty", row->text);
	return 0;
}

static int check_namespaces(const struct op *op, bool one, struct err *err)
{
	if (!op->namespaces || (one && op->namespaces & (op->namespaces - 1)))
		return err_say(err, EINVAL, "expected %s", one ? "one namespace" : "a namespace");
	return 0;
}

static int check_slot(const struct check *c, const struct op *op, enum op_slot slot,
		      struct err *err)
{
	const struct op_target *target = slot == OP_SLOT_FROM ? &op->from : &op->to;
	int rc;

	switch (slot) {
	case OP_SLOT_TEXT:
		return check_text(op, &op_rows[op->kind], err);
	case OP_SLOT_NAMESPACES:
	case OP_SLOT_NAMESPACE:
		return check_namespaces(op, slot == OP_SLOT_NAMESPACE, err);
	case OP_SLOT_FROM:
	case OP_SLOT_TO:
	case OP_SLOT_NEW:
	case OP_SLOT_PATH:
	case OP_SLOT_FILE:
		rc = check_handle(c, target->handle, err);
		return rc < 0 ? rc : op_target_check(target, slot, err);
	case OP_SLOT_DEVICE:
	case OP_SLOT_END:
		break;
	}
	return 0;
}

/* A handle is attached once; as a target, or as the root of a path, it may be named for ever. */
static int check_attach(const struct check *c, const struct op *op, struct err *err)
{
	int handle = op->from.handle;

	if (op->kind != OP_MOVE_MOUNT || !handle || op->from.path)
		return 0;
	if (c->state[handle] == ATTACHED)
		return err_say(err, EINVAL, "h%d is attached twice", handle);
	c->state[handle] = ATTACHED;
	return 0;
}

static int check_made(const struct check *c, const struct op *op, struct err *err)
{
	if (!op_rows[op->kind].makes_handle)
		return 0;
	if (op->handle < 1 || op->handle > c->ops->handles)
		return err_say(err, EINVAL, "its handle is out of range");
	if (c->state[op->handle] != UNMADE)
		return err_say(err, EINVAL,
			       "h%d is made twice (comfortable words take the next free handle)",
			       op->handle);
	c->state[op->handle] = MADE;
	return 0;
}

static int check_op(const struct check *c, const struct op *op, struct err *err)
{
	const struct op_row *row = &op_rows[op->kind];
	unsigned surplus = op->flags & ~row->flags;
	int rc;

	for (size_t i = 0; row->slot[i]; i++) {
		rc = check_slot(c, op, row->slot[i], err);
		if (rc < 0)
			return rc;
	}
	if (surplus) {
		AUTO(buf) struct buf text = {0};
		op_flags_print(surplus, " ", &text);
		return err_say(err, EINVAL, "%s takes no%s", row->name,
			       text.len ? text.data : " such flag");
	}
	rc = check_attach(c, op, err);
	return rc < 0 ? rc : check_made(c, op, err);
}

/* The op as it was said, for the front of a message. */
static int name_op(const struct op *op, struct err *err)
{
	AUTO(buf) struct buf text = {0};

	if (op->said)
		return err_add(err, "%s", op->said);
	op_print(op, &text);
	return err_add(err, "%.*s", (int)text.len - 1, text.data);
}

int ops_check(const struct ops *ops, struct err *err)
{
	AUTO_FREE char *state = xcalloc((size_t)ops->handles + 1, 1);
	struct check c = {ops, state};

	for (size_t i = 0; i < ops->n; i++) {
		int rc = check_op(&c, &ops->v[i], err);
		if (rc < 0)
			return err ? name_op(&ops->v[i], err) : rc;
	}
	return 0;
}
