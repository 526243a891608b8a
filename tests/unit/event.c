// SPDX-License-Identifier: Apache-2.0
/* What lies between two tables, and which events are copies of one. */
#include "unit.h"

#include <stdio.h>

#include "mnt/event.h"
#include "read/table.h"

/* "ID PARENT TARGET ROOT DEVICE OPTIONS TAGS" a line, the rest as usual */
static struct mnt_table table_of(const char *text)
{
	struct mnt_table table = {0};
	AUTO(strv) struct strv lines = {0};
	AUTO(buf) struct buf mountinfo = {0};

	strv_split(&lines, text, '\n');
	for (size_t i = 0; i < lines.n; i++) {
		AUTO(strv) struct strv w = {0};
		strv_split(&w, lines.v[i], ' ');
		buf_addf(&mountinfo, "%s %s 0:%s %s %s %s %s- tmpfs src rw\n", w.v[0], w.v[1],
			 w.v[4], w.v[3], w.v[2], w.n > 5 ? w.v[5] : "rw", w.n > 6 ? w.v[6] : "");
	}
	for (char *c = mountinfo.data; c && *c; c++)
		*c = *c == '+' ? ' ' : *c;
	assert_works(read_mountinfo_text(mountinfo.data ? mountinfo.data : "", mountinfo.len, "t",
					 &table, err));
	return table;
}

static const char *const words[] = {"detached", "moved", "changed", "attached"};

static void print(const struct mnt_events *events, struct buf *out)
{
	for (size_t i = 0; i < events->n; i++) {
		const struct mnt_event *e = &events->v[i];
		buf_addf(out, "%s%u:%s %s", out->len ? ", " : "", e->ns, words[e->kind],
			 e->after ? e->after->target : e->before->target);
	}
}

static void assert_events(const char *before, const char *after, const char *expected)
{
	AUTO(mnt_table) struct mnt_table a = table_of(before);
	AUTO(mnt_table) struct mnt_table b = table_of(after);
	AUTO(mnt_events) struct mnt_events events = {0};
	AUTO(buf) struct buf out = {0};

	mnt_events_compare(&a, &b, 0, &events);
	print(&events, &out);
	assert_string_equal(out.data ? out.data : "", expected);
}

static void compares(void **state)
{
	static const char base[] = "1 0 / / 1\n2 1 /a / 2\n3 2 /a/b / 3";

	assert_events(base, base, "");
	assert_events(base, "1 0 / / 1\n2 1 /a / 2\n3 2 /a/b / 3\n4 1 /c / 4", "0:attached /c");
	assert_events(base, "1 0 / / 1", "0:detached /a, 0:detached /a/b");
	assert_events(base, "1 0 / / 1\n2 1 /a / 2 ro\n3 2 /a/b / 3", "0:changed /a");
	assert_events(base, "1 0 / / 1\n2 1 /a / 2 rw shared:7+\n3 2 /a/b / 3", "0:changed /a");
	/* What is on a mount goes along with it. */
	assert_events(base, "1 0 / / 1\n2 1 /x / 2\n3 2 /x/b / 3", "0:moved /x");
	assert_events(base, "1 0 / / 1\n2 1 /a / 2\n3 1 /a/b / 3", "0:moved /a/b");
	assert_events(base, "1 0 / / 1\n2 1 /a / 2\n3 2 /a/c / 3", "0:moved /a/c");
	/* An id that another mount has now. */
	assert_events(base, "1 0 / / 1\n2 1 /a / 2\n3 2 /a/b / 9",
		      "0:detached /a/b, 0:attached /a/b");
	assert_events(base, "1 0 / / 1\n2 1 /a / 2\n3 2 /a/b /dir 3",
		      "0:detached /a/b, 0:attached /a/b");
	assert_events("", base, "0:attached /, 0:attached /a, 0:attached /a/b");
}

/* Attached in three namespaces: "TAGS TAGS TAGS", and how they are grouped. */
static void assert_groups(const char *const tags[3], const char *expected)
{
	struct mnt_table empty = {0}, table[3];
	AUTO(mnt_events) struct mnt_events events = {0};
	AUTO(buf) struct buf out = {0};

	for (uint32_t i = 0; i < 3; i++) {
		AUTO_FREE char *line = xasprintf("%u 0 /m / 5 rw %s", i + 1, tags[i]);
		table[i] = table_of(line);
		mnt_events_compare(&empty, &table[i], i, &events);
	}
	mnt_events_group(&events);
	for (size_t i = 0; i < events.n; i++)
		buf_addf(&out, "%s%u", i && events.v[i].entry == events.v[i - 1].entry ? "+" : " ",
			 events.v[i].ns);
	assert_string_equal(out.data, expected);
	for (uint32_t i = 0; i < 3; i++)
		mnt_table_done(&table[i]);
}

static void groups(void **state)
{
	assert_groups((const char *[]){"", "", ""}, " 0 1 2");
	assert_groups((const char *[]){"shared:1+", "shared:1+", "shared:1+"}, " 0+1+2");
	assert_groups((const char *[]){"shared:1+", "shared:2+", "shared:1+"}, " 0+2 1");
	/* The master first, whichever was seen first. */
	assert_groups((const char *[]){"master:1+", "shared:1+", "master:1+"}, " 1+0+2");
	assert_groups((const char *[]){"shared:2+master:1+", "shared:1+", "master:2+"}, " 1+0+2");
	assert_groups((const char *[]){"shared:2+master:1+", "", "master:2+"}, " 0+2 1");
}

/* Binds of one directory are peers, and yet no copies. The second namespace shows /d only. */
static void places(void **state)
{
	static const char *const text[2][2] = {
		{"1 0 / / 1 rw shared:1+", "11 0 / / 9\n12 11 /m /d 1 rw master:1+"},
		{"1 0 / / 1 rw shared:1+\n2 1 /d/x /s 1 rw shared:1+\n3 1 /d/y /s 1 rw shared:1+",
		 "11 0 / / 9\n12 11 /m /d 1 rw master:1+\n13 12 /m/y /s 1 rw master:1+\n"
		 "14 12 /m/x /s 1 rw master:1+"},
	};
	struct mnt_table table[2][2];
	AUTO(mnt_events) struct mnt_events events = {0};
	AUTO(buf) struct buf out = {0};

	for (uint32_t i = 0; i < 2; i++) {
		table[0][i] = table_of(text[0][i]);
		table[1][i] = table_of(text[1][i]);
		mnt_events_compare(&table[0][i], &table[1][i], i, &events);
	}
	mnt_events_group(&events);
	for (size_t i = 0; i < events.n; i++)
		buf_addf(&out, "%s%u", i && events.v[i].entry == events.v[i - 1].entry ? "+" : " ",
			 events.v[i].after->id);
	assert_string_equal(out.data, " 2+14 3+13");
	for (uint32_t i = 0; i < 4; i++)
		mnt_table_done(&table[i / 2][i % 2]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compares),
		cmocka_unit_test(groups),
		cmocka_unit_test(places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
