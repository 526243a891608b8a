// SPDX-License-Identifier: Apache-2.0
/* Peer groups over several tables: who is in which, who receives from whom, where a mount arrives.
 */
#include "unit.h"

#include "mnt/group_rows.h"
#include "read/table.h"

/* A world of n namespaces, from the text of their mountinfo files. */
static struct mnt_world make_world(const char *const *texts, uint32_t n)
{
	struct mnt_world world = {.self = 0};

	world.ns = xcalloc(n, sizeof(*world.ns));
	world.n_ns = n;
	for (uint32_t i = 0; i < n; i++) {
		struct mnt_ns *ns = &world.ns[i];
		ns->inode = 100 + i;
		ns->has_table = true;
		assert_works(
			read_mountinfo_text(texts[i], strlen(texts[i]), "text", &ns->table, err));
	}
	return world;
}

/* "ns:target" of all refs of a group. */
static char *list(const struct mnt_world *world, const struct mnt_groups *groups, uint32_t id)
{
	AUTO(buf) struct buf out = {0};
	const struct mnt_group *group = &groups->v[map_get(&groups->ids, id)];

	for (uint32_t k = 0; k < group->n_members + group->n_lone; k++) {
		struct mnt_ref ref = groups->refs[group->first + k];
		buf_addf(&out, "%s%u:%s",
			 k == group->n_members ? " | "
			 : k		       ? " "
					       : "",
			 ref.ns, mnt_ref_get(world, ref)->target);
	}
	return buf_take(&out);
}

static char *arrivals(const struct mnt_world *world, const struct mnt_groups *groups, uint32_t ns,
		      uint32_t mount, const char *path)
{
	AUTO(buf) struct buf out = {0};
	AUTO(mnt_arrivals) struct mnt_arrivals all;

	mnt_arrivals_init(&all, groups, world, (struct mnt_ref){ns, mount}, path);
	for (size_t i = 0; i < all.n; i++)
		buf_addf(&out, "%s%u:%s", i ? " " : "", all.v[i].on.ns, all.v[i].path);
	return buf_take(&out);
}

static char *rows(const struct mnt_group_rows *rows, const struct mnt_groups *groups)
{
	AUTO(buf) struct buf out = {0};

	for (size_t i = 0; i < rows->n; i++)
		buf_addf(&out, "%u%c%u%s ", rows->v[i].depth, "gpsx"[rows->v[i].kind],
			 rows -> v[i].group == MAP_NONE ? 0 : groups->v[rows->v[i].group].id,
			 rows->v[i].above ? "^" : "");
	return buf_take(&out);
}

#define ROOT(id) id " 1 8:1 / / rw - ext4 /dev/sda rw\n"

/* Group 1 in two namespaces; 2 is its slave and shared; 3 the slave of that, alone; and others. */
static const char *const family[] = {
	ROOT("10") "11 10 0:50 / /a rw shared:1 - tmpfs t rw\n"
		   "12 10 0:50 /sub /narrow rw shared:1 - tmpfs t rw\n"
		   "13 10 0:50 / /lonely rw shared:9 - tmpfs t rw\n",
	ROOT("20") "21 20 0:50 / /b rw shared:1 - tmpfs t rw\n"
		   "22 20 0:50 / /c rw shared:2 master:1 - tmpfs t rw\n",
	ROOT("30") "31 30 0:50 /sub /d rw master:2 - tmpfs t rw\n"
		   "32 30 0:50 / /private rw - tmpfs t rw\n",
};

static void test_family(void **state)
{
	struct mnt_world world = make_world(family, 3);
	AUTO(mnt_groups) struct mnt_groups groups;

	mnt_groups_init(&groups, &world);
	assert_int_equal(groups.n, 3);
	assert_yields("0:/a 0:/narrow 1:/b", list(&world, &groups, 1));
	assert_yields("1:/c | 2:/d", list(&world, &groups, 2));
	uint32_t one = map_get(&groups.ids, 1), two = map_get(&groups.ids, 2);
	uint32_t nine = map_get(&groups.ids, 9);
	assert_int_equal(groups.v[two].master, one);
	assert_int_equal(groups.v[two].depth, 1);
	assert_true(mnt_groups_is_below(&groups, one, two));
	assert_false(mnt_groups_is_below(&groups, two, one));
	assert_int_equal(mnt_groups_common(&groups, two, one), one);
	assert_int_equal(mnt_groups_common(&groups, two, nine), MAP_NONE);
	mnt_world_done(&world);
}

