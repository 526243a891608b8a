// SPDX-License-Identifier: Apache-2.0
/*
 * compare-readers DIR SEED ROUNDS: random mount tables in nested namespaces, each read as mountinfo
 * and by statmount, from inside and from outside: every field but mnt.unique must be the same.
 * Prints what differs, and how often the rarer things occurred. DIR is a mount of the caller's own.
 */
#include "base/mem.h"
#include "mnt/mnt.h"
#include "random_mounts.h"
#include "read/table.h"
#include "sys/calls.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <linux/nsfs.h>

#define WORKERS	   5
#define MOUNTS_MAX 600

enum verb {
	CHANGE,
	MAKE_CHAIN,
	BREAK_CHAIN,
	BRANCH,
	CHROOT,
	COMPARE
};
struct order {
	enum verb verb;
	uint32_t n; /* changes; which worker is to be born */
	uint64_t seed;
};
struct fleet {
	int to[WORKERS], at[WORKERS]; /* both ends of each worker's socket */
	pid_t pid[WORKERS];
	struct random_mounts random;
	unsigned tables, mounts, from, deleted, idmapped, chains, unbindable, quoted, jails;
};

static void print_mount(const char *name, const struct mnt *mnt)
{
	AUTO(buf) struct buf b = {0};
	AUTO(buf) struct buf quoted = {0};

	buf_addf(&b, "%s: %u %u %u:%u %s %s ", name, mnt->id, mnt->parent, mnt->major, mnt->minor,
		 mnt->root, mnt->target);
	mnt_options_print(mnt, &b);
	buf_addc(&b, ' ');
	mnt_type_print(mnt, &b);
	buf_addf(&b, " - [%s] [%s] %s", mnt->fstype, mnt->source, mnt->options);
	buf_add_printable(&quoted, b.data);
	printf("# %s\n", quoted.data);
}

static bool is_equal(const struct mnt *a, const struct mnt *b)
{
	return a->id == b->id && a->parent == b->parent && mnt_is_same_dir(a, b) &&
	       !strcmp(a->target, b->target) && !strcmp(a->fstype, b->fstype) &&
	       !strcmp(a->source, b->source) && !strcmp(a->options, b->options) &&
	       !strcmp(a->extra, b->extra) && a->group == b->group && a->master == b->master &&
	       a->from == b->from && a->attr == b->attr && a->flags == b->flags;
}

static bool compare(const char *how, const struct mnt_table *text, const struct mnt_table *stat)
{
	if (text->n != stat->n) {
		printf("# %s: %zu mounts in mountinfo, %zu by statmount\n", how, text->n, stat->n);
		return false;
	}
	for (size_t i = 0; i < text->n; i++) {
		if (is_equal(&text->v[i], &stat->v[i]))
			continue;
		printf("# %s\n", how);
		print_mount("mountinfo", &text->v[i]);
		print_mount("statmount", &stat->v[i]);
		return false;
	}
	return true;
}

static bool is_tree(const struct mnt_table *table, const char *how)
{
	struct mnt_tree tree;
	AUTO(err) struct err err = {0};
	int rc = mnt_tree_init(&tree, table, &err);

	if (rc < 0)
		printf("# %s: %s\n", how, err.msg);
	else
		mnt_tree_done(&tree);
	return rc == 0;
}

static bool read_file(const char *path, struct mnt_table *ret)
{
	AUTO(err) struct err err = {0};
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && read_mountinfo(fd, path, ret, &err) == 0)
		return true;
	printf("# %s: %s\n", path, fd < 0 ? strerror(errno) : err.msg);
	return false;
}

static bool compare_inside(void)
{
	AUTO(mnt_table) struct mnt_table text = {0};
	AUTO(mnt_table) struct mnt_table stat = {0};
	AUTO(err) struct err err = {0};

	if (!read_file("/proc/self/mountinfo", &text))
		return false;
	if (read_statmount(0, -1, &stat, &err) < 0) {
		printf("# statmount inside: %s\n", err.msg);
		return false;
	}
	return compare("inside", &text, &stat) && is_tree(&text, "inside");
}

static void count(struct fleet *fleet, const struct mnt_table *table)
{
	fleet->tables++;
	for (size_t i = 0; i < table->n; i++) {
		const struct mnt *mnt = &table->v[i];
		fleet->mounts++;
		fleet->from += mnt->from != 0;
		fleet->deleted += (mnt->flags & MNT_DELETED) != 0;
		fleet->idmapped += (mnt->flags & MNT_IDMAPPED) != 0;
		fleet->unbindable += (mnt->flags & MNT_UNBINDABLE) != 0;
		fleet->chains += mnt->group && mnt->master;
		fleet->quoted += strpbrk(mnt->target, " \t\n\\#\377") != NULL;
	}
}

