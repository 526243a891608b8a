// SPDX-License-Identifier: Apache-2.0
/* Where kernels differ: each switch of struct model_rules, for both of its values. */
#include "model_help.h"

#include "model/why.h"

static void releases(void **state)
{
	static const struct {
		const char *release;
		struct model_rules rules;
	} rows[] = {
		{"5.14.21-default", {true, true, true, true, true, true}},
		{"5.15.0", {true, true, true, true, true, false}},
		{"6.1.0-28-amd64", {true, true, true, true, true, false}},
		{"6.5.0", {true, true, true, true, false, false}},
		{"6.12.3-arch", {true, true, true, true, false, false}},
		{"6.15", {true, true, true, false, false, false}},
		{"6.16.12", {true, true, true, false, false, false}},
		{"6.17.0-rc1", {0}},
		{"6.18.44", {0}},
		{"7.0", {0}},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct model_rules rules = model_rules_of(rows[i].release);
		assert_memory_equal(&rules, &rows[i].rules, sizeof(rules));
	}
}

static void copies_of_unbindable_mounts(void **state)
{
	for (int old = 0; old < 2; old++) {
		struct world w = world_with((struct model_rules){.clones_unbindable = old});

		assert_int_equal(mount_fs(&w, "/a"), 0);
		assert_int_equal(type(&w, "/a", MODEL_MS_UNBINDABLE), 0);
		struct world other = unshared(&w, MODEL_NEWNS);
		assert_seen(&other, old ? "/:private /a:unbindable" : "/:private /a:private");
		model_free(w.m);
	}
}

/* Through a working directory from before: a mount of the namespace that was left. */
static void types_in_other_namespaces(void **state)
{
	for (int old = 0; old < 2; old++) {
		struct world w = world_with((struct model_rules){.types_of_own_only = old});
		struct model_at a = at("/a"), b = at("/b"), file = file_at(0, "");

		assert_int_equal(mount_fs(&w, "/a"), 0);
		assert_int_equal(type(&w, "/a", MODEL_MS_SHARED), 0);
		assert_int_equal(model_open(w.m, w.task, 0, &a), 0);
		model_fork(w.m, w.task);
		assert_int_equal(model_unshare(w.m, w.task, MODEL_NEWNS, ++w.ns_id), 0);
		assert_int_equal(model_chdir(w.m, w.task, &file), 0);
		assert_int_equal(type(&w, ".", MODEL_MS_PRIVATE), old ? -EINVAL : 0);
		/* A group was always given to whom one has rights over. */
		assert_int_equal(type(&w, "/a", MODEL_MS_SHARED), 0);
		assert_int_equal(bind(&w, "/a", "/b", 0), 0);
		assert_int_equal(type(&w, "/b", MODEL_MS_PRIVATE), 0);
		if (old)
			assert_int_equal(
				model_move_mount(w.m, w.task, &file, &b,
						 MODEL_MOVE_SET_GROUP | MODEL_MOVE_F_EMPTY),
				0);
		model_free(w.m);
	}
}

static struct world world_of_umounts(bool old)
{
	return world_with((struct model_rules){.umounts_hastily = old});
}

/* A slave of "/" that gets all that is mounted there. */
static struct world slave_of(struct world *w, unsigned flags)
{
	assert_int_equal(type(w, "/", MODEL_MS_SHARED), 0);
	struct world slave = unshared(w, flags);
	assert_int_equal(type(&slave, "/", MODEL_MS_SLAVE), 0);
	return slave;
}

static void mount_in_a(const struct world *w)
{
	struct model_at in = at("/a/in");

	assert_int_equal(mount_fs(w, "/a"), 0);
	assert_int_equal(model_mkdir(w->m, w->task, &in), 0);
	assert_int_equal(mount_fs(w, "/a/in"), 0);
}

