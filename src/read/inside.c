// SPDX-License-Identifier: Apache-2.0
/* A look from inside of a namespace that may have no process. */
#include "read/parts.h"
#include "read/table.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/*
 * A child, because the caller itself would have to find back, and could not if it has threads. It
 * is made by the bare call: handlers of fork(3) have no business here.
 */
int read_inside(int ns_fd, int (*work)(void *ctx), void *ctx, struct err *err)
{
	int status;
	pid_t pid = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);

	if (pid < 0)
		return err_set(err, errno, "clone");
	if (pid == 0)
		_exit(setns(ns_fd, CLONE_NEWNS) < 0 ? 255 : work(ctx));
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (!WIFEXITED(status))
		return err_say(err, EIO, "the child that looks into the namespace was killed");
	if (WEXITSTATUS(status) == 255)
		return err_say(err, EPERM,
			       "the namespace cannot be entered: that needs CAP_SYS_ADMIN over its "
			       "user namespace, and CAP_SYS_CHROOT");
	if (WEXITSTATUS(status))
		return err_set(err, WEXITSTATUS(status), "look into the namespace");
	return 0;
}

/* Puts mountinfo in the place of the descriptor of /proc: that number the parent knows. */
static int open_mountinfo(void *ctx)
{
	int place = *(int *)ctx;
	int fd = openat(place, "self/mountinfo", O_RDONLY | O_CLOEXEC);

	return fd < 0 || dup3(fd, place, O_CLOEXEC) < 0 || close(fd) < 0 ? errno : 0;
}

int read_enter_mountinfo(int ns_fd, struct err *err)
{
	AUTO_FD int fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_set(err, errno, "open /proc");
	int rc = read_inside(ns_fd, open_mountinfo, &fd, err);
	return rc < 0 ? rc : TAKE_FD(fd);
}
