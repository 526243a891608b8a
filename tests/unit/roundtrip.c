// SPDX-License-Identifier: Apache-2.0
/* ops -> text -> ops: ten thousand random lists, always the same ones, come back equal. */
#include "unit.h"

#include "op/op.h"

#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>

#define LISTS 10000

static uint64_t seed;

/* xorshift64*: the same numbers everywhere. */
static unsigned pick(unsigned below)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (unsigned)((seed * 0x2545F4914F6CDD1DULL) >> 33) % below;
}

/* Any bytes but NUL, and more often than chance would those that mean something. */
static char *random_text(unsigned min)
{
	static const char special[] = " \t\n\r\"\\#=:,/.h1";
	struct buf b = {0};

	for (unsigned n = min + pick(8); n; n--)
		buf_addc(&b, pick(2) ? special[pick(sizeof(special) - 1)] : (char)(1 + pick(255)));
	return buf_take(&b);
}

static char *random_path(void)
{
	AUTO_FREE char *text = random_text(0);

	return xasprintf("/%s", text);
}

static struct op_target random_target(bool may_be_handle, bool must_be_path)
{
	struct op_target target = {0};

	if (may_be_handle && pick(2))
		target.handle = 1 + (int)pick(5);
	if (must_be_path || !target.handle || pick(2))
		target.path = random_path();
	return target;
}

static void fill_slot(struct op *op, enum op_slot slot)
{
	switch (slot) {
	case OP_SLOT_FROM:
		op->from = random_target(true, false);
		break;
	case OP_SLOT_TO:
		op->to = random_target(true, false);
		break;
	case OP_SLOT_NEW:
		op->to = random_target(true, true);
		break;
	case OP_SLOT_PATH:
		op->to = random_target(false, true);
		break;
	case OP_SLOT_FILE:
		op->to.path = random_text(1);
		break;
	case OP_SLOT_TEXT:
		op->text = random_text(1);
		break;
	case OP_SLOT_NAMESPACES:
		op->namespaces = CLONE_NEWNS | (pick(2) ? CLONE_NEWPID : 0) |
				 (pick(2) ? CLONE_NEWTIME : 0) | (pick(2) ? CLONE_NEWUSER : 0);
		break;
	case OP_SLOT_NAMESPACE:
		op->namespaces = pick(2) ? CLONE_NEWNET : CLONE_NEWCGROUP;
		break;
	case OP_SLOT_DEVICE:
		op->mode |= pick(2) ? S_IFCHR : S_IFBLK;
		op->major = pick(4096);
		op->minor = pick(1 << 20);
		break;
	case OP_SLOT_END:
		break;
	}
}

static void fill_attr(struct op *op)
{
	static const char *const words[] = {
		"ro",	      "rw",	   "nosuid",	  "suid",
		"noexec",     "exec",	   "noatime",	  "relatime",
		"nodev",      "diratime",  "shared",	  "private",
		"unbindable", "symfollow", "nosymfollow", "idmap=u:0:1:2,g:3:4:5"};
	bool only_set = op->kind == OP_FS_MOUNT;

	for (unsigned n = 1 + pick(5); n; n--)
		mnt_attr_add_word(&op->attr, words[pick(only_set ? 10 : ARRAY_SIZE(words))], NULL);
}

static void fill_options(struct op *op)
{
	for (unsigned n = 1 + pick(4); n; n--) {
		static const char *const marked[] = {"ro", "optional", "sb:x", "shared", "rec"};
		AUTO_FREE char *text = random_text(1);
		const char *option = pick(3) ? text : marked[pick(ARRAY_SIZE(marked))];
		if (*option != '=')
			strv_add(&op->options, option);
	}
	if (!op->options.n)
		strv_add(&op->options, "size=1m");
}

static struct op random_op(void)
{
	struct op op = {.kind = (enum op_kind)pick(OP_KIND_MAX)};
	const struct op_row *row = &op_rows[op.kind];

	op.mode = row->mode;
	op.handle = row->makes_handle ? 1 + (int)pick(9) : 0;
	op.flags = pick(256) & row->flags;
	for (size_t i = 0; row->slot[i]; i++)
		fill_slot(&op, row->slot[i]);
	if (row->takes_mode)
		op.mode = (op.mode & S_IFMT) | pick(010000);
	if (row->takes_attr)
		fill_attr(&op);
	if (row->takes_options)
		fill_options(&op);
	return op;
}

static void assert_same_text(const char *a, const char *b)
{
	if (!a || !b)
		assert_ptr_equal(a, b);
	else
		assert_string_equal(a, b);
}

static void assert_same(const struct op *a, const struct op *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->flags, b->flags);
	assert_int_equal(a->handle, b->handle);
	assert_int_equal(a->from.handle, b->from.handle);
	assert_int_equal(a->to.handle, b->to.handle);
	assert_same_text(a->from.path, b->from.path);
	assert_same_text(a->to.path, b->to.path);
	assert_same_text(a->text, b->text);
	assert_int_equal(a->options.n, b->options.n);
	for (size_t i = 0; i < a->options.n; i++)
		assert_string_equal(a->options.v[i], b->options.v[i]);
	assert_true(a->attr.set == b->attr.set && a->attr.clear == b->attr.clear);
	assert_true(a->attr.propagation == b->attr.propagation);
	assert_same_text(a->attr.idmap, b->attr.idmap);
	assert_true(a->namespaces == b->namespaces);
	assert_int_equal(a->mode, b->mode);
	assert_int_equal(a->major, b->major);
	assert_int_equal(a->minor, b->minor);
}

static void random_lists(void **state)
{
	for (unsigned list = 1; list <= LISTS; list++) {
		AUTO(ops) struct ops ops = {0};
		AUTO(ops) struct ops back = {0};
		AUTO(buf) struct buf text = {0};
		AUTO(buf) struct buf again = {0};
		AUTO(err) struct err err = {0};
		seed = list * 0x9E3779B97F4A7C15ULL;
		for (unsigned n = 1 + pick(8); n; n--)
			ops_push(&ops, random_op());
		ops_print(&ops, &text);
		if (ops_parse(&back, "list", text.data, &err) < 0)
			fail_msg("list %u: %s\n%s", list, err.msg, text.data);
		assert_int_equal(back.n, ops.n);
		for (size_t i = 0; i < ops.n; i++)
			assert_same(&ops.v[i], &back.v[i]);
		ops_print(&back, &again);
		assert_string_equal(text.data, again.data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(random_lists)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
