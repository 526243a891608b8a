// SPDX-License-Identifier: Apache-2.0
/* Mounts, loop devices, swap and processes, let go. */
#include "exec/release.h"
#include "base/io.h"
#include "base/mem.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <linux/loop.h>

/* What a child sends home: the step that failed, and why. */
enum step {
	ENTER,
	LOOK,
	COMPARE,
	UMOUNT,
	DONE
};
struct result {
	enum step step;
	int code;
};

static bool is_mount(const char *target, uint32_t id, uint64_t unique, struct result *ret)
{
	const int flags = AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT | AT_SYMLINK_NOFOLLOW;
	struct statx st;

	*ret = (struct result){LOOK, 0};
	if (!id)
		return true;
	if (statx(AT_FDCWD, target, flags, STATX_MNT_ID, &st) < 0)
		ret->code = errno;
	else if (st.stx_mnt_id != id)
		*ret = (struct result){COMPARE, ESTALE};
	else if (unique && statx(AT_FDCWD, target, flags, STATX_MNT_ID_UNIQUE, &st) == 0 &&
		 st.stx_mask & STATX_MNT_ID_UNIQUE && st.stx_mnt_id != unique)
		*ret = (struct result){COMPARE, ESTALE};
	return !ret->code;
}

static struct result act(int ns_fd, const char *target, uint32_t id, uint64_t unique)
{
	struct result result;

	if (setns(ns_fd, CLONE_NEWNS) < 0)
		return (struct result){ENTER, errno};
	if (!is_mount(target, id, unique, &result))
		return result;
	return umount2(target, UMOUNT_NOFOLLOW) < 0 ? (struct result){UMOUNT, errno}
						    : (struct result){DONE, 0};
}

static int explain(struct result result, struct err *err)
{
	if (result.step == ENTER)
		return err_set(err, result.code, "its namespace cannot be entered");
	if (result.step == LOOK)
		return err_set(err, result.code, "its path cannot be reached");
	if (result.step == COMPARE)
		return err_say(err, result.code, "another mount is on top at its path");
	if (result.code == EINVAL)
		return err_say(err, EINVAL,
			       "the kernel does not let it go alone: it came with its namespace, "
			       "which belongs to another user namespace, and ends with it");
	if (result.code == EBUSY)
		return err_say(err, EBUSY,
			       "still busy: by somebody who came since, or is out of "
			       "sight");
	return err_set(err, result.code, "umount");
}

int release_umount(int ns_fd, const char *target, uint32_t id, uint64_t unique, struct err *err)
{
	struct result result = {ENTER, ECHILD};
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_set(err, errno, "pipe");
	AUTO_FD int from = ends[0];
	pid_t pid = fork();
	if (pid == 0) {
		result = act(ns_fd, target, id, unique);
		_exit(io_write_all(ends[1], &result, sizeof(result)) < 0);
	}
	close(ends[1]);
	if (pid < 0)
		return err_set(err, errno, "fork");
	ssize_t n = read(from, &result, sizeof(result));
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	if (n != sizeof(result))
		return err_say(err, ECHILD, "the process that went there was ended");
	return result.step == DONE ? 0 : explain(result, err);
}

static int open_loop(const char *name, unsigned major_, unsigned minor_, struct err *err)
{
	AUTO_FREE char *path = xasprintf("/dev/%s", name);
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return err_set(err, errno, "open %s", path);
	if (fstat(fd, &st) < 0 || !S_ISBLK(st.st_mode) || major(st.st_rdev) != major_ ||
	    minor(st.st_rdev) != minor_)
		return err_say(err, ESTALE, "%s is not the device %u:%u", path, major_, minor_);
	return TAKE_FD(fd);
}

static bool is_bound(int fd)
{
	struct loop_info64 info;

	return ioctl(fd, LOOP_GET_STATUS64, &info) == 0;
}

/* The file is let go when the last descriptor of the device is closed: ours may be the last. */
int release_loop(const char *name, unsigned major_, unsigned minor_, struct err *err)
{
	int fd = open_loop(name, major_, minor_, err);

	if (fd < 0)
		return fd;
	int code = !is_bound(fd) || ioctl(fd, LOOP_CLR_FD) == 0 ? 0 : errno;
	close(fd);
	if (code && code != ENXIO)
		return err_set(err, code, "LOOP_CLR_FD");
	AUTO_FD int again = open_loop(name, major_, minor_, NULL);
	if (again >= 0 && is_bound(again))
		return err_say(err, EBUSY, "it has other users; it will end with the last of them");
	return 0;
}

int release_swap(const char *path, struct err *err)
{
	return swapoff(path) < 0 ? err_set(err, errno, "swapoff") : 0;
}

/* Fields 6 and 7 of proc_pid_stat(5), behind the name in parentheses: session and terminal. */
static bool leads_terminal(pid_t pid)
{
	AUTO_FREE char *path = xasprintf("/proc/%d/stat", pid);
	AUTO(buf) struct buf text = {0};
	int session, tty;

	if (io_read_file(AT_FDCWD, path, 4096, &text, NULL) < 0)
		return false;
	const char *end = strrchr(text.data, ')');
	return end && sscanf(end + 1, " %*c %*d %*d %d %d", &session, &tty) == 2 &&
	       session == pid && tty;
}

int release_signal(int pidfd, pid_t pid, bool force, struct err *err)
{
	int rc = pidfd_send_signal(pidfd, force ? SIGKILL : SIGTERM, NULL, 0);

	if (rc < 0 && errno == ESRCH)
		return 0;
	if (rc < 0)
		return err_set(err, errno, "kill");
	if (!force && leads_terminal(pid))
		pidfd_send_signal(pidfd, SIGHUP, NULL, 0);
	if (!force)
		pidfd_send_signal(pidfd, SIGCONT, NULL, 0);
	return 0;
}
