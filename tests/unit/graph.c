// SPDX-License-Identifier: Apache-2.0
/* What a picture shows: parents among what is shown, hubs, arrows, names; and each format's end. */
#include "unit.h"

#include "read/table.h"
#include "view/graph.h"

static const char first[] = "10 1 8:1 / / rw - ext4 /dev/sda rw\n"
			    "11 10 0:50 / /a rw shared:1 - tmpfs t rw\n"
			    "12 11 0:51 / /a/b rw - tmpfs u rw\n"
			    "13 12 0:50 / /a/b/c rw shared:1 - tmpfs t rw\n"
			    "14 13 0:52 / /a/b/c rw master:9 - tmpfs <w>\"&\\134 rw\n";
static const char second[] = "20 1 8:1 / / rw - ext4 /dev/sda rw\n"
			     "21 20 0:50 / /x rw shared:2 master:1 - tmpfs t rw\n"
			     "22 20 0:50 / /y rw shared:2 master:1 - tmpfs t rw\n"
			     "23 20 0:50 / /z rw master:2 - tmpfs t rw\n";

struct fixture {
	struct mnt_ns ns[3];
	struct mnt_world world;
	struct mnt_groups groups;
};

static void fixture_init(struct fixture *f)
{
	*f = (struct fixture){.ns = {{.inode = 1, .has_table = true},
				     {.inode = 2, .has_table = true},
				     {.inode = 3}}};
	assert_works(read_mountinfo_text(first, strlen(first), "a", &f->ns[0].table, err));
	assert_works(read_mountinfo_text(second, strlen(second), "b", &f->ns[1].table, err));
	f->world = (struct mnt_world){.ns = f->ns, .n_ns = 3};
	mnt_groups_init(&f->groups, &f->world);
}

static void fixture_done(struct fixture *f)
{
	mnt_groups_done(&f->groups);
	mnt_table_done(&f->ns[0].table);
	mnt_table_done(&f->ns[1].table);
}

/* "from>to", hubs behind the nodes. */
static char *edges(const struct graph *graph)
{
	AUTO(buf) struct buf out = {0};

	for (uint32_t i = 0; i < graph->n_edges; i++)
		buf_addf(&out, "%u>%u:%u ", graph->edges[i].from, graph->edges[i].to,
			 graph->groups->v[graph->edges[i].group].id);
	return buf_take(&out);
}

static char *names(const struct graph *graph)
{
	AUTO(buf) struct buf out = {0};

	for (uint32_t i = 0; i < graph->n_nodes; i++) {
		AUTO_FREE char *name = graph_name(graph, &graph->nodes[i]);
		buf_addf(&out, "%u%s ", graph->nodes[i].depth, name);
	}
	return buf_take(&out);
}

static void test_all(void **state)
{
	struct fixture f;
	struct graph graph;

	fixture_init(&f);
	assert_works(graph_init(&graph, &f.world, &f.groups, (uint32_t[]){0, 1, 2}, 3, NULL, err));
	assert_int_equal(graph.n_ns, 2); /* the third has no table */
	assert_yields("0/ 1a 2b 3c 4/a/b/c 0/ 1x 1y 1z ", names(&graph));
	assert_int_equal(graph.n_hubs, 1); /* of group 9 */
	assert_yields("9>4:9 1>6:1 6>8:2 ", edges(&graph));
	assert_true(graph.nodes[3].hidden);
	assert_false(graph.nodes[4].hidden);
	graph_done(&graph);
	fixture_done(&f);
}

static void test_only(void **state)
{
	struct fixture f;
	struct graph graph;
	struct mnt_group_rows rows;

	fixture_init(&f);
	mnt_group_rows_of(&rows, &f.groups, map_get(&f.groups.ids, 1));
	assert_works(graph_init(&graph, &f.world, &f.groups, (uint32_t[]){0, 1}, 2, &rows, err));
	assert_yields("0/a 1b/c 0/x 0/y 0/z ", names(&graph));
	assert_int_equal(graph.n_hubs, 0);
	graph_done(&graph);
	assert_works(graph_init(&graph, &f.world, &f.groups, (uint32_t[]){1}, 1, &rows, err));
	assert_yields("3>0:1 0>2:2 ", edges(&graph));
	graph_done(&graph);
	mnt_group_rows_done(&rows);
	fixture_done(&f);
}

/* Every format ends as it has to, and nothing in it is left as it was. */
static void test_formats(void **state)
{
	static const char *const ends[][2] = {
		{"svg", "</svg>\n"}, {"html", "</html>\n"}, {"dot", "}\n"}, {"mermaid", "\n"}};
	struct fixture f;
	struct graph graph;

	fixture_init(&f);
	assert_works(graph_init(&graph, &f.world, &f.groups, (uint32_t[]){0, 1}, 2, NULL, err));
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		char *data = NULL;
		size_t len = 0, end = strlen(ends[i][1]);
		FILE *file = open_memstream(&data, &len);
		graph_format(ends[i][0])(&graph, file);
		fclose(file);
		assert_true(len > end);
		assert_string_equal(data + len - end, ends[i][1]);
		/* In DOT it stands between quotes, and means nothing there. */
		assert_int_equal(strstr(data, "<w>") != NULL, !strcmp(ends[i][0], "dot"));
		free(data);
	}
	assert_null(graph_format("png"));
	graph_done(&graph);
	fixture_done(&f);
}

static void test_nothing(void **state)
{
	struct mnt_world world = {.self = MAP_NONE};
	AUTO(mnt_groups) struct mnt_groups groups;
	AUTO(graph) struct graph graph;

	mnt_groups_init(&groups, &world);
	assert_works(graph_init(&graph, &world, &groups, NULL, 0, NULL, err));
	FILE *file = fopen("/dev/null", "w");
	graph_print_svg(&graph, file);
	graph_print_html(&graph, file);
	fclose(file);
}

static void test_colors(void **state)
{
	char one[8], other[8];

	for (uint32_t i = 0; i < 1000; i++) {
		graph_color(i, one);
		graph_color(i + 1, other);
		assert_int_equal(strlen(one), 7);
		assert_int_equal(strspn(one + 1, "0123456789abcdef"), 6);
		assert_string_not_equal(one, other);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),	cmocka_unit_test(test_only),
		cmocka_unit_test(test_formats), cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_colors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
