// SPDX-License-Identifier: Apache-2.0
/*
 * One more process in a container. All namespaces are entered by one setns(2) of the process's
 * pidfd, so they are of one moment and of one process, which the caller knows to be the
 * container's: a PID that is used again is none of them. The midwife is in the container's cgroups
 * before it enters these, so that its child is born in them, and nothing of the host's is open
 * where the container could look.
 */
#include "base/mem.h"
#include "box/contain_parts.h"
#include "box/descriptors.h"
#include "box/schedule.h"
#include "sys/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>

struct joining {
	const struct box_join *order;
	int root; /* the process's, -1: that of its mount namespace */
};

/* Who is privileged in the container may look into us all the same: what is there to be had? */
static int drop_descriptors(struct box *box, const struct joining *j, struct err *err)
{
	int keep[] = {box->sync, box->console, j->order->pidfd, j->root};
	int rc = descriptors_close_but(STDERR_FILENO + 1 + box->spec->preserve_fds, keep,
				       ARRAY_SIZE(keep));

	exec_init(&box->exec);
	box->procfd = -1;
	return rc < 0 ? err_set(err, -rc, "close descriptors") : 0;
}

/* One that has no such directory never had one. */
static int enter_cgroups(const struct strv *dirs, struct err *err)
{
	for (size_t i = 0; i < dirs->n; i++) {
		AUTO_FREE char *path = xasprintf("%s/tasks", dirs->v[i]);
		AUTO_FD int fd = open(path, O_WRONLY | O_CLOEXEC);
		if ((fd < 0 && errno != ENOENT) || (fd >= 0 && write(fd, "0", 1) < 0))
			return err_set(err, errno, "enter the cgroup %s", dirs->v[i]);
	}
	return 0;
}

static int enter(struct box *box, void *joining, struct err *err)
{
	const struct joining *j = joining;

	if (enter_cgroups(&box->into->v1, err) < 0 || drop_descriptors(box, j, err) < 0)
		return -err->code;
	/* Before the first moment in which the container sees us. */
	if (prctl(PR_SET_DUMPABLE, 0) < 0)
		return err_set(err, errno, "dumpable");
	if (setns(j->order->pidfd, (int)j->order->namespaces) < 0)
		return err_set(err, errno, "enter the container's namespaces");
	if (j->root >= 0 && (fchdir(j->root) < 0 || chroot(".") < 0))
		return err_set(err, errno, "enter the container's root");
	if (j->order->namespaces & CLONE_NEWUSER &&
	    (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0))
		return err_set(err, errno, "become root of the container's user namespace");
	box->pid = sys_clone3(CLONE_PARENT, -1);
	if (box->pid == 0)
		contained_joiner(box);
	if (box->pid < 0 && errno == EAGAIN)
		return err_set(err, EAGAIN,
			       "fork in the container: its pids limit must have room for two");
	return box->pid < 0 ? err_set(err, errno, "fork in the container") : 0;
}

/* If the process is there afterwards, it was its own. */
static int open_root(pid_t pid, int pidfd)
{
	AUTO_FREE char *path = xasprintf("/proc/%d/root", pid);
	AUTO_FD int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct pollfd end = {pidfd, POLLIN, 0};

	if (fd < 0)
		return -1;
	if (poll(&end, 1, 0)) {
		errno = ESRCH;
		return -1;
	}
	return TAKE_FD(fd);
}

static int join(struct box *box, const struct box_join *order, struct err *err)
{
	AUTO_FD int root = -1, cgroup = -1;

	if (order->own_root && (root = open_root(order->pid, order->pidfd)) < 0)
		return err_set(err, errno, "root of process %d of the container", order->pid);
	struct joining joining = {order, root};
	/* Of this process, and so of whom it bears. */
	if (schedule_cpus(&box->spec->process->cpus_before, 0, "initial", err) < 0)
		return -err->code;
	box->console = order->console;
	box->notify = order->notify;
	box->into = order->into;
	box->joined = true;
	/* As above: what is not there never was. */
	bool in_v2 = order->into->v2 && access(order->into->v2, F_OK) == 0;
	if ((in_v2 && contain_open_cgroup(order->into, &cgroup, err) < 0) ||
	    contain_bear(box, enter, &joining, cgroup, err) < 0 ||
	    contain_settle(box, order->settle, order->arg, err) < 0)
		return -err->code;
	return 0;
}

int box_join(const struct box_join *order, pid_t *ret_pid, struct err *err)
{
	struct box box;
	int status = BOX_EXIT_FAILED, rc;

	box_init(&box, order->spec);
	rc = contain_block_signals(err);
	if (rc == 0)
		rc = join(&box, order, err);
	if (rc == 0 && order->foreground) {
		status = box_supervise(&box, err);
	} else {
		if (rc == 0)
			rc = contain_await(&box, &box.status, err);
		status = rc < 0 ? box.status : 0;
		*ret_pid = box.pid;
		box.pid = rc < 0 ? box.pid : 0;
	}
	box.console = -1;
	box_done(&box);
	return status;
}
