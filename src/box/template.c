// SPDX-License-Identifier: Apache-2.0
/*
 * Making and pinning the template namespace. The kernel refuses to pin a namespace whose id is
 * not larger than the caller's (ELOOP); since Linux 6.18 ids come from per-CPU batches, so a
 * refusal is answered by trying on the next CPU. Nor does it copy a pin to peers in other
 * namespaces (EINVAL); then the runtime directory gets a private mount of its own.
 */
#include "box/template.h"
#include "base/mem.h"
#include "box/journal.h"
#include "box/push.h"
#include "exec/kernel.h"
#include "sys/probe.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <linux/nsfs.h>

/* -errno: it is not known, and one more pin would cover the first. */
static int is_pinned(const char *path)
{
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct statfs fs;

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (fstatfs(fd, &fs) < 0)
		return -errno;
	if (fs.f_type != NSFS_MAGIC)
		return 0;
	int type = ioctl(fd, NS_GET_NSTYPE);
	return type < 0 ? -errno : type == CLONE_NEWNS;
}

/* The ops that turn a copy of the host's namespace into the template. */
static int make_empty(void)
{
	AUTO(ops) struct ops ops = {0};
	AUTO(exec) struct exec ex = {0};

	ops_push(&ops, (struct op){.kind = OP_UNSHARE, .namespaces = CLONE_NEWNS});
	push_set(&ops, push_at(0, "/"), 0, MS_PRIVATE, OP_REC);
	int root = push_fs(&ops, "tmpfs",
			   MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
				   MOUNT_ATTR_NOEXEC,
			   "mode=555,size=4k,nr_inodes=1");
	push_attach(&ops, root, push_at(0, "/"), 0);
	push_switch_root(&ops, root, 0);
	return exec_kernel(&ex, &ops, 0, ops.n, NULL);
}

static _Noreturn void keep(int cpu, int ready)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sched_setaffinity(0, sizeof(set), &set);
	if (make_empty() == 0)
		(void)!write(ready, "", 1);
	close(ready);
	for (;;)
		pause();
}

/* A child that is the template until it is killed; its readiness comes through the pipe. */
static pid_t spawn_keeper(int cpu)
{
	int ready[2];
	char byte;

	if (pipe2(ready, O_CLOEXEC) < 0)
		return -errno;
	pid_t pid = fork();
	if (pid == 0)
		keep(cpu, ready[1]);
	int code = errno;
	close(ready[1]);
	ssize_t n = pid < 0 ? -1 : read(ready[0], &byte, 1);
	close(ready[0]);
	if (pid < 0)
		return -code;
	if (n == 1)
		return pid;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return -EPERM;
}

static int pin(pid_t keeper, const char *path)
{
	AUTO_FREE char *ns = xasprintf("/proc/%d/ns/mnt", keeper);
	AUTO_FD int tree = open_tree(AT_FDCWD, ns, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

	if (tree < 0 || move_mount(tree, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH) < 0)
		return -errno;
	return 0;
}

static int pin_from_cpu(int cpu, const char *path)
{
	pid_t keeper = spawn_keeper(cpu);

	if (keeper < 0)
		return keeper;
	int rc = pin(keeper, path);
	kill(keeper, SIGKILL);
	waitpid(keeper, NULL, 0);
	return rc;
}

static int pin_from_any_cpu(const char *path)
{
	cpu_set_t allowed;
	int rc = -ELOOP;

	if (sched_getaffinity(0, sizeof(allowed), &allowed) < 0)
		return -errno;
	for (int cpu = 0; cpu < CPU_SETSIZE && rc == -ELOOP; cpu++)
		if (CPU_ISSET((size_t)cpu, &allowed))
			rc = pin_from_cpu(cpu, path);
	return rc;
}

static int make_pin(const char *dir, const char *path)
{
	AUTO_FD int lock = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO_FD int file = -1;

	if (lock < 0 || flock(lock, LOCK_EX) < 0)
		return -errno;
	int pinned = is_pinned(path);
	if (pinned)
		return pinned < 0 ? pinned : 0;
	file = open(path, O_CREAT | O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0400);
	if (file < 0)
		return -errno;
	int rc = pin_from_any_cpu(path);
	if (rc != -EINVAL || runtime_dir_make_private(dir) < 0)
		return rc;
	rc = pin_from_any_cpu(path);
	if (rc < 0)
		umount2(dir, MNT_DETACH | UMOUNT_NOFOLLOW);
	return rc;
}

char *template_get(void)
{
	AUTO_FREE char *dir = NULL;
	AUTO_FREE char *path = NULL;

	if (!probe_may_try(PROBE_TEMPLATE) || runtime_dir(true, &dir, NULL) < 0)
		return NULL;
	path = xasprintf("%s/template", dir);
	if (is_pinned(path) <= 0 && make_pin(dir, path) < 0)
		return NULL;
	return TAKE_PTR(path);
}

int template_unpin(struct err *err)
{
	AUTO_FREE char *dir = NULL;
	AUTO_FREE char *path = NULL;
	int n = 0;

	if (runtime_dir(false, &dir, NULL) < 0)
		return 0;
	path = xasprintf("%s/template", dir);
	int pinned = is_pinned(path);
	if (pinned < 0)
		return err_set(err, -pinned, "%s", path);
	if (pinned) {
		if (umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) < 0)
			return err_set(err, errno, "umount %s", path);
		n = 1;
	}
	unlink(path);
	return runtime_dir_release(dir, err) < 0 ? -err->code : n;
}
