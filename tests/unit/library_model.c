// SPDX-License-Identifier: Apache-2.0
/* The model of libmntns, through its header and the shared library alone. */
#include "unit.h"

#include <mntns/model.h>

/* A host, a container that is its slave, and one that nobody may look into. */
static const char machine[] =
	"{\"version\": 1, \"host\": \"h\", \"self\": 0, \"namespaces\": ["
	"{\"inode\": 4, \"id\": 9, \"mounts\": ["
	"{\"id\": 1, \"unique\": 1, \"parent\": 90, \"device\": \"8:1\", \"root\": \"/\", "
	"\"target\": \"/\", "
	"\"fstype\": \"ext4\", \"source\": \"/dev/sda1\", \"vfs-options\": \"rw,relatime\", "
	"\"fs-options\": \"rw\", "
	"\"shared\": 1},"
	"{\"id\": 2, \"unique\": 2, \"parent\": 1, \"device\": \"8:2\", \"root\": \"/\", "
	"\"target\": \"/srv\", "
	"\"fstype\": \"ext4\", \"source\": \"/dev/sda2\", \"vfs-options\": \"rw,relatime\", "
	"\"fs-options\": \"rw\", "
	"\"shared\": 2}]},"
	"{\"inode\": 5, \"id\": 7, \"name\": \"pin\", \"mounts\": ["
	"{\"id\": 3, \"unique\": 3, \"parent\": 91, \"device\": \"8:1\", \"root\": \"/\", "
	"\"target\": \"/\", "
	"\"fstype\": \"ext4\", \"source\": \"/dev/sda1\", \"vfs-options\": \"rw,relatime\", "
	"\"fs-options\": \"rw\", "
	"\"master\": 1}]},"
	"{\"inode\": 6, \"gap\": \"it is closed\"}]}";

static struct mntns_snapshot *parse(const char *text)
{
	struct mntns_error *error = NULL;
	struct mntns_snapshot *snapshot = NULL;

	if (mntns_snapshot_parse(text, strlen(text), "doc", &snapshot, &error) < 0)
		fail_msg("%s", mntns_error_message(error));
	return snapshot;
}

/* The snapshot is gone when the model is used. */
static struct mntns_model *load(void)
{
	struct mntns_snapshot *snapshot = parse(machine);
	struct mntns_model *model = NULL;
	struct mntns_error *error = NULL;

	if (mntns_model_new(snapshot, &model, &error) < 0)
		fail_msg("%s", mntns_error_message(error));
	mntns_snapshot_free(snapshot);
	return model;
}

static struct mntns_snapshot *export(const struct mntns_model *model)
{
	struct mntns_snapshot *snapshot = NULL;

	assert_int_equal(mntns_model_export(model, &snapshot, NULL), 0);
	return snapshot;
}

static struct mntns_process *enter(struct mntns_model *model, uint64_t inode)
{
	struct mntns_process *process = NULL;

	assert_int_equal(mntns_process_new(model, inode, &process, NULL), 0);
	return process;
}

static void works(struct mntns_process *process, const char *ops)
{
	struct mntns_error *error = NULL;

	if (mntns_process_run(process, ops, NULL, &error) < 0)
		fail_msg("%s", mntns_error_message(error));
}

static const struct mntns_mount *at(const struct mntns_snapshot *snapshot, uint64_t inode,
				    const char *path)
{
	const struct mntns_namespace *ns = mntns_snapshot_find(snapshot, inode);
	const struct mntns_mount *mount = ns ? mntns_namespace_find_path(ns, path) : NULL;

	return mount && !strcmp(mntns_mount_target(mount), path) ? mount : NULL;
}

static void says_what_was_loaded(void **state)
{
	struct mntns_model *model = load();
	struct mntns_snapshot *snapshot = export(model), *as_loaded = parse(machine);

	assert_int_equal(mntns_snapshot_n_namespaces(snapshot), 3);
	assert_string_equal(mntns_snapshot_host(snapshot), "h");
	assert_string_equal(mntns_namespace_label(mntns_snapshot_find(snapshot, 5)), "pin");
	assert_string_equal(mntns_namespace_gap(mntns_snapshot_find(snapshot, 6)), "it is closed");
	for (uint64_t inode = 4; inode <= 5; inode++) {
		struct mntns_diff *diff = mntns_diff_new(mntns_snapshot_find(as_loaded, inode),
							 mntns_snapshot_find(snapshot, inode),
							 MNTNS_DIFF_SAME_MACHINE);
		assert_int_equal(mntns_diff_n_changes(diff), 0);
		mntns_diff_free(diff);
	}
	mntns_snapshot_free(as_loaded);
	mntns_snapshot_free(snapshot);
	mntns_model_free(model);
}

