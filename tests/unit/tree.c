// SPDX-License-Identifier: Apache-2.0
/* How mounts hang together: what covers and hides what, where a path lies, and what is no tree. */
#include "unit.h"

#include "mnt/mnt.h"

/* "ID PARENT TARGET[ GROUP]" a line */
static struct mnt_table table_of(const char *text)
{
	struct mnt_table table = {0};
	AUTO(strv) struct strv lines = {0};

	strv_split(&lines, text, '\n');
	for (size_t i = 0; i < lines.n; i++) {
		AUTO(strv) struct strv word = {0};
		strv_split(&word, lines.v[i], ' ');
		mnt_table_add(&table, &(struct mnt){
					      .id = (uint32_t)atoi(word.v[0]),
					      .parent = (uint32_t)atoi(word.v[1]),
					      .target = word.v[2],
					      .group = word.n > 3 ? (uint32_t)atoi(word.v[3]) : 0,
					      .root = "/",
					      .fstype = "x",
					      .source = "x",
					      .options = "rw",
					      .extra = "",
				      });
	}
	return table;
}

static uint32_t id_of(const struct mnt_table *table, uint32_t i)
{
	return i == MAP_NONE ? 0 : table->v[i].id;
}

/* In preorder, a word for each: ID.DEPTH[hHIDER][cCOVER] */
static void assert_tree(const char *text, const char *expected)
{
	AUTO(mnt_table) struct mnt_table table = table_of(text);
	AUTO(buf) struct buf out = {0};
	struct mnt_tree tree;

	assert_works(mnt_tree_init(&tree, &table, err));
	for (uint32_t i = tree.first; i != MAP_NONE; i = mnt_tree_next(&tree, i)) {
		const struct mnt_link *link = &tree.v[i];
		buf_addf(&out, "%s%u.%u", out.len ? " " : "", table.v[i].id, link->depth);
		if (link->hidden != MAP_NONE)
			buf_addf(&out, "h%u", id_of(&table, link->hidden));
		if (link->cover != MAP_NONE)
			buf_addf(&out, "c%u", id_of(&table, link->cover));
	}
	assert_string_equal(out.data ? out.data : "", expected);
	mnt_tree_done(&tree);
}

static void shapes(void **state)
{
	assert_tree("", "");
	assert_tree("1 0 /", "1.0");
	assert_tree("1 1 /", "1.0");
	assert_tree("1 0 /\n2 1 /a\n3 2 /a/b\n4 1 /c", "1.0 2.1 3.2 4.1");
	/* A mount may stand in front of the one that it is on. */
	assert_tree("3 2 /a/b\n2 1 /a\n1 0 /", "1.0 2.1 3.2");
	/* A chroot: no mount at its root, parents that are not in sight. */
	assert_tree("5 1 /proc\n6 1 /sys\n7 6 /sys/fs", "5.0 6.0 7.1");
}

static void covers(void **state)
{
	assert_tree("1 0 /\n2 1 /a\n3 2 /a", "1.0 2.1h3c3 3.2");
	assert_tree("1 0 /\n2 1 /a\n3 2 /a\n4 3 /a", "1.0 2.1h3c3 3.2h4c4 4.3");
	/* What was mounted below before the cover came. */
	assert_tree("1 0 /\n2 1 /a\n3 2 /a/b\n4 2 /a\n5 4 /a/b", "1.0 2.1h4c4 3.2h4 4.2 5.3");
	assert_tree("1 0 /\n2 1 /a\n3 2 /a/b\n4 3 /a/b/c\n5 2 /a", "1.0 2.1h5c5 3.2h5 4.3h5 5.2");
	/* A tucked mount: the one that was there first is on it now. */
	assert_tree("1 0 /\n2 3 /a\n3 1 /a", "1.0 3.1h2c2 2.2");
	/* On "/" itself, where no path of a process that is there gets. */
	assert_tree("1 0 /\n2 1 /\n3 2 /x\n4 1 /y", "1.0c2 2.1h1 3.2h1 4.1");
}

/* Its roots are sisters, and none of them is what a path walk begins on. */
static void chroots(void **state)
{
	assert_tree("5 3 /dev\n6 5 /dev/pts\n7 3 /proc\n8 5 /dev", "5.0h8c8 6.1h8 8.1 7.0");
	assert_tree("5 3 /a/b\n6 3 /a", "5.0h6 6.0");
}

