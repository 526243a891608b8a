// SPDX-License-Identifier: Apache-2.0
/*
 * read-churn DIR N: N reads of a table in each way, while another process mounts, moves and
 * unmounts in it as fast as it can. None may fail, or give what is no tree. DIR is a mount of the
 * caller's own.
 */
#include "base/mem.h"
#include "read/table.h"
#include "sys/uapi.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <linux/nsfs.h>

#define PLACES 16

static void make_places(const char *dir)
{
	for (int i = 0; i < PLACES; i++) {
		AUTO_FREE char *path = xasprintf("%s/%d", dir, i);
		AUTO_FREE char *below = xasprintf("%s/in", path);
		mkdir(path, 0755);
		mount(dir, path, NULL, MS_BIND, NULL);
		mkdir(below, 0755);
		umount2(path, MNT_DETACH);
	}
}

/* Ids are given again, and mounts change places with those that carried them. */
static void churn(const char *dir)
{
	char a[PATH_MAX], b[PATH_MAX];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (unsigned k = 0;; k++) {
		snprintf(a, sizeof(a), "%s/%u", dir, k % PLACES);
		snprintf(b, sizeof(b), "%s/%u/%u", dir, k * 7 % PLACES, k * 5 % PLACES);
		if (k % 3 == 0)
			mount(dir, a, NULL, MS_BIND, NULL);
		if (mount(a, b, NULL, MS_MOVE, NULL) == 0 && k % 2)
			mount(b, a, NULL, MS_MOVE, NULL);
		if (k % 5 == 0)
			umount2(k % 2 ? a : b, MNT_DETACH);
		if (k % (2 * PLACES) == 0)
			for (int i = 0; i < PLACES; i++) {
				snprintf(a, sizeof(a), "%s/%d", dir, i);
				while (umount2(a, MNT_DETACH) == 0)
					continue;
			}
	}
}

static bool read_once(const char *way, const struct read_ns *ns, size_t *mounts)
{
	AUTO(mnt_table) struct mnt_table table = {0};
	AUTO(err) struct err err = {0};
	struct mnt_tree tree;
	int rc = read_table(ns, &table, &err);

	*mounts += table.n;
	if (rc == 0)
		rc = mnt_tree_init(&tree, &table, &err);
	if (rc < 0) {
		printf("# %s: %s\n", way, err.msg);
		return false;
	}
	mnt_tree_done(&tree);
	return true;
}

/* How often a single read, as it is, would not have been good enough. */
static unsigned count_torn(const struct read_ns *ns, bool by_statmount, unsigned n)
{
	unsigned torn = 0;

	while (n-- > 0) {
		AUTO(mnt_table) struct mnt_table table = {0};
		struct mnt_tree tree;
		AUTO_FD int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
		if ((by_statmount ? read_statmount(ns->id, ns->fd, &table, NULL)
				  : read_mountinfo(fd, "mountinfo", &table, NULL)) < 0 ||
		    mnt_tree_init_links(&tree, &table, NULL) < 0) {
			torn++;
			continue;
		}
		uint32_t i = tree.v[tree.first].next;
		torn += i != MAP_NONE;
		mnt_tree_done(&tree);
	}
	return torn;
}

static bool read_all(const struct read_ns *ns, unsigned n)
{
	const struct {
		const char *name, *without;
		struct read_ns ns;
	} ways[] = {
		{"best", "", *ns},
		{"mountinfo", "statmount", *ns},
		{"statmount", "mountinfo", {0, ns->id, ns->fd}},
		{"file", "statmount", {0, 0, ns->fd}},
	};

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		size_t mounts = 0;
		setenv("MNTNS_WITHOUT", ways[i].without, 1);
		for (unsigned k = 0; k < n; k++)
			if (!read_once(ways[i].name, &ways[i].ns, &mounts))
				return false;
		printf("# %s: %zu mounts in %u reads\n", ways[i].name, mounts, n);
	}
	return true;
}

int main(int argc, char **argv)
{
	struct read_ns ns = {.pid = getpid(),
			     .fd = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC)};

	if (argc != 3 || ns.fd < 0) {
		fprintf(stderr, "usage: read-churn DIR N\n");
		return 2;
	}
	if (ioctl(ns.fd, NS_GET_MNTNS_ID, &ns.id) < 0)
		ns.id = 0;
	unsigned n = (unsigned)atoi(argv[2]);
	make_places(argv[1]);
	pid_t pid = fork();
	if (pid == 0)
		churn(argv[1]);
	bool good = read_all(&ns, n);
	unsetenv("MNTNS_WITHOUT");
	unsigned torn_text = count_torn(&ns, false, n), torn_stat = count_torn(&ns, true, n);
	printf("# torn without a second look: mountinfo %u, statmount %u of %u\n", torn_text,
	       torn_stat, n);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return !good;
}
