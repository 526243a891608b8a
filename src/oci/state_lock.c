// SPDX-License-Identifier: Apache-2.0
/*
 * A container's lock is an flock(2) of its directory. Who must have it ends whoever keeps it for
 * too long: a creator whose hook hangs. A process is told by the open file that has the lock, not
 * by a number that was written down: that may be another's by now.
 */
#include "base/io.h"
#include "base/mem.h"
#include "oci/state.h"
#include "sys/calls.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define GRACE_MS    5000 /* for one who is only slow */
#define PATIENCE_MS 10000
#define STEP_MS	    10

static int lock_within(int dir, int ms)
{
	const struct timespec step = {0, STEP_MS * 1000000};

	while (flock(dir, LOCK_EX | LOCK_NB) < 0) {
		if ((errno != EWOULDBLOCK && errno != EINTR) || ms <= 0)
			return -errno;
		nanosleep(&step, NULL);
		ms -= STEP_MS;
	}
	return 0;
}

/* The kernel shows a lock at the file that has it, not at those that wait for it. */
static bool has_lock(int process, const char *fd, const struct stat *dir)
{
	AUTO_FREE char *info = xasprintf("fdinfo/%s", fd), *file = xasprintf("fd/%s", fd);
	AUTO(buf) struct buf text = {0};
	struct stat st;

	return io_read_file(process, info, 1 << 16, &text, NULL) == 0 &&
	       strstr(text.data, "FLOCK") && fstatat(process, file, &st, 0) == 0 &&
	       st.st_dev == dir->st_dev && st.st_ino == dir->st_ino;
}

static bool is_holder(int process, const struct stat *dir)
{
	DIR *files = io_open_dir(process, "fd");
	struct dirent *entry;
	bool found = false;

	while (files && !found && (entry = readdir(files)))
		found = isdigit(*entry->d_name) && has_lock(process, entry->d_name, dir);
	if (files)
		closedir(files);
	return found;
}

static void end_if_holder(int proc, const char *pid, const struct stat *dir)
{
	/* It stays the process's own, whoever gets the number. */
	AUTO_FD int process = openat(proc, pid, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (process < 0 || !is_holder(process, dir))
		return;
	AUTO_FD int pidfd = sys_pidfd_open(atoi(pid));
	if (pidfd >= 0 && is_holder(process, dir))
		syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
}

/* The container's process is one of them until it waits for its start. */
static int end_holders(int dir)
{
	struct stat st;
	DIR *proc = io_open_dir(AT_FDCWD, "/proc");
	struct dirent *entry;
	int rc = proc && fstat(dir, &st) == 0 ? 0 : -errno;

	while (rc == 0 && (entry = readdir(proc)))
		if (isdigit(*entry->d_name))
			end_if_holder(dirfd(proc), entry->d_name, &st);
	if (proc)
		closedir(proc);
	return rc;
}

int state_seize(int dir)
{
	int rc = lock_within(dir, GRACE_MS);

	if (rc == -EWOULDBLOCK)
		rc = end_holders(dir);
	else
		return rc;
	return rc < 0 ? rc : lock_within(dir, PATIENCE_MS);
}
