// SPDX-License-Identifier: Apache-2.0
/* libmntns, through its header and the shared library alone. */
#include "unit.h"

#include <mntns/table.h>
#include <pthread.h>
#include <sys/mount.h>

static const char document[] =
	"{\"version\": 1, \"host\": \"h\", \"time\": 5, \"self\": 1, \"gaps\": [\"a gap\"], "
	"\"namespaces\": [{\"inode\": 4, \"gap\": \"it is closed\"},"
	"{\"inode\": 5, \"id\": 9, \"owner\": 7, \"name\": \"pin\", \"mounts\": ["
	"{\"id\": 1, \"parent\": 90, \"device\": \"8:1\", \"root\": \"/\", \"target\": \"/\", "
	"\"fstype\": \"ext4\", \"source\": \"/dev/sda1\", \"vfs-options\": \"ro,nosuid,relatime\", "
	"\"fs-options\": \"rw,x\", \"shared\": 3, \"unique\": 77},"
	"{\"id\": 2, \"parent\": 1, \"device\": \"0:5\", \"root\": \"/d//deleted\", "
	"\"target\": \"/a\", \"fstype\": \"tmpfs\", \"vfs-options\": \"rw,strictatime\", "
	"\"master\": 3, \"propagate-from\": 2, \"deleted\": true, \"idmapped\": true},"
	"{\"id\": 3, \"parent\": 2, \"device\": \"0:6\", \"root\": \"/\", \"target\": \"/a\", "
	"\"fstype\": \"tmpfs\", \"vfs-options\": \"rw,strictatime\", \"unbindable\": true},"
	"{\"id\": 4, \"parent\": 1, \"device\": \"0:7\", \"root\": \"/\", \"target\": \"/b\", "
	"\"fstype\": \"tmpfs\", \"vfs-options\": \"rw,strictatime\"}]}],"
	"\"processes\": [{\"pid\": 10, \"tid\": 10, \"namespace\": 1, \"comm\": \"c\", "
	"\"command\": \"c d\"}]}";

static struct mntns_snapshot *parse(void)
{
	struct mntns_error *error = NULL;
	struct mntns_snapshot *snapshot = NULL;

	if (mntns_snapshot_parse(document, sizeof(document) - 1, "doc", &snapshot, &error) < 0)
		fail_msg("%s", mntns_error_message(error));
	assert_null(error);
	return snapshot;
}

static void namespaces(void **state)
{
	struct mntns_snapshot *snapshot = parse();
	const struct mntns_namespace *ns = mntns_snapshot_find(snapshot, 5);
	const struct mntns_namespace *closed = mntns_snapshot_namespace(snapshot, 0);

	assert_int_equal(mntns_snapshot_n_namespaces(snapshot), 2);
	assert_ptr_equal(mntns_snapshot_namespace(snapshot, 1), ns);
	assert_null(mntns_snapshot_namespace(snapshot, 2));
	assert_null(mntns_snapshot_find(snapshot, 6));
	assert_ptr_equal(mntns_snapshot_self(snapshot), ns);
	assert_ptr_equal(mntns_namespace_snapshot(ns), snapshot);
	assert_int_equal(mntns_namespace_inode(ns), 5);
	assert_int_equal(mntns_namespace_id(ns), 9);
	assert_int_equal(mntns_namespace_owner(ns), 7);
	assert_string_equal(mntns_namespace_label(ns), "pin");
	assert_string_equal(mntns_namespace_label(closed), "mnt:[4]");
	assert_null(mntns_namespace_gap(ns));
	assert_string_equal(mntns_namespace_gap(closed), "it is closed");
	assert_int_equal(mntns_namespace_n_mounts(closed), 0);
	assert_null(mntns_namespace_root(closed));
	assert_null(mntns_namespace_find_path(closed, "/"));
	assert_int_equal(mntns_namespace_n_processes(ns), 1);
	assert_int_equal(mntns_namespace_pid(ns, 0), 10);
	assert_int_equal(mntns_namespace_pid(ns, 1), 0);
	assert_string_equal(mntns_namespace_command(ns, 0), "c d");
	assert_null(mntns_namespace_command(ns, 1));
	assert_int_equal(mntns_snapshot_n_gaps(snapshot), 1);
	assert_string_equal(mntns_snapshot_gap(snapshot, 0), "a gap");
	assert_null(mntns_snapshot_gap(snapshot, 1));
	assert_int_equal(mntns_snapshot_time(snapshot), 5);
	assert_string_equal(mntns_snapshot_host(snapshot), "h");
	mntns_snapshot_free(snapshot);
}

