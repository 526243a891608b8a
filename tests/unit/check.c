// SPDX-License-Identifier: Apache-2.0
/* ops_check: what only a whole list shows. */
#include "unit.h"

#include "op/op.h"

static int check(const char *text, struct err *err)
{
	AUTO(ops) struct ops ops = {0};
	int rc = ops_parse(&ops, "t", text, err);

	return rc < 0 ? rc : ops_check(&ops, err);
}

static void texts(void **state)
{
	assert_works(check("", err));
	assert_works(check("h1 = open-tree /a\nset-attr h1 ro\nmove-mount h1 /b\nchdir h1", err));
	assert_works(check("h2 = open-tree /a\nh1 = open-tree h2:/x\nmove-mount h1 h2:/y", err));
	assert_works(check("h1 = open-tree /a\nmove-mount h1:/x /b\nmove-mount h1:/x /c", err));
	assert_fails(EINVAL, "set-attr h1 ro: h1 is used before it is made",
		     check("set-attr h1 ro", err));
	assert_fails(EINVAL, "h1 is used before it is made",
		     check("move-mount /a h1:/x\nh1 = open-tree /a", err));
	assert_fails(EINVAL, "h1 is made twice",
		     check("h1 = open-tree /a\nh1 = fs-mount tmpfs", err));
	assert_fails(EINVAL, "move-mount h1 /c: h1 is attached twice",
		     check("h1 = open-tree /a\nmove-mount h1 /b\nmove-mount h1 /c", err));
	assert_fails(EINVAL, "content is empty", check("symlink \"\" /x", err));
}

/* What no parser would let through. */
static void lists(void **state)
{
	static const struct {
		struct op op;
		const char *sentence;
	} wrong[] = {
		{{.kind = OP_SET_ATTR, .to = {.handle = -1}}, "used before it is made"},
		{{.kind = OP_SET_ATTR, .to = {.handle = 9}}, "used before it is made"},
		{{.kind = OP_SET_ATTR, .flags = OP_LAZY, .to = {.path = "/a"}}, "takes no lazy"},
		{{.kind = OP_SET_ATTR, .flags = 1 << 30, .to = {.path = "/a"}}, "no such flag"},
		{{.kind = OP_SET_ATTR}, "does not fit here"},
		{{.kind = OP_MKDIR, .to = {.path = "a"}}, "does not fit here"},
		{{.kind = OP_UNSHARE}, "expected a namespace"},
		{{.kind = OP_SETNS, .namespaces = 3 << 28, .to = {.path = "/a"}},
		 "expected one namespace"},
		{{.kind = OP_FS_MOUNT, .text = "tmpfs"}, "its handle is out of range"},
		{{.kind = OP_FS_MOUNT, .handle = 1}, "type is empty"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct op op = wrong[i].op;
		struct ops ops = {.v = &op, .n = 1, .handles = op.handle};
		assert_fails(EINVAL, wrong[i].sentence, ops_check(&ops, err));
		assert_int_equal(ops_check(&ops, NULL), -EINVAL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(texts), cmocka_unit_test(lists)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
