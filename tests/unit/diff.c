// SPDX-License-Identifier: Apache-2.0
/* Two tables compared: which mounts are the same, and what of them counts. */
#include "unit.h"

#include "mnt/diff.h"
#include "read/table.h"

struct side {
	struct mnt_table table;
	struct mnt_tree tree;
};

/* One line of `make` as mountinfo. */
static void add_line(const char *line, size_t len, struct buf *out)
{
	AUTO_FREE char *text = xstrndup(line, len);
	AUTO(strv) struct strv w = {0};

	strv_split(&w, text, ' ');
	bool pin = !strcmp(w.v[2], "pin");
	buf_addf(out, "%s %s %s %s %s rw", w.v[0], w.v[1], pin ? "0:4" : w.v[2],
		 pin ? "mnt:[7]" : "/", w.v[3]);
	for (size_t k = 4; k < w.n; k++)
		buf_addf(out, " %s", w.v[k]);
	buf_addf(out, " - %s s rw\n", pin ? "nsfs" : "t");
}

/*
 * "ID PARENT MAJ:MIN TARGET [TAG…]" a line, of a file system called after its device. Line by line:
 * a strv of 50,000 is moved for each one, which takes half a minute with a sanitizer.
 */
static struct side make(const char *text)
{
	AUTO(buf) struct buf b = {0};
	struct side side;

	for (size_t len; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		add_line(text, len, &b);
	}
	assert_works(read_mountinfo_text(b.data ? b.data : "", b.len, "f", &side.table, err));
	assert_works(mnt_tree_init(&side.tree, &side.table, err));
	return side;
}

static void done(struct side *side)
{
	mnt_tree_done(&side->tree);
	mnt_table_done(&side->table);
}

/* "+ID -ID ID=ID:FIELDS" */
static void assert_diff(const char *text_a, const char *text_b, unsigned flags,
			const char *expected)
{
	struct side a = make(text_a), b = make(text_b);
	AUTO(buf) struct buf got = {0};
	struct mnt_diff diff;

	mnt_diff(&a.table, &a.tree, &b.table, &b.tree, flags, &diff);
	for (size_t i = 0; i < diff.n; i++) {
		const struct mnt_change *c = &diff.v[i];
		uint32_t id_a = c->a == MAP_NONE ? 0 : a.table.v[c->a].id;
		uint32_t id_b = c->b == MAP_NONE ? 0 : b.table.v[c->b].id;
		buf_addf(&got, "%s", i ? " " : "");
		if (id_a && id_b)
			buf_addf(&got, "%u=%u:%x", id_a, id_b, c->fields);
		else
			buf_addf(&got, "%c%u", id_a ? '-' : '+', id_a + id_b);
	}
	assert_string_equal(got.data ? got.data : "", expected);
	mnt_diff_done(&diff);
	done(&a);
	done(&b);
}

static void equal(void **state)
{
	static const char a[] = "1 0 8:1 / shared:1\n2 1 0:20 /a shared:2\n3 2 0:20 /a/b shared:2 "
				"master:1\n4 1 0:21 /c master:9 propagate_from:1";

	assert_diff("", "", 0, "");
	assert_diff(a, a, 0, "");
	assert_diff(a, a, MNT_DIFF_SAME_MACHINE, "");
	assert_diff(a, a, MNT_DIFF_COPY_OK, "");
	/* Other ids, other groups, other order, device numbers of another machine. */
	assert_diff(a,
		    "40 10 0:77 /c master:5 propagate_from:12\n10 1 8:1 / shared:12\n30 20 0:50 "
		    "/a/b shared:7 master:12\n20 10 0:50 /a shared:7",
		    0, "");
}

static void groups(void **state)
{
	static const char one[] = "1 0 8:1 / shared:1\n2 1 8:1 /a shared:1\n3 1 8:1 /b shared:1";

	/* One was put into a group of its own: that one is named, whichever it is. */
	assert_diff(one, "1 0 8:1 / shared:1\n2 1 8:1 /a shared:2\n3 1 8:1 /b shared:1", 0,
		    "2=2:80");
	assert_diff(one, "1 0 8:1 / shared:2\n2 1 8:1 /a shared:1\n3 1 8:1 /b shared:1", 0,
		    "1=1:80");
	assert_diff(one, "1 0 8:1 /\n2 1 8:1 /a shared:1 master:4\n3 1 8:1 /b shared:1 unbindable",
		    0, "1=1:80 2=2:80 3=3:80");
	/* Two groups became one. */
	assert_diff("1 0 8:1 / shared:1\n2 1 8:1 /a shared:2",
		    "1 0 8:1 / shared:5\n2 1 8:1 /a shared:5", 0, "2=2:80");
}

