// SPDX-License-Identifier: Apache-2.0
/* Why two tables differ at a path: the cuts that are hard to make with real namespaces too. */
#include "unit.h"

#include "read/table.h"
#include "view/why.h"

/* "CUT CUT TIE LAST PART" of two namespaces at a path, and the first reason behind. */
static char *ask(const char *first, const char *second, const char *path)
{
	struct mnt_ns ns[2] = {{.inode = 1, .has_table = true}, {.inode = 2, .has_table = true}};
	struct mnt_world world = {.ns = ns, .n_ns = 2};
	AUTO(mnt_groups) struct mnt_groups groups;
	AUTO(buf) struct buf out = {0};
	AUTO(strv) struct strv reasons = {0}, fixes = {0};
	struct mnt_why why;

	assert_works(read_mountinfo_text(first, strlen(first), "a", &ns[0].table, err));
	assert_works(read_mountinfo_text(second, strlen(second), "b", &ns[1].table, err));
	mnt_groups_init(&groups, &world);
	assert_works(mnt_why_init(&why, &world, &groups, (uint32_t[]){0, 1}, path, err));
	struct view_why view = {&why, &world, &groups, path, {"A", "B"}};
	view_why_reasons(&view, &reasons);
	view_why_fixes(&view, &fixes);
	assert_true(reasons.n > 0);
	assert_int_equal(fixes.n == 0, why.is_same);
	buf_addf(&out, "%d%d %d %s %s", why.side[0].cut, why.side[1].cut, why.tie,
		 why.last ? why.last : "-", why.part ? why.part : "-");
	mnt_why_done(&why);
	mnt_table_done(&ns[0].table);
	mnt_table_done(&ns[1].table);
	return buf_take(&out);
}

#define assert_ask(want_, a_, b_, path_) assert_yields(want_, ask(a_, b_, path_))

#define A "10 1 8:1 / / rw shared:1 - ext4 /dev/sda rw\n"
#define B "20 1 8:1 / / rw shared:1 - ext4 /dev/sda rw\n"
#define X "11 10 0:50 / /mnt rw shared:2 - tmpfs t rw\n"

static void test_same(void **state)
{
	assert_ask("00 1 / -", A, B, "/");
	assert_ask("00 1 /a/b -", A, B, "/a/b");
	/* A path may be the same though one above it is not. */
	assert_ask("00 1 / /mnt", A X "12 11 0:60 / /mnt/x rw shared:3 - tmpfs u rw\n",
		   B "22 20 0:60 / /mnt/x rw shared:3 - tmpfs u rw\n", "/mnt/x/y");
}

static void test_roots(void **state)
{
	assert_ask("22 0 - /", A, "20 1 8:2 / / rw - ext4 /dev/sdb rw\n", "/a");
	assert_ask("33 0 - /", A, "20 1 8:1 /chroot / rw shared:1 - ext4 /dev/sda rw\n", "/a");
	/* The same directory of it below different paths of the file system. */
	assert_ask("33 0 - /", "10 1 8:1 /x / rw - ext4 /dev/sda rw\n",
		   "20 1 8:1 /y / rw - ext4 /dev/sda rw\n", "/");
}

static void test_time(void **state)
{
	assert_ask("90 1 / /mnt", A X, B, "/mnt/deep");
	assert_ask("09 1 / /mnt", A, B "21 20 0:50 / /mnt rw - tmpfs t rw\n", "/mnt");
	assert_ask("99 1 / /mnt", A X, B "21 20 0:51 / /mnt rw - tmpfs u rw\n", "/mnt");
}

static void test_stacks(void **state)
{
	/* Covered there; what covers is on top of what both have. */
	assert_ask("10 2 / /mnt", A X,
		   B "21 20 0:50 / /mnt rw master:2 - tmpfs t rw\n"
		     "22 21 0:51 / /mnt rw - tmpfs u rw\n",
		   "/mnt");
}

static void test_ties(void **state)
{
	static const char slave[] = "20 1 8:1 / / rw shared:5 master:1 - ext4 /dev/sda rw\n";
	static const char lone[] = "20 1 8:1 / / rw master:5 - ext4 /dev/sda rw\n"
				   "21 20 0:51 / /mnt rw - tmpfs u rw\n";
	static const char private[] = "20 1 8:1 / / rw - ext4 /dev/sda rw\n";
	static const char stranger[] = "20 1 8:1 / / rw shared:6 - ext4 /dev/sda rw\n";

	assert_ask("90 2 / /mnt", A X, slave, "/mnt");
	/* A mount on a lone slave: its master is the other side. */
	assert_ask("06 2 / /mnt", slave, lone, "/mnt");
	assert_ask("60 3 / /mnt", lone, slave, "/mnt");
	/* Two slaves of one group. */
	assert_ask("07 4 / /mnt", "10 1 8:1 / / rw master:5 - ext4 /dev/sda rw\n", lone, "/mnt");
	assert_ask("50 0 / /mnt", A X, private, "/mnt");
	assert_ask("80 0 / /mnt", A X, stranger, "/mnt");
}

static void test_refused(void **state)
{
	struct mnt_ns ns[2] = {{.inode = 1}, {.inode = 2, .has_table = true}};
	struct mnt_world world = {.ns = ns, .n_ns = 2};
	AUTO(mnt_groups) struct mnt_groups groups;
	struct mnt_why why;

	mnt_groups_init(&groups, &world);
	ns[0].gap = "it may not be read";
	assert_fails(EACCES, "may not be read",
		     mnt_why_init(&why, &world, &groups, (uint32_t[]){0, 1}, "/", err));
	assert_fails(ENOENT, "no mount is above '/'",
		     mnt_why_init(&why, &world, &groups, (uint32_t[]){1, 1}, "/", err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same), cmocka_unit_test(test_roots),
		cmocka_unit_test(test_time), cmocka_unit_test(test_stacks),
		cmocka_unit_test(test_ties), cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
