// SPDX-License-Identifier: Apache-2.0
/* Worlds become models and say the same again; worlds that lie are refused with a sentence. */
#include "unit.h"

#include "model/model.h"
#include "model/why.h"

/* A line as short as a test wants it; the file system is 0:DEV. */
struct line {
	uint32_t id, parent, dev;
	const char *root, *target;
	uint32_t group, master, flags;
};

static void fill(struct mnt_ns *ns, uint64_t inode, const struct line *lines)
{
	*ns = (struct mnt_ns){.inode = inode, .has_table = true};
	for (const struct line *l = lines; l->id; l++)
		mnt_table_add(&ns->table, &(struct mnt){
						  .unique = l->id,
						  .id = l->id,
						  .parent = l->parent,
						  .minor = l->dev,
						  .root = l->root,
						  .target = l->target,
						  .fstype = "tmpfs",
						  .source = "t",
						  .options = "rw,size=1m",
						  .extra = "",
						  .group = l->group,
						  .master = l->master,
						  .flags = l->flags,
					  });
}

static int load(const struct line *lines, struct err *err)
{
	struct mnt_ns ns;
	struct mnt_world world = {.ns = &ns, .n_ns = 1, .self = 0};
	struct model_task *task = NULL;
	struct model *m = NULL;

	fill(&ns, 7, lines);
	int rc = model_load(&(struct model_rules){0}, &world, &m, &task, err);
	model_free(m);
	mnt_table_done(&ns.table);
	return rc;
}

static const struct line first[] = {
	{10, 9, 1, "/", "/", 1, 0, 0},
	{11, 10, 2, "/", "/a", 2, 0, 0},
	{12, 11, 3, "/", "/a/b c", 0, 0, MNT_UNBINDABLE},
	{13, 10, 1, "/x//deleted", "/d", 1, 0, MNT_DELETED},
	{14, 11, 4, "/", "/a", 0, 0, 0},
	{0},
};
static const struct line second[] = {
	{20, 19, 1, "/", "/", 3, 1, 0},
	{21, 20, 2, "/", "/a", 0, 2, 0},
	{22, 20, 5, "/", "/e", 0, 77, 0},
	{0},
};

static void says_the_same(void **state)
{
	struct mnt_ns ns[2];
	struct mnt_world world = {.ns = ns, .n_ns = 2, .self = 0};
	struct model_task *tasks[2];
	struct model *m = NULL;

	fill(&ns[0], 7, first);
	fill(&ns[1], 8, second);
	assert_works(model_load(&(struct model_rules){0}, &world, &m, tasks, err));
	AUTO_FREE char *broken = model_check(m);
	assert_null(broken);
	for (int t = 0; t < 2; t++) {
		AUTO(mnt_table) struct mnt_table table = {0};
		model_table(m, tasks[t], &table);
		assert_int_equal(table.n, ns[t].table.n);
		for (size_t i = 0; i < table.n; i++) {
			const struct mnt *a = &table.v[i], *b = &ns[t].table.v[i];
			assert_int_equal(a->unique, b->unique);
			assert_string_equal(a->root, b->root);
			assert_string_equal(a->target, b->target);
			assert_string_equal(a->options, b->options);
			assert_int_equal(a->minor, b->minor);
			assert_int_equal(a->group, b->group);
			assert_int_equal(a->master, b->master);
			assert_int_equal(a->flags, b->flags);
		}
	}
	/* A mount in the first arrives in the second, also at a path that no table names. */
	struct model_at name = {MODEL_CWD, "t", NULL};
	assert_int_equal(model_mount(m, tasks[0], &name, "/var/lib/x", "tmpfs", 0), 0);
	AUTO(mnt_table) struct mnt_table after = {0};
	model_table(m, tasks[1], &after);
	assert_int_equal(after.n, 4);
	assert_string_equal(after.v[3].target, "/var/lib/x");
	assert_int_not_equal(after.v[3].master, 0);
	model_free(m);
	mnt_table_done(&ns[0].table);
	mnt_table_done(&ns[1].table);
}

/* Ids that are made up, of what is in no table, are those of no mount that is read later. */
static void ids_are_not_given_twice(void **state)
{
	static const struct line behind[] = {{0x80000001, 0x80000000, 1, "/", "/", 0, 0, 0},
					     {0x80000002, 0x80000001, 2, "/", "/a", 0, 0, 0},
					     {0x80000003, 0x80000002, 3, "/", "/a/b", 0, 0, 0},
					     {0}};
	struct mnt_ns ns;
	struct mnt_world world = {.ns = &ns, .n_ns = 1, .self = 0};
	struct model_task *task;
	struct model *m = NULL;
	AUTO(mnt_table) struct mnt_table table = {0};
	struct mnt_tree tree;

	fill(&ns, 7, behind);
	assert_works(model_load(&(struct model_rules){0}, &world, &m, &task, err));
	model_table(m, task, &table);
	assert_int_equal(table.n, 3);
	assert_works(mnt_tree_init(&tree, &table, err));
	mnt_tree_done(&tree);
	model_free(m);
	mnt_table_done(&ns.table);
}