static void devices(void **state)
{
	static const char a[] = "1 0 8:1 /\n2 1 0:20 /a\n3 1 0:20 /b";

	assert_diff(a, "1 0 8:1 /\n2 1 0:30 /a\n3 1 0:30 /b", 0, "");
	assert_diff(a, "1 0 8:1 /\n2 1 0:30 /a\n3 1 0:31 /b", 0, "3=3:10");
	assert_diff(a, "1 0 8:1 /\n2 1 0:30 /a\n3 1 0:20 /b", MNT_DIFF_SAME_MACHINE, "2=2:10");
	assert_diff(a, "1 0 8:2 /\n2 1 0:20 /a\n3 1 0:20 /b", 0, "1=1:10");
}

static void comes_and_goes(void **state)
{
	static const char a[] = "1 0 8:1 /\n2 1 0:20 /a\n3 2 0:21 /a/b";

	assert_diff(a, "1 0 8:1 /\n2 1 0:20 /a", 0, "-3");
	assert_diff("1 0 8:1 /\n2 1 0:20 /a", a, 0, "+3");
	assert_diff("", a, 0, "+1 +2 +3");
	/* By the file system; what came along with it is not named. */
	assert_diff(a, "1 0 8:1 /\n2 1 0:20 /x\n3 2 0:21 /x/b", 0, "2=2:1");
	assert_diff(a, "1 0 8:1 /\n2 1 0:20 /x\n3 1 0:21 /y", 0, "2=2:1 3=3:1");
	/* What is in its place now is another one, and not what has changed. */
	assert_diff("1 0 8:1 /\n2 1 0:20 /a", "1 0 8:1 /\n2 1 0:20 /b\n3 1 0:22 /a",
		    MNT_DIFF_SAME_MACHINE, "+3 2=2:1");
}

static void stacks(void **state)
{
	static const char two[] = "1 0 8:1 /\n2 1 0:20 /a\n3 2 0:21 /a";

	assert_diff("1 0 8:1 /\n2 1 0:20 /a", two, MNT_DIFF_SAME_MACHINE, "2=2:200 +3");
	assert_diff(two, "1 0 8:1 /\n3 1 0:21 /a", MNT_DIFF_SAME_MACHINE, "-2");
	/* Below another one, by its parent. */
	assert_diff("1 0 8:1 /\n2 1 0:20 /a\n3 1 0:21 /a/b",
		    "1 0 8:1 /\n2 1 0:20 /a\n3 2 0:21 /a/b", 0, "3=3:300");
}

static void copies(void **state)
{
	static const char a[] =
		"1 0 8:1 / shared:1\n2 1 0:20 /a shared:2 master:1\n3 1 0:21 /b "
		"master:7\n4 1 0:22 /c unbindable\n5 1 pin /run/ns\n6 5 0:23 /run/ns";

	assert_diff(a, "1 0 8:1 /\n2 1 0:20 /a\n3 1 0:21 /b\n4 1 0:22 /c", MNT_DIFF_COPY_OK, "");
	assert_diff(a,
		    "1 0 8:1 / master:1\n2 1 0:20 /a master:2\n3 1 0:21 /b master:7\n4 1 0:22 /c",
		    MNT_DIFF_COPY_OK, "");
	assert_diff(a,
		    "1 0 8:1 / shared:1\n2 1 0:20 /a shared:2 master:1\n3 1 0:21 /b master:7\n4 1 "
		    "0:22 /c",
		    MNT_DIFF_COPY_OK, "");
	/* What no copy does. */
	assert_diff(a,
		    "1 0 8:1 / master:5\n2 1 0:20 /a master:5\n3 1 0:21 /b shared:7\n4 1 0:22 /c "
		    "shared:4",
		    MNT_DIFF_COPY_OK, "2=2:80 3=3:80 4=4:80");
	assert_diff(a, "1 0 8:1 /\n2 1 0:20 /a\n3 1 0:21 /b unbindable\n7 1 0:50 /new",
		    MNT_DIFF_COPY_OK, "3=3:80 -4 +7");
}

/* As many as a machine has: what is not linear is not over today. */
static void many(void **state)
{
	enum {
		N = 50000
	};
	for (int stack = 0; stack < 2; stack++) {
		AUTO(buf) struct buf a = {0};
		AUTO(buf) struct buf b = {0};
		buf_adds(&a, "1 0 8:1 /");
		buf_adds(&b, "1 0 8:1 /");
		for (int i = 2; i < N; i++) {
			buf_addf(&a, "\n%d %d 0:%d /d%d shared:%d", i, stack ? i - 1 : 1, i,
				 stack ? 0 : i, i);
			if (i != 3)
				buf_addf(&b, "\n%d %d 0:%d /d%d shared:%d", N + i,
					 !stack || i == 2 ? 1
					 : i == 4	  ? N + 2
							  : N + i - 1,
					 N + i, stack ? 0 : i, N + i);
		}
		assert_diff(a.data, b.data, 0, stack ? "49998=99999:200 -49999" : "-3");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal),   cmocka_unit_test(groups),
		cmocka_unit_test(devices), cmocka_unit_test(comes_and_goes),
		cmocka_unit_test(stacks),  cmocka_unit_test(copies),
		cmocka_unit_test(many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
