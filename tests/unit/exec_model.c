// SPDX-License-Identifier: Apache-2.0
/* Ops on the model: what handles, targets and their words mean there. */
#include "unit.h"

#include "exec/model.h"

struct world {
	struct model *m;
	struct model_task *task;
};

static struct world world_new(void)
{
	static const char *const dirs[] = {"/a", "/b", "/a/in", "/new", "/new/old"};
	struct world w = {.m = model_new(&(struct model_rules){0}, "tmpfs", 100)};

	w.task = model_first_task(w.m);
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		assert_int_equal(model_mkdir(w.m, w.task,
					     &(struct model_at){.fd = MODEL_CWD, .path = dirs[i]}),
				 0);
	return w;
}

static int run(const struct world *w, const char *text, size_t *ret_at, struct err *err)
{
	struct ops ops = {0};
	struct exec_model ex;

	assert_int_equal(ops_parse(&ops, "test", text, err), 0);
	exec_model_init(&ex, w->m, w->task);
	int rc = exec_model(&ex, &ops, 0, ops.n, ret_at, err);
	exec_model_done(&ex);
	ops_done(&ops);
	AUTO_FREE char *broken = model_check(w->m);
	assert_null(broken);
	return rc;
}

static void works(const struct world *w, const char *text)
{
	AUTO(err) struct err err = {0};

	if (run(w, text, NULL, &err) != 0)
		fail_msg("%s", err.msg);
}

static const struct mnt *find(const struct mnt_table *table, const char *target)
{
	for (uint32_t i = 0; i < table->n; i++)
		if (!strcmp(table->v[i].target, target))
			return &table->v[i];
	return NULL;
}

static void a_detached_tree_is_furnished_and_attached(void **state)
{
	struct world w = world_new();
	struct mnt_table table;

	works(&w, "h1 = fs-mount tmpfs nosuid source=box\n"
		  "mkdir h1:/etc mode=755\n"
		  "file h1:/etc/hosts\n"
		  "h2 = open-tree /a\n"
		  "move-mount h2 h1:/etc/x create\n"
		  "move-mount h1 /b\n"
		  "set-attr /b rec private ro\n");
	model_table(w.m, w.task, &table);
	const struct mnt *b = find(&table, "/b"), *x = find(&table, "/b/etc/x");
	assert_non_null(b);
	assert_string_equal(b->source, "box");
	assert_int_equal(b->attr, MODEL_ATTR_RDONLY | MODEL_ATTR_NOSUID);
	assert_non_null(x);
	assert_string_equal(x->root, "/a");
	assert_true(model_has_path(w.m, w.task, "/b/etc/hosts"));
	assert_true(model_has_path(w.m, w.task, "/b/etc/x/in"));
	mnt_table_done(&table);
	model_free(w.m);
}

/* ".." and "/" of a target inside a handle stay there. */
static void a_handle_is_a_root_of_its_own(void **state)
{
	struct world w = world_new();

	works(&w, "h1 = fs-mount tmpfs\n"
		  "mkdir h1:/../../here\n"
		  "move-mount h1 /b\n");
	assert_true(model_has_path(w.m, w.task, "/b/here"));
	model_free(w.m);
}

static void a_refusal_names_the_op(void **state)
{
	struct world w = world_new();
	AUTO(err) struct err err = {0};
	size_t at = 0;

	assert_int_equal(run(&w, "bind /a /b\nmove-mount /b /nowhere\n", &at, &err), -ENOENT);
	assert_int_equal(at, 2);
	assert_non_null(strstr(err.msg, "move-mount /b /nowhere"));
	assert_non_null(strstr(err.msg, "there is no such name in that directory"));
	assert_non_null(strstr(err.msg, "; create it first"));
	assert_int_equal(run(&w, "pivot-root /new /new/old\n", &at, NULL), -EBUSY);
	/* A tree that was not attached has gone with its handle. */
	assert_int_equal(model_count(w.task), 3);
	model_free(w.m);
}

static void what_is_optional_may_be_missing(void **state)
{
	struct world w = world_new();

	works(&w, "h1 = open-tree /nowhere optional\nset-attr h1 ro\nmove-mount h1 /b\n"
		  "umount /nowhere optional\n");
	assert_int_equal(model_count(w.task), 2);
	/* So may a place be that does not fit, and what is to be made be there. */
	works(&w, "file /f\nh2 = open-tree /a\nmove-mount h2 /f optional\n"
		  "symlink x /l\nsymlink x /l optional\n");
	assert_int_equal(model_count(w.task), 2);
	model_free(w.m);
}

static void a_root_is_switched(void **state)
{
	struct world w = world_new();
	struct mnt_table table;

	works(&w, "unshare mnt\n"
		  "tmpfs /new\n"
		  "mkdir /new/old\n"
		  "pivot-root /new /new/old\n"
		  "chdir /\n"
		  "umount /old lazy\n");
	model_table(w.m, w.task, &table);
	assert_int_equal(table.n, 1);
	assert_string_equal(table.v[0].target, "/");
	mnt_table_done(&table);
	model_free(w.m);
}

static void an_id_map_is_given_before_it_is_attached(void **state)
{
	struct world w = world_new();
	AUTO(err) struct err err = {0};
	struct mnt_table table;
	size_t at;

	works(&w, "h1 = open-tree / rec\nset-attr h1 rec idmap=0:100000:65536\nmove-mount h1 /b\n");
	model_table(w.m, w.task, &table);
	assert_true(find(&table, "/b")->flags & MNT_IDMAPPED);
	assert_false(find(&table, "/")->flags & MNT_IDMAPPED);
	mnt_table_done(&table);
	assert_int_equal(run(&w, "set-attr / idmap=0:100000:65536\n", &at, &err), -EINVAL);
	model_free(w.m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_detached_tree_is_furnished_and_attached),
		cmocka_unit_test(a_handle_is_a_root_of_its_own),
		cmocka_unit_test(a_refusal_names_the_op),
		cmocka_unit_test(what_is_optional_may_be_missing),
		cmocka_unit_test(a_root_is_switched),
		cmocka_unit_test(an_id_map_is_given_before_it_is_attached),
	};

	return cmocka_run_group_tests_name("exec_model", tests, NULL, NULL);
}
