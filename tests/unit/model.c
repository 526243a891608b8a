// SPDX-License-Identifier: Apache-2.0
/* The model: its rules one by one, where a random run would have to be lucky to show them. */
#include "model_help.h"

#include <stdio.h>

/* The rows of the matrix: what a mount at /a/m is before it is bound or moved. */
static const char *const types[] = {"private", "shared", "slave", "shared,slave", "unbindable"};

/* Makes the mount at `path` one of them; peers stay at /c/in. */
static void become(const struct world *w, const char *path, const char *what)
{
	if (!strcmp(what, "unbindable"))
		assert_int_equal(type(w, path, MODEL_MS_UNBINDABLE), 0);
	if (!strcmp(what, "shared"))
		assert_int_equal(type(w, path, MODEL_MS_SHARED), 0);
	if (!strstr(what, "slave"))
		return;
	assert_int_equal(type(w, path, MODEL_MS_SHARED), 0);
	assert_int_equal(bind(w, path, "/c/in", 0), 0);
	assert_int_equal(type(w, path, MODEL_MS_SLAVE), 0);
	if (!strcmp(what, "shared,slave"))
		assert_int_equal(type(w, path, MODEL_MS_SHARED), 0);
}

static const char *type_at(const struct world *w, const char *path)
{
	AUTO(mnt_table) struct mnt_table table = {0};
	const char *word = "nothing";

	model_table(w->m, w->task, &table);
	for (size_t i = 0; i < table.n; i++)
		if (!strcmp(table.v[i].target, path))
			word = mnt_type_word(&table.v[i]);
	return word;
}

/* The tables of mount_namespaces(7): source by destination, for bind and for move. */
static void matrix(void **state)
{
	for (size_t s = 0; s < ARRAY_SIZE(types); s++)
		for (size_t d = 0; d < ARRAY_SIZE(types); d++)
			for (int moves = 0; moves < 2; moves++) {
				struct world w = world_new();
				bool into_shared = strstr(types[d], "shared");
				const char *want = types[s];

				assert_int_equal(mount_fs(&w, "/a"), 0);
				assert_int_equal(mount_fs(&w, "/b"), 0);
				assert_int_equal(
					model_mkdir(w.m, w.task,
						    &(struct model_at){MODEL_CWD, "/b/m", NULL}),
					0);
				become(&w, "/a", types[s]);
				if (strstr(types[d], "slave")) {
					/* A peer of its own for the destination. */
					assert_int_equal(type(&w, "/b", MODEL_MS_SHARED), 0);
					assert_int_equal(bind(&w, "/b", "/c", 0), 0);
					assert_int_equal(type(&w, "/b", MODEL_MS_SLAVE), 0);
					if (into_shared)
						type(&w, "/b", MODEL_MS_SHARED);
				} else {
					become(&w, "/b", types[d]);
				}
				int rc = moves ? move(&w, "/a", "/b/m") : bind(&w, "/a", "/b/m", 0);
				bool refused =
					!strcmp(types[s], "unbindable") && (!moves || into_shared);
				assert_int_equal(rc, refused ? -EINVAL : 0);
				if (into_shared && !strcmp(want, "private"))
					want = "shared";
				if (into_shared && !strcmp(want, "slave"))
					want = "shared,slave";
				if (!refused)
					assert_string_equal(type_at(&w, "/b/m"), want);
				model_free(w.m);
			}
}

static void propagates_to_peers_and_slaves(void **state)
{
	struct world w = world_new();

	assert_int_equal(type(&w, "/", MODEL_MS_SHARED), 0);
	struct world peer = unshared(&w, MODEL_NEWNS), slave = unshared(&w, MODEL_NEWNS);
	assert_int_equal(type(&slave, "/", MODEL_MS_SLAVE), 0);
	assert_int_equal(mount_fs(&w, "/a"), 0);
	assert_seen(&peer, "/:shared /a:shared");
	assert_seen(&slave, "/:slave /a:slave");
	/* Never upstream. */
	assert_int_equal(mount_fs(&slave, "/b"), 0);
	assert_seen(&w, "/:shared /a:shared");
	assert_int_equal(umount(&peer, "/a", 0), 0);
	assert_seen(&w, "/:shared");
	assert_seen(&slave, "/:slave /b:private");
	model_free(w.m);
}

