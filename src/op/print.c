// SPDX-License-Identifier: Apache-2.0
/* Ops -> text, driven by op_rows. What is printed, op/parse.c reads back as the same op. */
#include "base/mem.h"
#include "op/words.h"

#include <string.h>
#include <sys/stat.h>

static bool is_plain(unsigned char c)
{
	return c > ' ' && c != '"' && c != '\\' && c != '#' && c != 0x7f;
}

void op_print_word(const char *word, struct buf *out)
{
	bool plain = *word;

	for (const char *p = word; *p; p++)
		plain &= is_plain((unsigned char)*p);
	if (plain) {
		buf_adds(out, word);
		return;
	}
	buf_addc(out, '"');
	for (; *word; word++) {
		unsigned char c = (unsigned char)*word;
		if (c < ' ' || c == '"' || c == '\\' || c == 0x7f)
			buf_addf(out, "\\%03o", (unsigned)c);
		else
			buf_addc(out, (char)c);
	}
	buf_addc(out, '"');
}

static void print_target(const struct op_target *target, struct buf *out)
{
	if (target->handle)
		buf_addf(out, target->path ? "h%d:" : "h%d", target->handle);
	if (target->path)
		op_print_word(target->path, out);
}

static void print_slot(const struct op *op, enum op_slot slot, struct buf *out)
{
	if (slot != OP_SLOT_NAMESPACES && slot != OP_SLOT_NAMESPACE)
		buf_addc(out, ' ');
	switch (slot) {
	case OP_SLOT_FROM:
		print_target(&op->from, out);
		break;
	case OP_SLOT_TO:
	case OP_SLOT_NEW:
	case OP_SLOT_PATH:
	case OP_SLOT_FILE:
		print_target(&op->to, out);
		break;
	case OP_SLOT_TEXT:
		op_print_word(op->text ? op->text : "", out);
		break;
	case OP_SLOT_NAMESPACES:
	case OP_SLOT_NAMESPACE:
		op_namespaces_print(op->namespaces, out);
		break;
	case OP_SLOT_DEVICE:
		buf_addf(out, "%c %u:%u",
			 S_ISBLK(op->mode)    ? 'b'
			 : S_ISFIFO(op->mode) ? 'p'
					      : 'c',
			 op->major, op->minor);
		break;
	case OP_SLOT_END:
		break;
	}
}

static void print_option(const struct op_row *row, const char *option, struct buf *out)
{
	AUTO(buf) struct buf word = {0};

	buf_addf(&word, "%s%s", op_option_is_marked(row, option) ? "sb:" : "", option);
	buf_addc(out, ' ');
	op_print_word(word.data, out);
}

void op_print(const struct op *op, struct buf *out)
{
	const struct op_row *row = &op_rows[op->kind];

	if (row->makes_handle)
		buf_addf(out, "h%d = ", op->handle);
	buf_adds(out, row->name);
	for (size_t i = 0; row->slot[i]; i++)
		print_slot(op, row->slot[i], out);
	op_flags_print(op->flags & row->flags, " ", out);
	if (row->takes_mode && (op->mode & 07777) != row->mode)
		buf_addf(out, " mode=%o", op->mode & 07777);
	if (row->takes_attr)
		mnt_attr_print(&op->attr, ' ', out);
	for (size_t i = 0; row->takes_options && i < op->options.n; i++)
		print_option(row, op->options.v[i], out);
	buf_addc(out, '\n');
}

void ops_print(const struct ops *ops, struct buf *out)
{
	for (size_t i = 0; i < ops->n; i++)
		op_print(&ops->v[i], out);
}