static void fields_of_mounts(void **state)
{
	struct mntns_snapshot *snapshot = parse();
	const struct mntns_namespace *ns = mntns_snapshot_self(snapshot);
	const struct mntns_mount *root = mntns_namespace_mount(ns, 0);
	const struct mntns_mount *slave = mntns_namespace_mount(ns, 1);
	char text[10];

	assert_ptr_equal(mntns_mount_namespace(root), ns);
	assert_int_equal(mntns_mount_id(root), 1);
	assert_int_equal(mntns_mount_parent_id(root), 90);
	assert_int_equal(mntns_mount_unique_id(root), 77);
	assert_int_equal(mntns_mount_major(root), 8);
	assert_int_equal(mntns_mount_minor(root), 1);
	assert_string_equal(mntns_mount_root(slave), "/d//deleted");
	assert_string_equal(mntns_mount_target(slave), "/a");
	assert_string_equal(mntns_mount_fstype(root), "ext4");
	assert_string_equal(mntns_mount_source(root), "/dev/sda1");
	assert_string_equal(mntns_mount_fs_options(root), "rw,x");
	assert_int_equal(mntns_mount_attributes(root), MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID);
	assert_int_equal(mntns_mount_vfs_options(root, text, sizeof(text)), 18);
	assert_string_equal(text, "ro,nosuid");
	assert_int_equal(mntns_mount_vfs_options(root, NULL, 0), 18);
	assert_int_equal(mntns_mount_group(root), 3);
	assert_int_equal(mntns_mount_master(slave), 3);
	assert_int_equal(mntns_mount_propagate_from(slave), 2);
	assert_string_equal(mntns_mount_propagation(root), "shared");
	assert_string_equal(mntns_mount_propagation(slave), "slave");
	assert_true(mntns_mount_is_deleted(slave) && mntns_mount_is_idmapped(slave));
	assert_false(mntns_mount_is_unbindable(slave));
	assert_true(mntns_mount_is_unbindable(mntns_namespace_mount(ns, 2)));
	mntns_snapshot_free(snapshot);
}

static void trees(void **state)
{
	struct mntns_snapshot *snapshot = parse();
	const struct mntns_namespace *ns = mntns_snapshot_self(snapshot);
	const struct mntns_mount *mounts[4];

	for (size_t i = 0; i < 4; i++)
		mounts[i] = mntns_namespace_mount(ns, i);
	assert_int_equal(mntns_namespace_n_mounts(ns), 4);
	assert_null(mntns_namespace_mount(ns, 4));
	assert_ptr_equal(mntns_namespace_root(ns), mounts[0]);
	assert_ptr_equal(mntns_namespace_find_id(ns, 3), mounts[2]);
	assert_null(mntns_namespace_find_id(ns, 90));
	assert_ptr_equal(mntns_namespace_find_path(ns, "/a/x"), mounts[2]);
	assert_ptr_equal(mntns_namespace_find_path(ns, "/bb"), mounts[0]);
	assert_null(mntns_namespace_find_path(ns, "a"));
	assert_null(mntns_namespace_find_path(ns, ""));
	assert_null(mntns_mount_parent(mounts[0]));
	assert_ptr_equal(mntns_mount_child(mounts[0]), mounts[1]);
	assert_ptr_equal(mntns_mount_next(mounts[1]), mounts[3]);
	assert_null(mntns_mount_next(mounts[3]));
	assert_ptr_equal(mntns_mount_parent(mounts[2]), mounts[1]);
	assert_int_equal(mntns_mount_depth(mounts[2]), 2);
	assert_ptr_equal(mntns_mount_cover(mounts[1]), mounts[2]);
	assert_ptr_equal(mntns_mount_hidden_by(mounts[1]), mounts[2]);
	assert_null(mntns_mount_hidden_by(mounts[2]));
	mntns_snapshot_free(snapshot);
}