static void sisters(void **state)
{
	/* /a came after /a/b, both on the root. */
	assert_tree("1 0 /\n2 1 /a/b\n3 1 /a", "1.0 2.1h3 3.1");
	assert_tree("1 0 /\n2 1 /a/b/c\n3 1 /a/b\n4 1 /a", "1.0 2.1h4 3.1h4 4.1");
	assert_tree("1 0 /\n2 1 /m\n3 2 /m/a/b\n4 2 /m/a\n5 3 /m/a/b/c", "1.0 2.1 3.2h4 5.3h4 4.2");
	/* Not by what only begins alike. */
	assert_tree("1 0 /\n2 1 /ab\n3 1 /a\n4 1 /abc", "1.0 2.1 3.1 4.1");
	/* A file that lies about where things are must not lead astray. */
	assert_tree("1 0 /\n2 1 /a\n3 2 /b\n4 2 /", "1.0 2.1 3.2 4.2");
}

static void refused(void **state)
{
	static const char *const lies[][2] = {
		{"1 0 /\n2 1 /a\n2 1 /b", "mount id 2 stands for two mounts"},
		{"1 0 /\n2 3 /a\n3 2 /b", "2 mounts hang on each other"},
		{"2 3 /a\n3 2 /b", "2 mounts hang on each other"},
		{"1 0 /\n2 3 /a\n3 4 /b\n4 2 /c\n5 4 /d", "4 mounts hang on each other"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(lies); i++) {
		AUTO(mnt_table) struct mnt_table table = table_of(lies[i][0]);
		struct mnt_tree tree;
		assert_fails(EINVAL, lies[i][1], mnt_tree_init(&tree, &table, err));
	}
}

static void assert_find(const char *text, const char *path, uint32_t expected)
{
	AUTO(mnt_table) struct mnt_table table = table_of(text);
	struct mnt_tree tree;

	assert_works(mnt_tree_init(&tree, &table, err));
	assert_int_equal(id_of(&table, mnt_tree_find(&tree, &table, path)), expected);
	mnt_tree_done(&tree);
}

static void finds(void **state)
{
	static const char text[] = "1 0 /\n2 1 /a\n3 2 /a/b\n4 2 /a\n5 4 /a/c\n6 1 /d/e\n7 1 /d";

	assert_find(text, "/", 1);
	assert_find(text, "/x/y", 1);
	assert_find(text, "/ab", 1);
	assert_find(text, "/a", 4);
	assert_find(text, "/a/b", 4);
	assert_find(text, "/a/c/d", 5);
	assert_find(text, "/d/e/f", 7);
	assert_find("1 0 /\n2 1 /", "/", 1);
	assert_find("5 1 /proc\n6 1 /sys", "/sys/fs", 6);
	assert_find("5 1 /proc\n6 1 /sys", "/etc", 0);
	assert_find("5 3 /dev\n6 5 /dev/pts\n8 5 /dev", "/dev/pts", 8);
	assert_find("5 3 /a/b\n6 3 /a", "/a/b", 6);
	assert_find("1 0 /\n2 1 /\n3 1 /a\n4 2 /a", "/a", 3);
	assert_find("1 0 /", "relative", 0);
}

/* Stacks are as deep as somebody made them. */
static void deep(void **state)
{
	enum {
		DEPTH = 20000
	};
	AUTO(mnt_table) struct mnt_table table = {0};
	struct mnt_tree tree;

	for (uint32_t i = 0; i < DEPTH; i++)
		mnt_table_add(&table, &(struct mnt){.id = i + 1,
						    .parent = i,
						    .target = i ? "/a" : "/",
						    .root = "/",
						    .fstype = "x",
						    .source = "x",
						    .options = "rw",
						    .extra = ""});
	assert_works(mnt_tree_init(&tree, &table, err));
	assert_int_equal(tree.v[DEPTH - 1].depth, DEPTH - 1);
	assert_int_equal(mnt_tree_find(&tree, &table, "/a/b"), DEPTH - 1);
	assert_true(mnt_tree_is_below(&tree, 0, DEPTH - 1));
	assert_false(mnt_tree_is_below(&tree, DEPTH - 1, 0));
	mnt_tree_done(&tree);
}

static void uniform_types(void **state)
{
	AUTO(mnt_table)
	struct mnt_table table =
		table_of("1 0 / 1\n2 1 /a 2\n3 2 /a/b 3\n4 1 /c 4\n5 4 /c/d\n6 5 /c/d/e");
	struct mnt_tree tree;

	assert_works(mnt_tree_init(&tree, &table, err));
	AUTO_FREE bool *uniform = mnt_tree_uniform(&tree, &table);
	static const bool expected[] = {false, true, true, false, true, true};
	assert_memory_equal(uniform, expected, sizeof(expected));
	mnt_tree_done(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chroots), cmocka_unit_test(shapes),
		cmocka_unit_test(covers),  cmocka_unit_test(sisters),
		cmocka_unit_test(refused), cmocka_unit_test(finds),
		cmocka_unit_test(deep),	   cmocka_unit_test(uniform_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
