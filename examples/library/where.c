// SPDX-License-Identifier: Apache-2.0
/*
 * where PATH [SNAPSHOT]: on which mount PATH lies in each mount namespace of the machine, or of a
 * file that `mntns snapshot` wrote, and with how many others it shares what is mounted there.
 *
 *	cc -o where where.c $(pkg-config --cflags --libs mntns)
 */
#include <mntns/table.h>
#include <stdio.h>

static void print(const struct mntns_namespace *ns, const char *path)
{
	const struct mntns_mount *mount = mntns_namespace_find_path(ns, path);
	char options[256];

	printf("mnt:[%llu] %s: ", (unsigned long long)mntns_namespace_inode(ns),
	       mntns_namespace_label(ns));
	if (!mount) {
		const char *gap = mntns_namespace_gap(ns);
		printf("%s\n", gap ? gap : "nowhere");
		return;
	}
	const struct mntns_group *group =
		mntns_snapshot_find_group(mntns_namespace_snapshot(ns), mntns_mount_group(mount));
	mntns_mount_vfs_options(mount, options, sizeof(options));
	printf("%s on %s type %s (%s), %s", mntns_mount_source(mount), mntns_mount_target(mount),
	       mntns_mount_fstype(mount), options, mntns_mount_propagation(mount));
	if (group)
		printf("; peers: %zu, slaves: %zu", mntns_group_n_members(group) - 1,
		       mntns_group_n_slaves(group));
	printf("\n");
}

int main(int argc, char **argv)
{
	struct mntns_error *error = NULL;
	struct mntns_snapshot *snapshot;
	int rc;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: where PATH [SNAPSHOT]\n");
		return 2;
	}
	if (argc == 3)
		rc = mntns_snapshot_load(argv[2], &snapshot, &error);
	else
		rc = mntns_snapshot_scan(MNTNS_SCAN_TABLES, &snapshot, &error);
	if (rc < 0) {
		fprintf(stderr, "where: %s\n", mntns_error_message(error));
		mntns_error_free(error);
		return 1;
	}
	for (size_t i = 0; i < mntns_snapshot_n_namespaces(snapshot); i++)
		print(mntns_snapshot_namespace(snapshot, i), argv[1]);
	for (size_t i = 0; i < mntns_snapshot_n_gaps(snapshot); i++)
		fprintf(stderr, "where: %s\n", mntns_snapshot_gap(snapshot, i));
	mntns_snapshot_free(snapshot);
	return 0;
}