/* What is mounted on the host arrives in the container; a snapshot stays what it was. */
static void a_mount_arrives(void **state)
{
	struct mntns_model *model = load();
	struct mntns_snapshot *before = export(model);
	struct mntns_process *host = enter(model, 4);

	works(host, "bind /srv/data /mnt\nset-attr /mnt ro\n");
	struct mntns_snapshot *after = export(model);
	assert_null(at(before, 5, "/mnt"));
	const struct mntns_mount *mount = at(after, 5, "/mnt");
	assert_non_null(mount);
	assert_string_equal(mntns_mount_propagation(mount), "slave");
	assert_string_equal(mntns_mount_root(mount), "/data");
	struct mntns_diff *diff =
		mntns_diff_new(mntns_snapshot_find(before, 5), mntns_snapshot_find(after, 5),
			       MNTNS_DIFF_SAME_MACHINE);
	assert_int_equal(mntns_diff_n_changes(diff), 1);
	assert_null(mntns_diff_before(diff, 0));
	assert_ptr_equal(mntns_diff_after(diff, 0), mount);
	mntns_diff_free(diff);
	works(host, "umount /mnt");
	mntns_snapshot_free(before);
	before = export(model);
	assert_null(at(before, 5, "/mnt"));
	mntns_snapshot_free(before);
	mntns_snapshot_free(after);
	mntns_model_free(model);
}

static void a_container_is_made(void **state)
{
	struct mntns_model *model = load();
	struct mntns_process *process = enter(model, 4);

	assert_int_equal(mntns_process_namespace(process), 4);
	works(process, "unshare mnt\nset-attr / rec private\ntmpfs /tmp\n");
	uint64_t inode = mntns_process_namespace(process);
	assert_true(inode > 6);
	struct mntns_snapshot *snapshot = export(model);
	assert_int_equal(mntns_snapshot_n_namespaces(snapshot), 4);
	assert_non_null(at(snapshot, inode, "/tmp"));
	assert_non_null(at(snapshot, inode, "/srv"));
	assert_null(at(snapshot, 4, "/tmp"));
	mntns_snapshot_free(snapshot);
	mntns_process_end(process);
	snapshot = export(model);
	assert_null(mntns_snapshot_find(snapshot, inode));
	mntns_snapshot_free(snapshot);
	mntns_process_end(NULL);
	mntns_model_free(model);
}

static void refused(struct mntns_process *process, const char *ops, int code, size_t done,
		    const char *part)
{
	struct mntns_error *error = NULL;
	size_t n = 99;

	assert_int_equal(mntns_process_run(process, ops, &n, &error), -code);
	assert_int_equal(mntns_error_code(error), code);
	assert_contains(mntns_error_message(error), part);
	assert_int_equal(n, done);
	mntns_error_free(error);
	assert_int_equal(mntns_process_run(process, ops, NULL, NULL), -code);
}

static void refusals(void **state)
{
	struct mntns_model *model = load();
	struct mntns_process *process = enter(model, 4), *none = NULL;
	struct mntns_error *error = NULL;

	refused(process, "umount /nowhere", EINVAL, 0, "umount /nowhere");
	refused(process, "mkdir /a/b parents\nchdir /a\numount /srv\numount /srv\n", EINVAL, 3,
		"umount /srv");
	refused(process, "mount", EINVAL, 0, "ops:1:6: ");
	refused(process, "move-mount h1 /x", EINVAL, 0, "h1");
	assert_int_equal(mntns_process_new(model, 44, &none, &error), -ESRCH);
	assert_contains(mntns_error_message(error), "no such namespace");
	mntns_error_free(error);
	assert_int_equal(mntns_process_new(model, 6, &none, &error), -ESRCH);
	assert_contains(mntns_error_message(error), "no table");
	mntns_error_free(error);
	assert_null(none);
	mntns_model_free(model);
	mntns_model_free(NULL);
}

static void a_machine_that_lies(void **state)
{
	static const char lie[] =
		"{\"version\": 1, \"namespaces\": [{\"inode\": 4, \"mounts\": ["
		"{\"id\": 1, \"parent\": 9, \"device\": \"8:1\", \"root\": \"/\", \"target\": "
		"\"/\", "
		"\"fstype\": \"ext4\", \"vfs-options\": \"rw\", \"shared\": 5, \"master\": 5}]}]}";
	struct mntns_snapshot *snapshot = parse(lie);
	struct mntns_error *error = NULL;
	struct mntns_model *model = NULL;

	assert_int_equal(mntns_model_new(snapshot, &model, &error), -EINVAL);
	assert_contains(mntns_error_message(error), "its own group's slave");
	assert_null(model);
	mntns_error_free(error);
	mntns_snapshot_free(snapshot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_was_loaded), cmocka_unit_test(a_mount_arrives),
		cmocka_unit_test(a_container_is_made),	cmocka_unit_test(refusals),
		cmocka_unit_test(a_machine_that_lies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
