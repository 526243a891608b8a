// SPDX-License-Identifier: Apache-2.0
/*
 * would OPS [SNAPSHOT]: what a list of mount operations, mntns-ops(5), would change in each mount
 * namespace of the machine, or of a file that `mntns snapshot` wrote. Nothing is done.
 *
 *	would 'bind /srv/data /mnt'
 *	cc -o would would.c $(pkg-config --cflags --libs mntns)
 */
#include <mntns/model.h>
#include <stdio.h>

static void print(const struct mntns_namespace *before, const struct mntns_namespace *after)
{
	struct mntns_diff *diff = mntns_diff_new(before, after, MNTNS_DIFF_SAME_MACHINE);

	for (size_t i = 0; i < mntns_diff_n_changes(diff); i++) {
		const struct mntns_mount *was = mntns_diff_before(diff, i);
		const struct mntns_mount *is = mntns_diff_after(diff, i);
		printf("mnt:[%llu] %s: %c %s (%s)\n",
		       (unsigned long long)mntns_namespace_inode(after),
		       mntns_namespace_label(before),
		       !was  ? '+'
		       : !is ? '-'
			     : '~',
		       mntns_mount_target(is ? is : was), mntns_mount_propagation(is ? is : was));
	}
	mntns_diff_free(diff);
}

static int run(const struct mntns_snapshot *snapshot, const char *ops, struct mntns_error **error)
{
	const struct mntns_namespace *self = mntns_snapshot_self(snapshot);
	struct mntns_process *process;
	struct mntns_snapshot *after;
	struct mntns_model *model;
	int rc = mntns_model_new(snapshot, &model, error);

	if (rc < 0)
		return rc;
	if (!self)
		self = mntns_snapshot_namespace(snapshot, 0);
	rc = mntns_process_new(model, mntns_namespace_inode(self), &process, error);
	if (rc == 0)
		rc = mntns_process_run(process, ops, NULL, error);
	if (rc == 0)
		rc = mntns_model_export(model, &after, error);
	mntns_model_free(model);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < mntns_snapshot_n_namespaces(snapshot); i++)
		print(mntns_snapshot_namespace(snapshot, i), mntns_snapshot_namespace(after, i));
	mntns_snapshot_free(after);
	return 0;
}

int main(int argc, char **argv)
{
	struct mntns_error *error = NULL;
	struct mntns_snapshot *snapshot;
	int rc;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: would OPS [SNAPSHOT]\n");
		return 2;
	}
	if (argc == 3)
		rc = mntns_snapshot_load(argv[2], &snapshot, &error);
	else
		rc = mntns_snapshot_scan(MNTNS_SCAN_TABLES, &snapshot, &error);
	if (rc == 0) {
		rc = run(snapshot, argv[1], &error);
		mntns_snapshot_free(snapshot);
	}
	if (rc == 0)
		return 0;
	fprintf(stderr, "would: %s\n", mntns_error_message(error));
	mntns_error_free(error);
	return 1;
}
