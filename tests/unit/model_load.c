// SPDX-License-Identifier: Apache-2.0
/* Worlds become models and say the same again; worlds that lie are refused with a sentence. */
#include "unit.h"

#include "model/model.h"

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
		struct line lines[4];
	} cases[] = {
		{"stands for two mounts", {{10, 9, 1, "/", "/"}, {10, 9, 1, "/", "/"}}},
		{"hang on each other",
		 {{10, 9, 1, "/", "/"}, {11, 12, 1, "/", "/a"}, {12, 11, 1, "/", "/b"}}},
		{"is not below",
		 {{10, 9, 1, "/", "/"}, {11, 10, 1, "/", "/a"}, {12, 11, 1, "/", "/b"}}},
		{"two mounts on the same parent",
		 {{10, 9, 1, "/", "/"}, {11, 10, 1, "/", "/a"}, {12, 10, 1, "/", "/a"}}},
		{"so large a number", {{10, 9, 1, "/", "/", 4000000000, 0, 0}}},
		{"its own group's slave", {{10, 9, 1, "/", "/", 5, 5, 0}}},
		{"both shared and unbindable", {{10, 9, 1, "/", "/", 5, 0, MNT_UNBINDABLE}}},
		{"another file system",
		 {{10, 9, 1, "/", "/", 5, 0, 0}, {11, 10, 2, "/", "/a", 5, 0, 0}}},
		{"another master",
		 {{10, 9, 1, "/", "/", 5, 6, 0}, {11, 10, 1, "/", "/a", 5, 7, 0}}},
		{"master is of another file system",
		 {{10, 9, 1, "/", "/", 5, 0, 0}, {11, 10, 2, "/", "/a", 0, 5, 0}}},
		{"slave of itself",
		 {{10, 9, 1, "/", "/", 5, 6, 0}, {11, 10, 1, "/", "/a", 6, 5, 0}}},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_fails(EINVAL, cases[i].why, load(cases[i].lines, err));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_the_same), cmocka_unit_test(ids_are_not_given_twice),
		cmocka_unit_test(chroot_table),	 cmocka_unit_test(lies),
		cmocka_unit_test(uses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