static void copies_tuck_and_survivors_sink(void **state)
{
	struct world w = world_new();

	assert_int_equal(type(&w, "/", MODEL_MS_SHARED), 0);
	struct world slave = unshared(&w, MODEL_NEWNS);
	assert_int_equal(type(&slave, "/", MODEL_MS_SLAVE), 0);
	assert_int_equal(mount_fs(&slave, "/a"), 0);
	assert_int_equal(mount_fs(&w, "/a"), 0);
	assert_seen(&slave, "/:slave /a:private /a:slave");
	AUTO(mnt_table) struct mnt_table table = {0};
	model_table(w.m, slave.task, &table);
	/* What came lies under what was there. */
	assert_int_equal(table.v[1].parent, table.v[2].id);
	assert_int_equal(umount(&w, "/a", 0), 0);
	assert_seen(&slave, "/:slave /a:private");
	model_free(w.m);
}

/* A copy with something of its own inside stays, and is private then. */
static void used_copy_stays(void **state)
{
	struct world w = world_new();

	assert_int_equal(type(&w, "/", MODEL_MS_SHARED), 0);
	struct world slave = unshared(&w, MODEL_NEWNS);
	assert_int_equal(type(&slave, "/", MODEL_MS_SLAVE), 0);
	assert_int_equal(mount_fs(&w, "/a"), 0);
	struct model_at in = at("/a/in");
	assert_int_equal(model_mkdir(w.m, slave.task, &in), 0);
	assert_int_equal(mount_fs(&slave, "/a/in"), 0);
	assert_int_equal(umount(&w, "/a", 0), 0);
	assert_seen(&slave, "/:slave /a:private /a/in:private");
	model_free(w.m);
}

static void less_privileged_namespace_is_locked(void **state)
{
	struct world w = world_new();

	assert_int_equal(mount_fs(&w, "/a"), 0);
	assert_int_equal(type(&w, "/", MODEL_MS_SHARED | MODEL_MS_REC), 0);
	struct world user = unshared(&w, MODEL_NEWNS | MODEL_NEWUSER);
	assert_seen(&user, "/:slave /a:slave");
	assert_int_equal(umount(&user, "/a", 0), -EINVAL);
	assert_int_equal(umount(&user, "/a", MODEL_UMOUNT_DETACH), -EINVAL);
	assert_int_equal(bind(&user, "/", "/b", 0), -EINVAL);
	assert_int_equal(bind(&user, "/", "/b", MODEL_MS_REC), 0);
	struct model_setattr noatime = {MODEL_ATTR_NOATIME, MODEL_ATTR_ATIME, 0};
	struct model_at a = at("/a");
	assert_int_equal(model_mount_setattr(w.m, user.task, &a, false, &noatime), -EPERM);
	/* What arrives later alone may be taken off again. */
	assert_int_equal(mount_fs(&w, "/c"), 0);
	assert_int_equal(umount(&user, "/c", 0), 0);
	/* Out of one's own user namespace nothing can be changed. */
	assert_int_equal(model_unshare(w.m, user.task, MODEL_NEWUSER, 0), 0);
	assert_int_equal(mount_fs(&user, "/c"), -EPERM);
	model_free(w.m);
}

static void mount_max(void **state)
{
	struct world w = world_new();

	assert_int_equal(type(&w, "/", MODEL_MS_SHARED), 0);
	struct world slave = unshared(&w, MODEL_NEWNS);
	assert_int_equal(type(&slave, "/", MODEL_MS_SLAVE), 0);
	assert_int_equal(mount_fs(&slave, "/b"), 0);
	model_set_mount_max(w.m, 3);
	/* The slave is full: the master's mount fails, and leaves nothing. */
	assert_int_equal(mount_fs(&w, "/a"), -ENOSPC);
	assert_seen(&w, "/:shared");
	model_set_mount_max(w.m, 4);
	assert_int_equal(mount_fs(&w, "/a"), 0);
	assert_int_equal(model_count(w.task), 3);
	assert_int_equal(model_count(slave.task), 4);
	model_free(w.m);
}