static bool compare_table(const char *how, const struct read_ns *ns, const struct mnt_table *text)
{
	AUTO(mnt_table) struct mnt_table table = {0};
	AUTO(err) struct err err = {0};

	if (read_table(ns, &table, &err) == 0)
		return compare(how, text, &table);
	printf("# %s: %s\n", how, err.msg);
	return false;
}

/* Both ways, whichever is preferred. */
static bool compare_ways(const struct read_ns *ns, const struct mnt_table *text)
{
	bool equal = compare_table("all ways", ns, text) &&
		     compare_table("file", &(struct read_ns){0, 0, ns->fd}, text) &&
		     compare_table("id and file", &(struct read_ns){0, ns->id, ns->fd}, text);

	setenv("MNTNS_WITHOUT", "statmount", 1);
	equal = equal && compare_table("without statmount", ns, text);
	setenv("MNTNS_WITHOUT", "mountinfo", 1);
	equal = equal && compare_table("without mountinfo", ns, text);
	unsetenv("MNTNS_WITHOUT");
	return equal;
}

static bool compare_outside(struct fleet *fleet, pid_t pid)
{
	AUTO(mnt_table) struct mnt_table text = {0};
	AUTO_FREE char *path = xasprintf("/proc/%d/mountinfo", pid);
	AUTO_FREE char *file = xasprintf("/proc/%d/ns/mnt", pid);
	AUTO_FD int fd = open(file, O_RDONLY | O_CLOEXEC);
	uint64_t id = 0;

	if (fd < 0 || ioctl(fd, NS_GET_MNTNS_ID, &id) < 0 || !read_file(path, &text))
		return false;
	count(fleet, &text);
	return compare_ways(&(struct read_ns){pid, id, fd}, &text);
}

static uint32_t count_mounts(void)
{
	static uint64_t ids[MOUNTS_MAX];

	return (uint32_t)sys_listmount(0, LSMT_ROOT, 0, ids, MOUNTS_MAX);
}

static void work(const struct fleet *fleet, int i);

/* The root is a plain directory or a mount, with mounts outside of it; it needs a /proc. */
static int enter_jail(struct random_mounts *random)
{
	char path[64];
	int n = snprintf(path, sizeof(path), "%s/jail", random->dir);

	if (mount("jail", random->dir, "tmpfs", 0, NULL) < 0 || mkdir(path, 0755) < 0)
		return -1;
	if (random_below(random, 2) && mount(random->dir, path, NULL, MS_BIND | MS_REC, NULL) < 0)
		return -1;
	strcpy(path + n, "/proc");
	if ((mkdir(path, 0755) < 0 && errno != EEXIST) || mount("proc", path, "proc", 0, NULL) < 0)
		return -1;
	path[n] = 0;
	return chroot(path);
}

static int64_t obey(const struct fleet *fleet, int i, const struct order *order)
{
	struct random_mounts random = fleet->random;
	pid_t pid;

	random.state = order->seed;
	switch (order->verb) {
	case CHANGE:
		for (uint32_t k = 0; k < order->n && count_mounts() < MOUNTS_MAX / 2; k++)
			random_change(&random);
		return 0;
	case MAKE_CHAIN:
		random_chain_make(&random);
		return 0;
	case BREAK_CHAIN:
		random_chain_break(&random);
		return 0;
	case BRANCH:
		pid = fork();
		if (pid == 0)
			work(fleet, (int)order->n);
		return pid;
	case CHROOT:
		return enter_jail(&random);
	case COMPARE:
		return compare_inside();
	}
	return -1;
}

/* A worker has a namespace of its own, with propagation from where it was born; it never returns.
 */
static void work(const struct fleet *fleet, int i)
{
	struct order order;

	if (unshare(CLONE_NEWNS) < 0)
		_exit(1);
	for (int k = 0; k < WORKERS; k++)
		close(fleet->to[k]);
	while (read(fleet->at[i], &order, sizeof(order)) == sizeof(order)) {
		int64_t answer = obey(fleet, i, &order);
		fflush(stdout);
		if (write(fleet->at[i], &answer, sizeof(answer)) < 0)
			break;
	}
	_exit(0);
}

static int64_t tell(struct fleet *fleet, int i, enum verb verb, uint32_t n)
{
	struct order order = {verb, n, fleet->random.state};
	int64_t answer = -1;

	random_below(&fleet->random, 2);
	if (write(fleet->to[i], &order, sizeof(order)) < 0 ||
	    read(fleet->to[i], &answer, sizeof(answer)) != sizeof(answer))
		return -1;
	return answer;
}