static void test_arrivals(void **state)
{
	struct mnt_world world = make_world(family, 3);
	AUTO(mnt_groups) struct mnt_groups groups;

	mnt_groups_init(&groups, &world);
	assert_yields("0:/narrow/x 1:/b/sub/x 1:/c/sub/x 2:/d/x",
		      arrivals(&world, &groups, 0, 1, "/a/sub/x"));
	assert_yields("1:/b/other 1:/c/other", arrivals(&world, &groups, 0, 1, "/a/other"));
	assert_yields("1:/b/subway 1:/c/subway", arrivals(&world, &groups, 0, 1, "/a/subway"));
	assert_yields("0:/a/sub 1:/b/sub 1:/c/sub 2:/d",
		      arrivals(&world, &groups, 0, 2, "/narrow"));
	assert_yields("2:/d", arrivals(&world, &groups, 1, 2, "/c/sub"));
	assert_yields("", arrivals(&world, &groups, 2, 1, "/d/x"));
	assert_yields("", arrivals(&world, &groups, 2, 2, "/private"));
	assert_yields("", arrivals(&world, &groups, 0, 3, "/lonely/x"));
	mnt_world_done(&world);
}

/* On a removed directory nothing can be mounted, and nothing gets there. */
static void test_removed(void **state)
{
	static const char *const texts[] = {
		ROOT("10") "11 10 0:50 / /a rw shared:1 - tmpfs t rw\n"
			   "12 10 0:50 /x//deleted /d rw shared:1 - tmpfs t rw\n"};
	struct mnt_world world = make_world(texts, 1);
	AUTO(mnt_groups) struct mnt_groups groups;

	mnt_groups_init(&groups, &world);
	assert_yields("", arrivals(&world, &groups, 0, 2, "/d"));
	assert_yields("", arrivals(&world, &groups, 0, 1, "/a/x"));
	mnt_world_done(&world);
}

static void test_rows(void **state)
{
	struct mnt_world world = make_world(family, 3);
	AUTO(mnt_groups) struct mnt_groups groups;
	struct mnt_group_rows r;

	mnt_groups_init(&groups, &world);
	mnt_group_rows_all(&r, &groups);
	assert_yields("0g1 1p1 1p1 1p1 1g2 2p2 2s2 0g9 1p9 ", rows(&r, &groups));
	mnt_group_rows_done(&r);
	mnt_group_rows_of(&r, &groups, map_get(&groups.ids, 2));
	assert_yields("0g1^ 1p1^ 1p1^ 1p1^ 1g2 2p2 2s2 ", rows(&r, &groups));
	mnt_group_rows_done(&r);
	mnt_group_rows_mount(&r, &groups, &world, (struct mnt_ref){2, 1});
	assert_yields("0g1^ 1p1^ 1p1^ 1p1^ 1g2^ 2p2^ 2s2 ", rows(&r, &groups));
	mnt_group_rows_done(&r);
	mnt_group_rows_mount(&r, &groups, &world, (struct mnt_ref){2, 2});
	assert_yields("0x0 ", rows(&r, &groups));
	mnt_group_rows_done(&r);
	mnt_world_done(&world);
}

/* Masters that nobody has as a group, and what propagate_from says of what is above them. */
static void test_invisible(void **state)
{
	static const char *const texts[] = {
		ROOT("10") "11 10 0:50 / /a rw shared:1 - tmpfs t rw\n"
			   "12 10 0:50 / /b rw master:7 propagate_from:1 - tmpfs t rw\n"
			   "13 10 0:51 / /c rw master:8 - tmpfs t rw\n"
			   "14 10 0:52 / /d rw master:5 propagate_from:6 - tmpfs t rw\n",
	};
	struct mnt_world world = make_world(texts, 1);
	AUTO(mnt_groups) struct mnt_groups groups;

	mnt_groups_init(&groups, &world);
	const struct mnt_group *seven = &groups.v[map_get(&groups.ids, 7)];
	assert_int_equal(seven->n_members, 0);
	assert_int_equal(seven->n_lone, 1);
	assert_true(seven->far);
	assert_int_equal(groups.v[seven->master].id, 1);
	assert_int_equal(groups.v[map_get(&groups.ids, 8)].master, MAP_NONE);
	assert_int_equal(groups.v[groups.v[map_get(&groups.ids, 5)].master].id, 6);
	assert_yields("0:/b", arrivals(&world, &groups, 0, 1, "/a"));
	mnt_world_done(&world);
}

