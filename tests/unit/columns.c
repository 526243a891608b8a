// SPDX-License-Identifier: Apache-2.0
/* Tables: what lines up, what is escaped, what is chosen. */
#include "unit.h"

#include "view/columns.h"

static const struct view_column columns[] = {
	{"NAME", 0, ""},
	{"SIZE", VIEW_RIGHT, ""},
	{"TARGET", VIEW_TREE | VIEW_CUT, ""},
	{"EXTRA", VIEW_EXTRA, ""},
	{0},
};

static void cell(const void *ctx, size_t row, size_t column, struct buf *out)
{
	const struct strv *cells = ctx;

	buf_adds(out, cells->v[row * 4 + column]);
}

/* How deep a row stands is what its EXTRA says. */
static size_t depth(const void *ctx, size_t row)
{
	const struct strv *cells = ctx;

	return (size_t)atoi(cells->v[row * 4 + 3]);
}

/* The rows, with | between cells and ; behind each row but the last. */
static int print(const char *rows, const struct view_format *format, bool tree, struct buf *out,
		 struct err *err)
{
	AUTO_FREE char *text = xstrdup(rows);
	AUTO(strv) struct strv cells = {0};
	char *data = NULL;

	for (char *c = text; *c; c++)
		*c = *c == ';' ? '|' : *c;
	strv_split(&cells, text, '|');
	struct view_table table = {"things", columns, cells.n / 4,
				   &cells,   cell,    tree ? depth : NULL};
	FILE *file = open_memstream(&data, &(size_t){0});
	int rc = view_print(&table, format, file, err);
	fclose(file);
	buf_adds(out, data);
	free(data);
	return rc;
}

static void assert_prints(struct view_format format, const char *rows, const char *expected)
{
	AUTO(buf) struct buf out = {0};

	assert_works(print(rows, &format, false, &out, err));
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
			     print("a|1|/x|e", &format, false, &out, err));
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

static void assert_tree(struct view_format format, const char *rows, const char *expected)
{
	AUTO(buf) struct buf out = {0};

	assert_works(print(rows, &format, true, &out, err));
	assert_string_equal(out.data, expected);
}

static void tree(void **state)
{
	static const char rows[] = "a|1|/|0;b|2|/x|1;c|3|/x/y|2;d|4|/x/z|2;e|5|/w|1;f|6|/q|0";

	assert_tree((struct view_format){.columns = "target,size"}, rows,
		    "TARGET   SIZE\n"
		    "/           1\n"
		    "├─/x        2\n"
		    "│ ├─/x/y    3\n"
		    "│ └─/x/z    4\n"
		    "└─/w        5\n"
		    "/q          6\n");
	assert_tree((struct view_format){.columns = "target", .raw = true}, rows,
		    "TARGET\n/\n/x\n/x/y\n/x/z\n/w\n/q\n");
	assert_tree((struct view_format){.columns = "name", .json = true},
		    "a|1|/|0;b|2|/x|1;c|3|/x/y|2;d|4|/w|0",
		    "{\n"
		    "   \"things\": [\n"
		    "      {\n"
		    "         \"name\": \"a\",\n"
		    "         \"children\": [\n"
		    "            {\n"
		    "               \"name\": \"b\",\n"
		    "               \"children\": [\n"
		    "                  {\n"
		    "                     \"name\": \"c\"\n"
		    "                  }\n"
		    "               ]\n"
		    "            }\n"
		    "         ]\n"
		    "      },\n"
		    "      {\n"
		    "         \"name\": \"d\"\n"
		    "      }\n"
		    "   ]\n"
		    "}\n");
}

static void narrow(void **state)
{
	assert_prints((struct view_format){.width = 18}, "a|1|/long/path|e;b|2|/x|e",
		      "NAME SIZE TARGET\n"
		      "a       1 /long/p…\n"
		      "b       2 /x\n");
	/* A heading is never cut: lines are then longer than the terminal is wide. */
	assert_prints((struct view_format){.width = 5}, "a|1|/long/path|e",
		      "NAME SIZE TARGET\n"
		      "a       1 /long…\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_up),
		cmocka_unit_test(chooses),
		cmocka_unit_test(cells_stay_cells),
		cmocka_unit_test(json),
		cmocka_unit_test(tree),
		cmocka_unit_test(narrow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
