// SPDX-License-Identifier: Apache-2.0
/* Tables: what lines up, what is escaped, what is chosen. */
#include "unit.h"

#include "view/columns.h"

static const struct view_column columns[] = {
	{"NAME", 0, ""},
	{"SIZE", VIEW_RIGHT, ""},
	{"TARGET", 0, ""},
	{"EXTRA", VIEW_EXTRA, ""},
	{0},
};

/* The rows, with | between cells and ; behind each row but the last. */
static int print(const char *rows, const struct view_format *format, struct buf *out,
		 struct err *err)
{
	struct view_table table = {.name = "things", .columns = columns};
	AUTO_FREE char *cells = xstrdup(rows);

	for (char *c = cells; *c; c++)
		*c = *c == ';' ? '|' : *c;
	strv_split(&table.cells, cells, '|');
	int rc = view_print(&table, format, out, err);
	strv_done(&table.cells);
	return rc;
}

static void assert_prints(struct view_format format, const char *rows, const char *expected)
{
	AUTO(buf) struct buf out = {0};

	assert_works(print(rows, &format, &out, err));
	assert_string_equal(out.data ? out.data : "", expected);
}

static void lines_up(void **state)
{
	assert_prints((struct view_format){0}, "a|1|/x|e;long name|12345678|/|f",
		      "NAME          SIZE TARGET\n"
		      "a                1 /x\n"
		      "long name 12345678 /\n");
	assert_prints((struct view_format){.no_headings = true}, "é|1||e;ab|22|/y|f",
		      "é   1 -\n"
		      "ab 22 /y\n");
	assert_prints((struct view_format){0}, "", "NAME SIZE TARGET\n");
	assert_prints((struct view_format){.no_headings = true}, "", "");
}

static void chooses(void **state)
{
	assert_prints((struct view_format){.columns = "target,name"}, "a|1|/x|e",
		      "TARGET NAME\n/x     a\n");
	assert_prints((struct view_format){.columns = "+extra"}, "a|1|/x|e",
		      "NAME SIZE TARGET EXTRA\na       1 /x     e\n");
	static const char *const wrong[] = {"", "+", "x", "name,", "name,,size", "NAME SIZE"};
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct view_format format = {.columns = wrong[i]};
		AUTO(buf) struct buf out = {0};
		assert_fails(EINVAL, "expected columns of NAME, SIZE, TARGET, EXTRA",
			     print("a|1|/x|e", &format, &out, err));
	}
}

static void cells_stay_cells(void **state)
{
	assert_prints((struct view_format){.no_headings = true}, "a\nb|1|\033[31m|e",
		      "a\\012b 1 \\033[31m\n");
	assert_prints((struct view_format){.raw = true}, "a b|1||e;c\\|22|\t/|f",
		      "NAME SIZE TARGET\n"
		      "a\\x20b 1 \n"
		      "c\\x5c 22 \\x09/\n");
}

static void json(void **state)
{
	assert_prints((struct view_format){.json = true, .columns = "NAME,SIZE,EXTRA"},
		      "a\"\377|1|/x|;b|||f",
		      "{\n"
		      "   \"things\": [\n"
		      "      {\n"
		      "         \"name\": \"a\\\"\\\\377\",\n"
		      "         \"size\": 1,\n"
		      "         \"extra\": null\n"
		      "      },\n"
		      "      {\n"
		      "         \"name\": \"b\",\n"
		      "         \"size\": null,\n"
		      "         \"extra\": \"f\"\n"
		      "      }\n"
		      "   ]\n"
		      "}\n");
	assert_prints((struct view_format){.json = true}, "", "{\n   \"things\": []\n}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_up),
		cmocka_unit_test(chooses),
		cmocka_unit_test(cells_stay_cells),
		cmocka_unit_test(json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