/* What all kernels do alike, whichever way it is found out. */
static void umounts_alike(void **state)
{
	for (int old = 0; old < 2; old++) {
		struct world w = world_of_umounts(old);
		struct world slave = slave_of(&w, MODEL_NEWNS);

		/* A tree of copies goes with its tree. */
		mount_in_a(&w);
		assert_seen(&slave, "/:slave /a:slave /a/in:slave");
		assert_int_equal(umount(&w, "/a", MODEL_UMOUNT_DETACH), 0);
		assert_seen(&slave, "/:slave");
		/* One with something of its own inside stays, its children do not. */
		mount_in_a(&w);
		struct model_at own = at("/a/own");
		assert_int_equal(model_mkdir(w.m, w.task, &own), 0);
		assert_int_equal(mount_fs(&slave, "/a/own"), 0);
		assert_int_equal(umount(&w, "/a", MODEL_UMOUNT_DETACH), 0);
		assert_seen(&slave, "/:slave /a:private /a/own:private");
		assert_int_equal(umount(&slave, "/a", MODEL_UMOUNT_DETACH), 0);
		/* A cover sinks. */
		assert_int_equal(mount_fs(&w, "/a"), 0);
		assert_int_equal(mount_fs(&slave, "/a"), 0);
		assert_int_equal(umount(&w, "/a", 0), 0);
		assert_seen(&slave, "/:slave /a:private");
		model_free(w.m);
	}
}

/* A cover inside a tree that goes: it holds the tree, or falls down to where the tree was. */
static void umount_under_a_cover(void **state)
{
	for (int old = 0; old < 2; old++) {
		struct world w = world_of_umounts(old);
		struct world slave = slave_of(&w, MODEL_NEWNS);

		mount_in_a(&w);
		assert_int_equal(mount_fs(&slave, "/a/in"), 0);
		assert_int_equal(umount(&w, "/a", MODEL_UMOUNT_DETACH), 0);
		assert_seen(&slave,
			    old ? "/:slave /a:private" : "/:slave /a:private /a/in:private");
		model_free(w.m);
	}
}

/* A locked cover goes with the copy that it is on, or is let fall like any other cover. */
static void umount_of_a_locked_cover(void **state)
{
	for (int old = 0; old < 2; old++) {
		struct world w = world_of_umounts(old);

		mount_in_a(&w);
		assert_int_equal(mount_fs(&w, "/a/in"), 0);
		assert_int_equal(type(&w, "/", MODEL_MS_SHARED | MODEL_MS_REC), 0);
		struct world user = unshared(&w, MODEL_NEWNS | MODEL_NEWUSER);
		assert_seen(&user, "/:slave /a:slave /a/in:slave /a/in:slave");
		assert_int_equal(umount(&w, "/a", MODEL_UMOUNT_DETACH), 0);
		assert_seen(&user, old ? "/:slave /a:private" : "/:slave");
		model_free(w.m);
	}
}

/* One that is locked stays with a parent that stays, and goes with one that goes. */
static void umount_of_locked_copies(void **state)
{
	for (int old = 0; old < 2; old++)
		for (int used = 0; used < 2; used++) {
			struct world w = world_of_umounts(old);
			struct model_at own = at("/a/own");

			mount_in_a(&w);
			assert_int_equal(model_mkdir(w.m, w.task, &own), 0);
			assert_int_equal(type(&w, "/", MODEL_MS_SHARED | MODEL_MS_REC), 0);
			struct world user = unshared(&w, MODEL_NEWNS | MODEL_NEWUSER);
			if (used)
				assert_int_equal(mount_fs(&user, "/a/own"), 0);
			assert_int_equal(umount(&w, "/a", MODEL_UMOUNT_DETACH), 0);
			assert_seen(&user, used ? "/:slave /a:private /a/in:private /a/own:private"
						: "/:slave");
			model_free(w.m);
		}
}

static const char *const places[] = {"/a", "/b", "/c", "/a/in", "/b/in", "/a/a", "/", "/a/a/in"};

static const char *some_place(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return places[*state >> 16 & (ARRAY_SIZE(places) - 1)];
}

/* Some call, refused or not. */
static void do_something(struct world *w, uint32_t *state)
{
	static const unsigned types[] = {MODEL_MS_SHARED, MODEL_MS_SHARED, MODEL_MS_SLAVE,
					 MODEL_MS_PRIVATE};
	const char *path = some_place(state);
	struct model_at from = at(some_place(state)), name = at("t");
	uint32_t dice = *state >> 24;

	if (dice < 60)
		model_mount(w->m, w->task, &name, path, "tmpfs", 0);
	else if (dice < 100)
		model_mount(w->m, w->task, &from, path, NULL,
			    MODEL_MS_BIND | (dice & 1 ? MODEL_MS_REC : 0));
	else if (dice < 160)
		model_mount(w->m, w->task, NULL, path, NULL,
			    types[dice & 3] | (dice & 4 ? MODEL_MS_REC : 0));
	else if (strcmp(path, "/") != 0)
		model_umount(w->m, w->task, path, dice & 1 ? MODEL_UMOUNT_DETACH : 0);
	from = at(path);
	model_mkdir(w->m, w->task, &(struct model_at){MODEL_CWD, "/a/in", NULL});
	model_mkdir(w->m, w->task, &(struct model_at){MODEL_CWD, "/a/a", NULL});
}