static void detached_trees(void **state)
{
	struct world w = world_new();
	struct model_at a = at("/a"), b = at("/b"), tree = file_at(0, ""), none = file_at(5, "");

	assert_int_equal(mount_fs(&w, "/a"), 0);
	assert_int_equal(type(&w, "/a", MODEL_MS_SHARED), 0);
	assert_int_equal(model_open_tree(w.m, w.task, 0, &a, true), 0);
	assert_int_equal(model_move_mount(w.m, w.task, &none, &b, MODEL_MOVE_F_EMPTY), -EBADF);
	assert_int_equal(model_move_mount(w.m, w.task, &tree, &b, 0), -ENOENT);
	assert_int_equal(model_move_mount(w.m, w.task, &tree, &b, MODEL_MOVE_F_EMPTY), 0);
	assert_seen(&w, "/:private /a:shared /b:shared");
	/* The descriptor keeps it busy, and no longer ends it. */
	assert_int_equal(umount(&w, "/b", 0), -EBUSY);
	assert_int_equal(checked(&w, model_close(w.m, w.task, 0)), 0);
	assert_seen(&w, "/:private /a:shared /b:shared");
	assert_int_equal(umount(&w, "/b", 0), 0);
	/* A tree that nobody attached goes with its descriptor. */
	assert_int_equal(model_fsmount(w.m, w.task, 0, "tmpfs", "none", 0), 0);
	assert_int_equal(checked(&w, model_close(w.m, w.task, 0)), 0);
	assert_seen(&w, "/:private /a:shared");
	model_free(w.m);
}

static void beneath(void **state)
{
	struct world w = world_new();
	struct model_at b = at("/b"), a = at("/a");

	assert_int_equal(mount_fs(&w, "/a"), 0);
	assert_int_equal(mount_fs(&w, "/b"), 0);
	assert_int_equal(checked(&w, model_move_mount(w.m, w.task, &b, &a, MODEL_MOVE_BENEATH)), 0);
	AUTO(mnt_table) struct mnt_table table = {0};
	model_table(w.m, w.task, &table);
	assert_int_equal(table.v[1].parent, table.v[2].id);
	struct model_at root = at("/");
	assert_int_equal(model_move_mount(w.m, w.task, &a, &root, MODEL_MOVE_BENEATH), -EINVAL);
	model_free(w.m);
}

static void pivot_refusals(void **state)
{
	struct world w = world_new();

	assert_int_equal(model_pivot_root(w.m, w.task, "/x", "/"), -ENOENT);
	assert_int_equal(model_pivot_root(w.m, w.task, "/", "/"), -EBUSY);
	assert_int_equal(model_pivot_root(w.m, w.task, "/a", "/a"), -EBUSY);
	assert_int_equal(mount_fs(&w, "/a"), 0);
	assert_int_equal(model_pivot_root(w.m, w.task, "/a", "/b"), -EBUSY);
	assert_int_equal(type(&w, "/", MODEL_MS_SHARED), 0);
	assert_int_equal(model_pivot_root(w.m, w.task, "/a", "/a"), -EINVAL);
	assert_int_equal(type(&w, "/", MODEL_MS_PRIVATE), 0);
	assert_int_equal(checked(&w, model_pivot_root(w.m, w.task, "/a", "/a")), 0);
	assert_seen(&w, "/:private /:private");
	assert_int_equal(umount(&w, ".", MODEL_UMOUNT_DETACH), 0);
	assert_seen(&w, "/:private");
	/* A chroot at a plain directory is no mount that could be swapped. */
	struct model_at d = at("/d"), e = at("/d/e");
	assert_int_equal(model_mkdir(w.m, w.task, &d), 0);
	assert_int_equal(model_mkdir(w.m, w.task, &e), 0);
	assert_int_equal(model_chroot(w.m, w.task, "/d"), 0);
	assert_int_equal(mount_fs(&w, "/e"), 0);
	assert_int_equal(model_pivot_root(w.m, w.task, "/e", "/e"), -EINVAL);
	assert_int_equal(model_unshare(w.m, w.task, MODEL_NEWUSER, 0), -EPERM);
	model_free(w.m);
}