/* 3 has a peer at / and a slave at /a, which is shared as 5; 2 is out of sight but for its slave.
 */
static void groups(void **state)
{
	static const char text[] = "1 90 0:1 / / rw shared:3 master:2 - x x rw\n"
				   "2 1 0:1 / /a rw shared:5 master:3 - x x rw\n"
				   "3 1 0:1 / /b rw shared:3 master:2 - x x rw\n"
				   "4 1 0:1 / /c rw - x x rw\n";
	struct mntns_snapshot *snapshot = NULL;

	assert_int_equal(mntns_snapshot_parse(text, strlen(text), "m", &snapshot, NULL), 0);
	const struct mntns_namespace *ns = mntns_snapshot_self(snapshot);
	const struct mntns_group *three = mntns_snapshot_find_group(snapshot, 3);
	const struct mntns_group *two = mntns_snapshot_group(snapshot, 0);
	assert_int_equal(mntns_snapshot_n_groups(snapshot), 3);
	assert_ptr_equal(mntns_snapshot_group(snapshot, 1), three);
	assert_null(mntns_snapshot_group(snapshot, 3));
	assert_null(mntns_snapshot_find_group(snapshot, 0));
	assert_null(mntns_snapshot_find_group(snapshot, 4));
	assert_int_equal(mntns_group_number(three), 3);
	assert_int_equal(mntns_group_n_members(three), 2);
	assert_ptr_equal(mntns_group_member(three, 0), mntns_namespace_mount(ns, 0));
	assert_ptr_equal(mntns_group_member(three, 1), mntns_namespace_mount(ns, 2));
	assert_null(mntns_group_member(three, 2));
	assert_int_equal(mntns_group_n_slaves(three), 1);
	assert_ptr_equal(mntns_group_slave(three, 0), mntns_namespace_mount(ns, 1));
	assert_null(mntns_group_slave(three, 1));
	assert_ptr_equal(mntns_group_master(three), two);
	assert_int_equal(mntns_group_number(two), 2);
	assert_int_equal(mntns_group_n_members(two), 0);
	assert_int_equal(mntns_group_n_slaves(two), 2);
	assert_null(mntns_group_master(two));
	assert_ptr_equal(mntns_group_master(mntns_snapshot_find_group(snapshot, 5)), three);
	mntns_snapshot_free(snapshot);
}

static const struct mntns_namespace *only(const char *text, struct mntns_snapshot **snapshot)
{
	assert_int_equal(mntns_snapshot_parse(text, strlen(text), "m", snapshot, NULL), 0);
	return mntns_snapshot_self(*snapshot);
}

static void differences(void **state)
{
	struct mntns_snapshot *one, *two;
	const struct mntns_namespace *a = only("1 90 0:1 / / rw shared:3 - x x rw\n"
					       "2 1 0:2 / /gone rw - x x rw\n"
					       "3 1 0:3 / /c rw shared:4 - x x rw\n",
					       &one);
	const struct mntns_namespace *b = only("7 90 0:1 / / rw shared:9 - x x rw\n"
					       "8 7 0:3 / /c ro - x x rw\n"
					       "9 7 0:4 / /new rw - x x rw\n",
					       &two);
	struct mntns_diff *same = mntns_diff_new(a, a, 0);
	struct mntns_diff *diff = mntns_diff_new(a, b, MNTNS_DIFF_SAME_MACHINE);

	assert_int_equal(mntns_diff_n_changes(same), 0);
	assert_int_equal(mntns_diff_n_changes(diff), 3);
	assert_string_equal(mntns_mount_target(mntns_diff_before(diff, 0)), "/c");
	assert_string_equal(mntns_mount_target(mntns_diff_after(diff, 0)), "/c");
	assert_int_equal(mntns_diff_fields(diff, 0),
			 MNTNS_FIELD_VFS_OPTIONS | MNTNS_FIELD_PROPAGATION);
	assert_string_equal(mntns_mount_target(mntns_diff_before(diff, 1)), "/gone");
	assert_null(mntns_diff_after(diff, 1));
	assert_int_equal(mntns_diff_fields(diff, 1), 0);
	assert_null(mntns_diff_before(diff, 2));
	assert_string_equal(mntns_mount_target(mntns_diff_after(diff, 2)), "/new");
	assert_null(mntns_diff_before(diff, 3));
	assert_null(mntns_diff_after(diff, 3));
	mntns_diff_free(same);
	mntns_diff_free(diff);
	mntns_diff_free(NULL);
	mntns_snapshot_free(one);
	mntns_snapshot_free(two);
}

