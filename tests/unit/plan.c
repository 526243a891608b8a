// SPDX-License-Identifier: Apache-2.0
/* Plans on worlds in memory: what becomes of each mount, and what is refused or multiplies. */
#include "unit.h"

#include "read/table.h"
#include "view/plan.h"

struct world {
	struct mnt_ns ns[3];
	struct mnt_world world;
};

static void world_init(struct world *w, const char *const *tables)
{
	*w = (struct world){.world = {.self = 0, .kernel = "6.18.0", .mount_max = 50}};
	w->world.ns = w->ns;
	for (; tables[w->world.n_ns]; w->world.n_ns++) {
		struct mnt_ns *ns = &w->ns[w->world.n_ns];
		const char *text = tables[w->world.n_ns];
		*ns = (struct mnt_ns){.inode = w->world.n_ns + 1, .has_table = *text};
		if (*text)
			assert_works(read_mountinfo_text(text, strlen(text), "t", &ns->table, err));
	}
}

static void world_done(struct world *w)
{
	for (uint32_t i = 0; i < w->world.n_ns; i++)
		mnt_table_done(&w->ns[i].table);
}

/* "NS KIND LINE" for each line; "refused OP WHY", "multiplies FIRST SECOND", "unknown N". */
static char *ask_in(uint32_t in, const char *ops_text, const char *const *tables)
{
	AUTO(ops) struct ops ops = {0};
	AUTO(buf) struct buf out = {0};
	struct world w;
	struct plan plan;

	world_init(&w, tables);
	assert_works(ops_parse(&ops, "ops", ops_text, err));
	assert_works(plan_init(&plan, &w.world, &ops, NULL, in, 0, err));
	for (uint32_t i = 0; i < plan.n_ns; i++)
		for (size_t k = 0; k < plan.ns[i].n; k++) {
			buf_addf(&out, "%u %s ", plan.ns[i].ns,
				 plan_kind_words[plan.ns[i].v[k].kind]);
			view_plan_line(&plan, &plan.ns[i], &plan.ns[i].v[k], &out);
			buf_addc(&out, '\n');
		}
	if (plan.refused)
		buf_addf(&out, "refused %zu %s\n", plan.refused_op, strerror(plan.refused_code));
	if (plan.n_unknown)
		buf_addf(&out, "unknown %u\n", plan.n_unknown);
	if (plan.repeat.multiplies)
		buf_addf(&out, "multiplies %llu %llu %u\n", (unsigned long long)plan.repeat.first,
			 (unsigned long long)plan.repeat.second, plan.repeat.full_at);
	if (plan.repeat.refused)
		buf_addf(&out, "not again\n");
	plan_done(&plan);
	world_done(&w);
	return buf_take(&out);
}

#define assert_plan(want_, ops_, ...)                                                              \
	assert_yields(want_, ask_in(0, ops_, (const char *const[]){__VA_ARGS__, NULL}))

#define ROOT	"10 1 8:1 / / rw shared:1 - ext4 /dev/sda rw\n"
#define PRIVATE "10 1 8:1 / / rw - ext4 /dev/sda rw\n"
#define PEER	"20 1 8:1 / / rw shared:1 - ext4 /dev/sda rw\n"
#define SLAVE	"30 1 8:1 / / rw master:1 - ext4 /dev/sda rw\n"

static void test_propagates(void **state)
{
	assert_plan("0 appears /a: tmpfs, rw,relatime, shared:2\n"
		    "1 appears /a: tmpfs, rw,relatime, shared:2\n"
		    "2 appears /a: tmpfs, rw,relatime, master:2\n",
		    "tmpfs /a", ROOT, PEER, SLAVE);
	assert_yields("2 appears /a: tmpfs, rw,relatime, private\n",
		      ask_in(2, "tmpfs /a", (const char *const[]){ROOT, PEER, SLAVE, NULL}));
}

static void test_disappears(void **state)
{
	assert_plan("0 disappears /a: tmpfs t\n"
		    "1 disappears /a: tmpfs t\n"
		    "not again\n",
		    "umount /a", ROOT "11 10 0:50 / /a rw shared:2 - tmpfs t rw\n",
		    PEER "21 20 0:50 / /a rw shared:2 - tmpfs t rw\n");
}