static void pins(void **state)
{
	struct world w = world_new();
	struct world other = unshared(&w, MODEL_NEWNS);
	struct model_at pin = at("/pin"), ns = {MODEL_CWD, "", other.task},
			own = {MODEL_CWD, "", w.task};

	assert_int_equal(mount_fs(&other, "/b"), 0);
	assert_int_equal(model_mkfile(w.m, w.task, &pin), 0);
	assert_int_equal(model_mount(w.m, w.task, &own, "/pin", NULL, MODEL_MS_BIND), -EINVAL);
	assert_int_equal(model_mount(w.m, w.task, &ns, "/pin", NULL, MODEL_MS_BIND), 0);
	model_exit(w.m, other.task);
	assert_int_equal(model_setns(w.m, w.task, &pin), 0);
	assert_seen(&w, "/:private /b:private");
	assert_int_equal(checked(&w, model_setns(w.m, w.task, &own)), 0);
	model_free(w.m);
}

static void removed_directories(void **state)
{
	struct world w = world_new();
	struct world other = unshared(&w, MODEL_NEWNS);
	struct model_at b = at("/b"), a = at("/a"), moved = at("/c/moved");

	assert_int_equal(mount_fs(&other, "/b"), 0);
	assert_int_equal(mount_fs(&other, "/a"), 0);
	assert_int_equal(model_rmdir(w.m, other.task, &b), -EBUSY);
	assert_int_equal(checked(&w, model_rmdir(w.m, w.task, &b)), 0);
	assert_seen(&other, "/:private /a:private");
	assert_int_equal(model_rename(w.m, w.task, &a, &moved), 0);
	assert_seen(&other, "/:private /c/moved:private");
	model_free(w.m);
}

static void busy_and_expired(void **state)
{
	struct world w = world_new();
	struct model_at a = at("/a"), in = at("/a/in");

	assert_int_equal(mount_fs(&w, "/a"), 0);
	assert_int_equal(model_mkdir(w.m, w.task, &in), 0);
	assert_int_equal(model_chdir(w.m, w.task, &in), 0);
	assert_int_equal(umount(&w, "/a", 0), -EBUSY);
	assert_int_equal(umount(&w, "/a", MODEL_UMOUNT_EXPIRE), -EBUSY);
	a = at("/");
	assert_int_equal(model_chdir(w.m, w.task, &a), 0);
	assert_int_equal(umount(&w, "/a", MODEL_UMOUNT_EXPIRE | MODEL_UMOUNT_DETACH), -EINVAL);
	assert_int_equal(umount(&w, "/a", MODEL_UMOUNT_EXPIRE), -EAGAIN);
	assert_int_equal(umount(&w, "/a", MODEL_UMOUNT_EXPIRE), 0);
	assert_int_equal(umount(&w, "/a", MODEL_UMOUNT_UNKNOWN), -EINVAL);
	model_free(w.m);
}

static void set_group(void **state)
{
	struct world w = world_new();
	struct model_at a = at("/a"), b = at("/b");

	assert_int_equal(mount_fs(&w, "/a"), 0);
	assert_int_equal(bind(&w, "/a", "/b", 0), 0);
	assert_int_equal(model_move_mount(w.m, w.task, &a, &b, MODEL_MOVE_SET_GROUP), -EINVAL);
	assert_int_equal(type(&w, "/a", MODEL_MS_SHARED), 0);
	assert_int_equal(checked(&w, model_move_mount(w.m, w.task, &a, &b, MODEL_MOVE_SET_GROUP)),
			 0);
	assert_seen(&w, "/:private /a:shared /b:shared");
	assert_int_equal(model_move_mount(w.m, w.task, &a, &b, MODEL_MOVE_SET_GROUP), -EINVAL);
	model_free(w.m);
}