/* Whatever comes to lie on what: each model holds together, and ends with nothing left. */
static void umounts_of_anything(void **state)
{
	for (uint32_t seed = 0; seed < 1000; seed++) {
		struct world w = world_of_umounts(seed & 1), all[3] = {w};
		uint32_t dice = seed;

		assert_int_equal(type(&w, "/", MODEL_MS_SHARED), 0);
		all[1] = unshared(&w, MODEL_NEWNS);
		all[2] = unshared(&w, MODEL_NEWNS | (seed & 2 ? MODEL_NEWUSER : 0));
		for (int i = 0; i < 60 && model_count(all[0].task) < 500; i++) {
			do_something(&all[i % 3], &dice);
			AUTO_FREE char *broken = model_check(w.m);
			/* Two covers at one place are a fault of the older kernel's. */
			if (broken && !(seed & 1))
				fail_msg("%s", broken);
		}
		model_exit(w.m, all[2].task);
		model_exit(w.m, all[1].task);
		AUTO_FREE char *broken = model_check(w.m);
		assert_true(!broken || seed & 1);
		model_free(w.m);
	}
}

static void detached_trees_were_closed(void **state)
{
	for (int old = 0; old < 2; old++) {
		struct world w = world_with((struct model_rules){.closed_trees = old});
		struct model_at a = at("/a"), tree = file_at(0, ""), in = file_at(0, "in"),
				other = file_at(1, "");

		assert_int_equal(model_open_tree(w.m, w.task, 0, &a, false), 0);
		assert_int_equal(model_open_tree(w.m, w.task, 1, &a, false), 0);
		int rc = model_move_mount(w.m, w.task, &other, &in, MODEL_MOVE_F_EMPTY);
		assert_int_equal(rc, old ? -EINVAL : 0);
		if (old)
			assert_int_equal(model_why(w.m), MODEL_WHY_MOVE_TARGET_CLOSED);
		rc = model_open_tree(w.m, w.task, 2, &tree, true);
		assert_int_equal(rc, old ? -EINVAL : 0);
		if (old)
			assert_int_equal(model_why(w.m), MODEL_WHY_SOURCE_CLOSED);
		/* To attach one was always what they are for. */
		struct model_at b = at("/b");
		assert_int_equal(model_move_mount(w.m, w.task, &tree, &b, MODEL_MOVE_F_EMPTY), 0);
		model_free(w.m);
	}
}

static void flags_of_move_mount(void **state)
{
	for (int old = 0; old < 2; old++) {
		struct world w =
			world_with((struct model_rules){.no_beneath = old, .no_set_group = old});
		struct model_at a = at("/a"), b = at("/b"), c = at("/c");

		assert_int_equal(mount_fs(&w, "/a"), 0);
		assert_int_equal(type(&w, "/a", MODEL_MS_SHARED), 0);
		assert_int_equal(bind(&w, "/a", "/b", 0), 0);
		assert_int_equal(type(&w, "/b", MODEL_MS_PRIVATE), 0);
		assert_int_equal(mount_fs(&w, "/c"), 0);
		assert_int_equal(model_move_mount(w.m, w.task, &a, &b, MODEL_MOVE_SET_GROUP),
				 old ? -EINVAL : 0);
		assert_int_equal(model_move_mount(w.m, w.task, &c, &a, MODEL_MOVE_BENEATH),
				 old ? -EINVAL : 0);
		if (old)
			assert_int_equal(model_why(w.m), MODEL_WHY_MOVE_FLAGS);
		model_free(w.m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(releases),
		cmocka_unit_test(copies_of_unbindable_mounts),
		cmocka_unit_test(types_in_other_namespaces),
		cmocka_unit_test(umounts_alike),
		cmocka_unit_test(umount_under_a_cover),
		cmocka_unit_test(umount_of_a_locked_cover),
		cmocka_unit_test(umount_of_locked_copies),
		cmocka_unit_test(umounts_of_anything),
		cmocka_unit_test(detached_trees_were_closed),
		cmocka_unit_test(flags_of_move_mount),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