static void errors(void **state)
{
	struct mntns_error *error = NULL;
	struct mntns_snapshot *snapshot = NULL;

	assert_int_equal(mntns_snapshot_parse("{", 1, "doc", &snapshot, &error), -EINVAL);
	assert_null(snapshot);
	assert_int_equal(mntns_error_code(error), EINVAL);
	assert_contains(mntns_error_message(error), "doc:1: no JSON: ");
	mntns_error_free(error);
	error = NULL;
	assert_int_equal(mntns_snapshot_load("/nowhere", &snapshot, &error), -ENOENT);
	assert_contains(mntns_error_message(error), "/nowhere: No such file");
	mntns_error_free(error);
	assert_int_equal(mntns_snapshot_load("/nowhere", &snapshot, NULL), -ENOENT);
	assert_int_equal(mntns_snapshot_scan(1 << 20, &snapshot, NULL), -EINVAL);
	assert_int_equal(mntns_snapshot_scan_one(1, "/x", &snapshot, NULL), -EINVAL);
	assert_int_equal(mntns_snapshot_scan_one(0, "/proc/self/ns/pid", &snapshot, NULL), -EINVAL);
	mntns_error_free(NULL);
	mntns_snapshot_free(NULL);
}

static void writing(void **state)
{
	struct mntns_snapshot *snapshot = parse(), *back = NULL;
	char *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);

	assert_int_equal(mntns_snapshot_write(snapshot, file), 0);
	fclose(file);
	assert_int_equal(mntns_snapshot_parse(text, len, "back", &back, NULL), 0);
	assert_int_equal(mntns_namespace_n_mounts(mntns_snapshot_self(back)), 4);
	FILE *full = fopen("/dev/full", "w");
	assert_int_equal(mntns_snapshot_write(snapshot, full), -ENOSPC);
	fclose(full);
	free(text);
	mntns_snapshot_free(snapshot);
	mntns_snapshot_free(back);
}

/* The caller's own namespace, in several threads at once. */
static void *look(void *result)
{
	struct mntns_snapshot *snapshot;

	if (mntns_snapshot_scan_one(0, NULL, &snapshot, NULL) < 0)
		return NULL;
	const struct mntns_namespace *ns = mntns_snapshot_namespace(snapshot, 0);
	*(size_t *)result = mntns_namespace_n_mounts(ns);
	mntns_snapshot_free(snapshot);
	return result;
}

static void the_live_machine(void **state)
{
	struct mntns_snapshot *snapshot = NULL;
	size_t mounts[4] = {0};
	pthread_t threads[4];

	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, look, &mounts[i]), 0);
	for (size_t i = 0; i < 4; i++) {
		void *result;
		pthread_join(threads[i], &result);
		assert_ptr_equal(result, &mounts[i]);
		assert_true(mounts[i] > 0);
	}
	assert_int_equal(mntns_snapshot_scan(MNTNS_SCAN_TABLES, &snapshot, NULL), 0);
	assert_true(mntns_namespace_n_mounts(mntns_snapshot_self(snapshot)) > 0);
	assert_non_null(mntns_version());
	mntns_snapshot_free(snapshot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(namespaces),  cmocka_unit_test(fields_of_mounts),
		cmocka_unit_test(trees),       cmocka_unit_test(groups),
		cmocka_unit_test(differences), cmocka_unit_test(errors),
		cmocka_unit_test(writing),     cmocka_unit_test(the_live_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