#define TREE PRIVATE "11 10 0:50 / /a rw - tmpfs t rw\n12 11 0:51 / /a/x rw - tmpfs u rw\n"

static void test_moves(void **state)
{
	assert_plan("0 moves /a -> /b: tmpfs, and 1 mount on it\n"
		    "not again\n",
		    "move /a /b", TREE);
}

static void test_covers(void **state)
{
	assert_plan("0 appears /a: tmpfs, rw,relatime, private\n"
		    "0 covered /a: tmpfs t, by tmpfs on /a\n"
		    "0 covered /a/x: tmpfs u, by tmpfs on /a\n",
		    "tmpfs /a", TREE);
	assert_plan("0 disappears /a: tmpfs v\n"
		    "0 uncovered /a: tmpfs t\n"
		    "0 uncovered /a/x: tmpfs u\n"
		    "not again\n",
		    "umount /a", TREE "13 11 0:52 / /a rw - tmpfs v rw\n");
}

static void test_changes(void **state)
{
	assert_plan("0 changes /a: options rw -> ro,nosuid, propagation private -> shared:1\n",
		    "set-attr /a ro nosuid shared", TREE);
	assert_plan("0 changes /a: the file system rw -> ro\n", "reconfigure /a ro", TREE);
}

static void test_refused(void **state)
{
	assert_plan("0 appears /b: tmpfs, rw,relatime, shared:2\n"
		    "1 appears /b: tmpfs, rw,relatime, shared:2\n"
		    "refused 2 Invalid argument\n",
		    "tmpfs /b\nmove /b /c", ROOT, PEER);
	assert_plan("refused 0 Device or resource busy\n", "umount /a", TREE);
}

static void test_unknown(void **state)
{
	assert_plan("0 disappears /a/x: tmpfs u\n"
		    "unknown 1\n"
		    "not again\n",
		    "umount /a/x", TREE, "");
}

static void test_multiplies(void **state)
{
	assert_plan("0 appears /a/in: tmpfs t, rw, shared:2\n"
		    "multiplies 1 4 4\n",
		    "rbind /a /a/in", PRIVATE "11 10 0:50 / /a rw shared:2 - tmpfs t rw\n");
	/* Two mounts each time, and so it stays. */
	assert_plan("0 appears /b: tmpfs t, rw, private\n"
		    "0 appears /b/x: tmpfs u, rw, private\n",
		    "rbind /a /b", TREE);
}

/* Tables that were read while others mounted: one that contradicts is left out, and said. */
static void test_torn(void **state)
{
	static const struct {
		const char *tables[4];
		uint32_t unknown;
	} cases[] = {
		{{ROOT, PEER}, 0},
		{{ROOT, PEER "21 20 0:50 / /a rw - tmpfs t rw\n22 20 0:51 / /a rw - tmpfs u rw\n"},
		 1},
		{{ROOT, "20 1 0:9 / / rw shared:1 - tmpfs t rw\n", SLAVE}, 1},
		{{ROOT, "10 1 8:1 / / rw shared:1 - ext4 /dev/sda rw\n", SLAVE}, 1},
		{{ROOT, "20 1 8:1 / / rw shared:1 master:4 - ext4 /dev/sda rw\n"}, 1},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		AUTO(ops) struct ops ops = {0};
		struct world w;
		struct plan plan;
		world_init(&w, cases[i].tables);
		assert_works(ops_parse(&ops, "ops", "tmpfs /x", err));
		if (cases[i].unknown)
			assert_int_equal(plan_init(&plan, &w.world, &ops, NULL, 0, 0, NULL),
					 -EINVAL);
		assert_works(plan_init(&plan, &w.world, &ops, NULL, 0, PLAN_LIVE, err));
		assert_int_equal(plan.n_unknown, cases[i].unknown);
		assert_null(plan.refused);
		plan_done(&plan);
		world_done(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_propagates), cmocka_unit_test(test_disappears),
		cmocka_unit_test(test_moves),	   cmocka_unit_test(test_covers),
		cmocka_unit_test(test_changes),	   cmocka_unit_test(test_refused),
		cmocka_unit_test(test_unknown),	   cmocka_unit_test(test_multiplies),
		cmocka_unit_test(test_torn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