static bool compare_all(struct fleet *fleet, int n)
{
	bool equal = true;

	for (int i = 0; i < n; i++)
		equal &= tell(fleet, i, COMPARE, 0) == 1 && compare_outside(fleet, fleet->pid[i]);
	return equal;
}

static bool play(struct fleet *fleet)
{
	bool equal = true;

	fleet->pid[0] = fork();
	if (fleet->pid[0] == 0) {
		if (unshare(CLONE_NEWNS) < 0 || mount("t", fleet->random.dir, "tmpfs", 0, NULL) < 0)
			_exit(1);
		work(fleet, 0);
	}
	tell(fleet, 0, CHANGE, 30);
	for (int i = 1; i < WORKERS && equal; i++) {
		int parent = (int)random_below(&fleet->random, (uint32_t)i);
		tell(fleet, parent, i % 2 ? MAKE_CHAIN : CHANGE, 3);
		fleet->pid[i] = (pid_t)tell(fleet, parent, BRANCH, (uint32_t)i);
		tell(fleet, i, i % 2 ? BREAK_CHAIN : CHANGE, 3);
		for (int k = 0; k <= i; k++)
			tell(fleet, k, CHANGE, 5 + random_below(&fleet->random, 20));
		equal = compare_all(fleet, i + 1);
	}
	/* From outside a chroot is not seen; inside it is. */
	int jailed = (int)random_below(&fleet->random, WORKERS);
	/* What was done before may have left no place for one. */
	if (!equal || tell(fleet, jailed, CHROOT, 0) != 0)
		return equal;
	fleet->jails++;
	return tell(fleet, jailed, COMPARE, 0) == 1;
}

static bool play_round(struct fleet *fleet)
{
	for (int i = 0; i < WORKERS; i++) {
		int pair[2];
		if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
			return false;
		fleet->to[i] = pair[0];
		fleet->at[i] = pair[1];
	}
	bool equal = play(fleet);
	/* A worker ends with its socket; those that a worker made are then children of main. */
	for (int i = 0; i < WORKERS; i++) {
		close(fleet->at[i]);
		close(fleet->to[i]);
	}
	while (wait(NULL) > 0 || errno == EINTR)
		continue;
	return equal;
}

/* A user namespace whose ids are others than here. */
static int make_userns(void)
{
	int ready[2], done[2], fd = -1;
	char c = 0;

	if (pipe2(ready, O_CLOEXEC) < 0 || pipe2(done, O_CLOEXEC) < 0)
		return -1;
	pid_t pid = fork();
	if (pid == 0) {
		c = unshare(CLONE_NEWUSER) == 0;
		_exit(write(ready[1], &c, 1) != 1 || read(done[0], &c, 1) != 1);
	}
	if (read(ready[0], &c, 1) == 1 && c) {
		const char *const maps[] = {"uid_map", "gid_map"};
		for (size_t i = 0; i < ARRAY_SIZE(maps); i++) {
			AUTO_FREE char *map = xasprintf("/proc/%d/%s", pid, maps[i]);
			AUTO_FD int map_fd = open(map, O_WRONLY | O_CLOEXEC);
			if (write(map_fd, "0 100000 65536", 14) < 0)
				perror(map);
		}
		AUTO_FREE char *path = xasprintf("/proc/%d/ns/user", pid);
		fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	if (write(done[1], &c, 1) < 0)
		perror("write");
	close(ready[0]), close(ready[1]), close(done[0]), close(done[1]);
	waitpid(pid, NULL, 0);
	return fd;
}

int main(int argc, char **argv)
{
	struct fleet fleet = {.random.userns = make_userns()};

	if (argc != 4) {
		fprintf(stderr, "usage: compare-readers DIR SEED ROUNDS\n");
		return 2;
	}
	/* Workers print too, and end without a flush. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	fleet.random.dir = argv[1];
	for (unsigned round = 0; round < (unsigned)atoi(argv[3]); round++) {
		unsigned seed = (unsigned)atoi(argv[2]) + round;
		fleet.random.state = (seed + 1) * 0x9e3779b97f4a7c15ULL;
		if (!play_round(&fleet)) {
			printf("# not equal with seed %u\n", seed);
			return 1;
		}
	}
	printf("tables %u mounts %u propagate_from %u deleted %u idmapped %u unbindable %u "
	       "shared_slaves %u quoted %u jails %u\n",
	       fleet.tables, fleet.mounts, fleet.from, fleet.deleted, fleet.idmapped,
	       fleet.unbindable, fleet.chains, fleet.quoted, fleet.jails);
	return 0;
}
