// SPDX-License-Identifier: Apache-2.0
/* Ops -> JSON, for programs that read a dry run. */
#include "op/json.h"
#include "base/json.h"
#include "base/mem.h"
#include "op/words.h"

#include <sys/stat.h>

static void set_target(json_t *object, const char *key, const struct op_target *target)
{
	AUTO(buf) struct buf text = {0};

	if (!target->handle && !target->path)
		return;
	if (target->handle)
		buf_addf(&text, target->path ? "h%d:" : "h%d", target->handle);
	if (target->path)
		buf_adds(&text, target->path);
	json_object_set_new(object, key, json_bytes(text.data));
}

/* " a b" -> ["a", "b"]; nothing for an empty list. */
static void set_words(json_t *object, const char *key, const struct buf *text)
{
	AUTO(strv) struct strv words = {0};

	if (!text->len)
		return;
	strv_split(&words, text->data + 1, ' ');
	json_object_set_new(object, key, json_strv(&words));
}

static void set_device(json_t *object, const struct op *op)
{
	AUTO_FREE char *device =
		xasprintf("%c %u:%u", S_ISBLK(op->mode) ? 'b' : 'c', op->major, op->minor);

	json_object_set_new(object, "device", json_bytes(device));
}

static json_t *op_to_json(const struct op *op)
{
	const struct op_row *row = &op_rows[op->kind];
	AUTO(buf) struct buf flags = {0};
	AUTO(buf) struct buf attr = {0};
	AUTO(buf) struct buf namespaces = {0};
	json_t *object = json_pack("{ss}", "op", row->name);

	if (op->handle)
		json_object_set_new(object, "handle", json_sprintf("h%d", op->handle));
	set_target(object, "from", &op->from);
	set_target(object, "to", &op->to);
	if (op->text)
		json_object_set_new(object, row->text, json_bytes(op->text));
	op_flags_print(op->flags & row->flags, " ", &flags);
	set_words(object, "flags", &flags);
	mnt_attr_print(&op->attr, ' ', &attr);
	set_words(object, "attributes", &attr);
	op_namespaces_print(op->namespaces, &namespaces);
	set_words(object, "namespaces", &namespaces);
	if (op->options.n)
		json_object_set_new(object, "options", json_strv(&op->options));
	if (row->takes_mode)
		json_object_set_new(object, "mode", json_sprintf("%04o", op->mode & 07777));
	if (op->kind == OP_NODE)
		set_device(object, op);
	if (op->said)
		json_object_set_new(object, "said", json_bytes(op->said));
	return object;
}

json_t *ops_to_json(const struct ops *ops)
{
	json_t *list = json_array();

	for (size_t i = 0; i < ops->n; i++)
		json_array_append_new(list, op_to_json(&ops->v[i]));
	return list;
}