/* A chroot at a plain directory: the mount that carries it is in no table. */
static void chroot_table(void **state)
{
	static const struct line carried[] = {
		{11, 10, 2, "/", "/proc", 0, 0, 0}, {12, 10, 3, "/", "/sys", 0, 0, 0}, {0}};
	static const struct line two_roots[] = {
		{11, 10, 2, "/", "/proc", 0, 0, 0}, {12, 9, 3, "/", "/sys", 0, 0, 0}, {0}};

	assert_works(load(carried, err));
	assert_fails(EINVAL, "two roots", load(two_roots, err));
}

static void lies(void **state)
{
	static const struct {
		const char *why;
		struct line lines[5];
	} cases[] = {
		{"stands for two mounts", {{10, 9, 1, "/", "/"}, {10, 9, 1, "/", "/"}}},
		{"hang on each other",
		 {{10, 9, 1, "/", "/"}, {11, 12, 1, "/", "/a"}, {12, 11, 1, "/", "/b"}}},
		{"hang on each other", {{10, 11, 1, "/", "/"}, {11, 10, 1, "/", "/a"}}},
		{"two roots", {{10, 9, 1, "/", "/"}, {11, 8, 1, "/", "/a"}}},
		{"no absolute path", {{10, 9, 1, "/", "/"}, {11, 10, 1, "/", "a"}}},
		{"no absolute path", {{10, 9, 1, "/", ""}}},
		{"has no root", {{10, 9, 1, "", "/"}}},
		{"has . or ..", {{10, 9, 1, "/", "/"}, {11, 10, 1, "/", "/a/../b"}}},
		{"has . or ..", {{10, 9, 1, "/x/.", "/"}}},
		{"is not marked so", {{10, 9, 1, "/x", "/", 0, 0, MNT_DELETED}}},
		{"is not below",
		 {{10, 9, 1, "/", "/"}, {11, 10, 1, "/", "/a"}, {12, 11, 1, "/", "/b"}}},
		{"two mounts on the same parent",
		 {{10, 9, 1, "/", "/"}, {11, 10, 1, "/", "/a"}, {12, 10, 1, "/", "/a"}}},
		{"so large a number", {{10, 9, 1, "/", "/", 4000000000, 0, 0}}},
		{"so large a number", {{10, 9, 1, "/", "/", 0, UINT32_MAX, 0}}},
		{"its own group's slave", {{10, 9, 1, "/", "/", 5, 5, 0}}},
		{"both shared and unbindable", {{10, 9, 1, "/", "/", 5, 0, MNT_UNBINDABLE}}},
		{"another file system",
		 {{10, 9, 1, "/", "/", 5, 0, 0}, {11, 10, 2, "/", "/a", 5, 0, 0}}},
		{"another master",
		 {{10, 9, 1, "/", "/", 5, 6, 0}, {11, 10, 1, "/", "/a", 5, 7, 0}}},
		{"master is of another file system",
		 {{10, 9, 1, "/", "/", 5, 0, 0}, {11, 10, 2, "/", "/a", 0, 5, 0}}},
		{"slave of itself",
		 {{10, 9, 1, "/", "/", 5, 6, 0},
		  {11, 10, 1, "/", "/a", 6, 7, 0},
		  {12, 10, 1, "/", "/b", 7, 5, 0}}},
		{"slave of itself",
		 {{10, 9, 1, "/", "/", 5, 6, 0}, {11, 10, 1, "/", "/a", 6, 5, 0}}},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_fails(EINVAL, cases[i].why, load(cases[i].lines, err));
}

static int load_two(const struct line *a, const struct line *b, uint64_t inode, struct err *err)
{
	struct mnt_ns ns[2];
	struct mnt_world world = {.ns = ns, .n_ns = 2};
	struct model_task *tasks[2];
	struct model *m = NULL;

	fill(&ns[0], 7, a);
	fill(&ns[1], inode, b);
	int rc = model_load(&(struct model_rules){0}, &world, &m, tasks, err);
	model_free(m);
	mnt_table_done(&ns[0].table);
	mnt_table_done(&ns[1].table);
	return rc;
}

/* Each table is one, but not beside the other. */
static void lies_together(void **state)
{
	static const struct line slave[] = {{30, 29, 1, "/", "/", 7, 1, 0}, {0}};
	static const struct line same_id[] = {{10, 9, 1, "/", "/"}, {0}};
	static const struct line cycle[] = {{20, 19, 1, "/", "/", 3, 4, 0}, {0}};
	static const struct line other_half[] = {{21, 19, 1, "/", "/", 4, 3, 0}, {0}};
	static const struct line other_fs[] = {{20, 19, 9, "/", "/", 1, 0, 0}, {0}};
	static const struct line other_master[] = {{20, 19, 1, "/", "/", 1, 9, 0}, {0}};

	assert_works(load_two(first, slave, 8, err));
	assert_fails(EINVAL, "same number", load_two(first, slave, 7, err));
	assert_fails(EINVAL, "same unique id", load_two(first, same_id, 8, err));
	assert_fails(EINVAL, "slave of itself", load_two(cycle, other_half, 8, err));
	assert_fails(EINVAL, "another file system", load_two(first, other_fs, 8, err));
	assert_fails(EINVAL, "another master", load_two(first, other_master, 8, err));
}

/* Ids of what is new are above those that are there, whichever table they stand in. */
static void new_ids(void **state)
{
	struct mnt_ns ns[2];
	struct mnt_world world = {.ns = ns, .n_ns = 2};
	struct model_task *tasks[2];
	struct model *m;

	fill(&ns[0], 7, first);
	fill(&ns[1], 8, second);
	ns[0].table.v[0].unique = 0;
	ns[1].table.v[1].unique = 1ULL << 40;
	assert_works(model_load(&(struct model_rules){0}, &world, &m, tasks, err));
	AUTO(mnt_table) struct mnt_table table = {0};
	model_table(m, tasks[0], &table);
	assert_true(table.v[table.n - 1].unique > 1ULL << 40);
	model_free(m);
	ns[1].table.v[1].unique = 1ULL << 63;
	assert_fails(EINVAL, "so large a unique id",
		     model_load(&(struct model_rules){0}, &world, &m, tasks, err));
	mnt_table_done(&ns[0].table);
	mnt_table_done(&ns[1].table);
}

/* What is in use keeps its mount busy. */
static void uses(void **state)
{
	struct mnt_ns ns;
	struct mnt_use use = {.mount = 12};
	struct mnt_world world = {.ns = &ns, .n_ns = 1, .uses = &use, .n_uses = 1};
	struct model_task *task;
	struct model *m;

	fill(&ns, 7, first);
	assert_works(model_load(&(struct model_rules){0}, &world, &m, &task, err));
	assert_int_equal(model_umount(m, task, "/d", 0), 0);
	assert_int_equal(model_umount(m, task, "/a", 0), 0);
	assert_int_equal(model_umount(m, task, "/a/b c", 0), -EBUSY);
	assert_int_equal(model_umount(m, task, "/a/b c", MODEL_UMOUNT_DETACH), 0);
	model_free(m);
	mnt_table_done(&ns.table);
}

/* Several user namespaces: none is lost, and none has rights over the others. */
static void owners(void **state)
{
	struct mnt_ns ns[4];
	struct mnt_world world = {.ns = ns, .n_ns = 4, .self = 0};
	struct model_task *tasks[4];
	struct model *m = NULL;
	static const struct line alone[][2] = {
		{{10, 9, 1, "/", "/", 0, 0, 0}, {0}},
		{{20, 19, 2, "/", "/", 0, 0, 0}, {0}},
		{{30, 29, 3, "/", "/", 0, 0, 0}, {0}},
		{{40, 39, 4, "/", "/", 0, 0, 0}, {0}},
	};

	for (uint32_t i = 0; i < 4; i++) {
		fill(&ns[i], 7 + i, alone[i]);
		ns[i].owner = 100 + i;
	}
	assert_works(model_load(&(struct model_rules){0}, &world, &m, tasks, err));
	struct model_at top = {.fd = MODEL_CWD, .ns_of = tasks[0]};
	struct model_at last = {.fd = MODEL_CWD, .ns_of = tasks[3]};
	assert_int_equal(model_setns(m, tasks[1], &last), -EACCES);
	assert_int_equal(model_setns(m, tasks[3], &top), -EACCES);
	assert_int_equal(model_setns(m, tasks[0], &last), 0);
	model_free(m);
	for (uint32_t i = 0; i < 4; i++)
		mnt_table_done(&ns[i].table);
}

/* What no table shows can be told; and each refusal says which mount it is about. */
static void locks(void **state)
{
	struct mnt_ns ns;
	struct mnt_world world = {.ns = &ns, .n_ns = 1, .self = 0};
	struct model_task *task = NULL;
	struct model *m = NULL;
	struct map locked = {0};
	uint64_t in = 0;

	fill(&ns, 7, first);
	ns.id = 77;
	assert_works(model_load(&(struct model_rules){0}, &world, &m, &task, err));
	map_set(&locked, 14, 0);
	model_lock(task, &locked);
	assert_int_equal(model_umount(m, task, "/a", 0), -EINVAL);
	assert_string_equal(model_reason(model_why(m))->name, "UMOUNT_LOCKED");
	AUTO_FREE char *path = model_why_path(m, &in);
	assert_string_equal(path, "/a");
	assert_int_equal(in, 77);
	assert_int_equal(model_why_mount(m), 14);
	assert_int_equal(model_umount(m, task, "/d", 0), 0);
	assert_int_equal(model_chroot(m, task, "/a/x"), 0);
	model_forget_why(m);
	assert_null(model_reason(model_why(m)));
	map_done(&locked);
	model_free(m);
	mnt_table_done(&ns.table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_the_same),
		cmocka_unit_test(chroot_table),
		cmocka_unit_test(lies),
		cmocka_unit_test(lies_together),
		cmocka_unit_test(new_ids),
		cmocka_unit_test(uses),
		cmocka_unit_test(owners),
		cmocka_unit_test(locks),
		cmocka_unit_test(ids_are_not_given_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