static uint32_t group_at(const struct world *w, size_t i)
{
	AUTO(mnt_table) struct mnt_table table = {0};

	model_table(w->m, w->task, &table);
	assert_true(i < table.n);
	return table.v[i].group;
}

/* The lowest free number; and whether it was given since the last look. */
static void numbers_of_groups(void **state)
{
	struct world w = world_new();

	assert_false(model_group_is_new(w.m, 0));
	assert_int_equal(mount_fs(&w, "/a"), 0);
	assert_int_equal(mount_fs(&w, "/b"), 0);
	assert_int_equal(type(&w, "/a", MODEL_MS_SHARED), 0);
	assert_int_equal(group_at(&w, 1), 1);
	assert_true(model_group_is_new(w.m, 1));
	model_see_groups(w.m);
	assert_false(model_group_is_new(w.m, 1));
	assert_int_equal(type(&w, "/b", MODEL_MS_SHARED), 0);
	assert_int_equal(group_at(&w, 2), 2);
	assert_true(model_group_is_new(w.m, 2));
	assert_false(model_group_is_new(w.m, 1));
	assert_int_equal(umount(&w, "/a", 0), 0);
	assert_int_equal(type(&w, "/", MODEL_MS_SHARED), 0);
	assert_int_equal(group_at(&w, 0), 1);
	model_free(w.m);
}

/* A runner's questions leave no trace: a mount that was found unused once still is. */
static void who_only_asks_uses_nothing(void **state)
{
	struct world w = world_new();
	struct model_at a = at("/a");

	assert_int_equal(mount_fs(&w, "/a"), 0);
	assert_int_equal(umount(&w, "/a", MODEL_UMOUNT_EXPIRE), -EAGAIN);
	assert_true(model_has_path(w.m, w.task, "/a"));
	assert_false(model_has_path(w.m, w.task, "/a/x"));
	assert_true(model_is_plain(w.m, w.task, &a));
	assert_true(model_has_root(w.m, w.task, &a));
	assert_int_equal(umount(&w, "/a", MODEL_UMOUNT_EXPIRE), 0);
	model_free(w.m);
}

/* A mount into a group of 10,000 slaves, in linear time and within 200 bytes a mount. */
static void many_slaves(void **state)
{
	enum {
		N = 10000
	};
	struct world w = world_new();

	assert_int_equal(type(&w, "/", MODEL_MS_SHARED), 0);
	for (int i = 0; i < N; i++) {
		struct model_task *task = model_fork(w.m, w.task);
		assert_int_equal(model_unshare(w.m, task, MODEL_NEWNS, ++w.ns_id), 0);
		assert_int_equal(model_mount(w.m, task, NULL, "/", NULL, MODEL_MS_SLAVE), 0);
	}
	struct model_at name = at("t");
	assert_int_equal(model_mount(w.m, w.task, &name, "/a", "tmpfs", 0), 0);
	AUTO_FREE char *broken = model_check(w.m);
	assert_null(broken);
	assert_int_equal(model_umount(w.m, w.task, "/a", 0), 0);
	assert_int_equal(model_mount(w.m, w.task, &name, "/a", "tmpfs", 0), 0);
	assert_int_equal(model_umount(w.m, w.task, "/a", MODEL_UMOUNT_DETACH), 0);
	assert_seen(&w, "/:shared");
	model_free(w.m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matrix),
		cmocka_unit_test(propagates_to_peers_and_slaves),
		cmocka_unit_test(copies_tuck_and_survivors_sink),
		cmocka_unit_test(used_copy_stays),
		cmocka_unit_test(less_privileged_namespace_is_locked),
		cmocka_unit_test(mount_max),
		cmocka_unit_test(detached_trees),
		cmocka_unit_test(beneath),
		cmocka_unit_test(pivot_refusals),
		cmocka_unit_test(pins),
		cmocka_unit_test(removed_directories),
		cmocka_unit_test(busy_and_expired),
		cmocka_unit_test(set_group),
		cmocka_unit_test(numbers_of_groups),
		cmocka_unit_test(who_only_asks_uses_nothing),
		cmocka_unit_test(many_slaves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