/* Two namespaces say what is above group 7: the lower of the two, whichever is read first. */
static void test_nearest(void **state)
{
	static const char *const high =
		"10 1 0:1 / / rw shared:1 - tmpfs t rw\n"
		"11 10 0:1 / /a rw master:7 propagate_from:1 - tmpfs t rw\n";
	static const char *const low = "20 1 0:1 / / rw shared:3 master:1 - tmpfs t rw\n"
				       "21 20 0:1 / /a rw master:7 propagate_from:3 - tmpfs t rw\n";
	const char *texts[][2] = {{high, low}, {low, high}};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct mnt_world world = make_world(texts[i], 2);
		AUTO(mnt_groups) struct mnt_groups groups;
		mnt_groups_init(&groups, &world);
		const struct mnt_group *seven = &groups.v[map_get(&groups.ids, 7)];
		assert_int_equal(groups.v[seven->master].id, 3);
		assert_int_equal(seven->depth, 2);
		mnt_world_done(&world);
	}
}

static void test_other_file_system(void **state)
{
	static const char *const texts[] = {
		ROOT("10") "11 10 0:50 / /a rw shared:1 - tmpfs t rw\n"
			   "12 10 0:51 / /b rw shared:1 - tmpfs t rw\n"};
	struct mnt_world world = make_world(texts, 1);
	AUTO(mnt_groups) struct mnt_groups groups;

	mnt_groups_init(&groups, &world);
	assert_yields("", arrivals(&world, &groups, 0, 1, "/a/x"));
	mnt_world_done(&world);
}

/* A file may say so, a kernel never does: each group is still reached once. */
static void test_cycles(void **state)
{
	static const char *const texts[] = {
		ROOT("10") "11 10 0:50 / /a rw shared:1 master:2 - tmpfs t rw\n"
			   "12 10 0:50 / /b rw shared:2 master:3 - tmpfs t rw\n"
			   "13 10 0:50 / /c rw shared:3 master:1 - tmpfs t rw\n"
			   "14 10 0:50 / /d rw shared:4 master:4 - tmpfs t rw\n"
			   "15 10 0:50 / /e rw shared:5 master:1 - tmpfs t rw\n"};
	struct mnt_world world = make_world(texts, 1);
	AUTO(mnt_groups) struct mnt_groups groups;
	uint32_t n = 0;

	mnt_groups_init(&groups, &world);
	for (uint32_t i = groups.first; i != MAP_NONE; i = mnt_groups_next(&groups, i))
		n++;
	assert_int_equal(groups.n, 5);
	assert_int_equal(n, 5);
	mnt_world_done(&world);
}

static void test_nothing(void **state)
{
	struct mnt_world world = {.self = MAP_NONE};
	AUTO(mnt_groups) struct mnt_groups groups;
	struct mnt_group_rows r;

	mnt_groups_init(&groups, &world);
	assert_int_equal(groups.n, 0);
	mnt_group_rows_all(&r, &groups);
	assert_int_equal(r.n, 0);
	mnt_group_rows_done(&r);
}

/* A chain of 20,000 groups, each in a namespace of its own. */
static void test_long(void **state)
{
	enum {
		N = 20000
	};
	AUTO(buf) struct buf text = {0};
	buf_adds(&text, ROOT("1000000"));
	for (int i = 1; i <= N; i++)
		buf_addf(&text, "%d 1000000 0:50 / /m%d rw shared:%d master:%d - tmpfs t rw\n", i,
			 i, i, i + 1);
	const char *texts[] = {text.data};
	struct mnt_world world = make_world(texts, 1);
	AUTO(mnt_groups) struct mnt_groups groups;
	AUTO(mnt_arrivals) struct mnt_arrivals all;

	mnt_groups_init(&groups, &world);
	assert_int_equal(groups.v[map_get(&groups.ids, 1)].depth, N);
	mnt_arrivals_init(&all, &groups, &world, (struct mnt_ref){0, N}, "/m20000/x");
	assert_int_equal(all.n, N - 1);
	mnt_world_done(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_family),	cmocka_unit_test(test_arrivals),
		cmocka_unit_test(test_removed), cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_rows),	cmocka_unit_test(test_invisible),
		cmocka_unit_test(test_cycles),	cmocka_unit_test(test_other_file_system),
		cmocka_unit_test(test_nothing), cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
