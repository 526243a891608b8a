// SPDX-License-Identifier: Apache-2.0
/* The helper process lives only until its namespace is held by our descriptor. */
#include "exec/idmap.h"
#include "base/io.h"
#include "base/mem.h"
#include "mnt/attr.h"
#include "sys/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static int write_map(pid_t pid, const char *map, char kind, struct err *err)
{
	AUTO_FREE char *path = xasprintf("/proc/%d/%cid_map", pid, kind);
	AUTO_FREE char *lines = mnt_idmap_lines(map, kind);

	return io_write_file(AT_FDCWD, path, lines, err);
}

static int open_mapped(pid_t pid, const char *map, struct err *err)
{
	AUTO_FREE char *path = xasprintf("/proc/%d/ns/user", pid);

	if (write_map(pid, map, 'u', err) < 0 || write_map(pid, map, 'g', err) < 0)
		return err_add(err, "idmap=%s", map);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? err_set(err, errno, "open %s", path) : fd;
}

int exec_idmap_fd(const char *map, struct err *err)
{
	pid_t parent = getpid();
	pid_t pid = sys_clone3(CLONE_NEWUSER);

	if (pid < 0)
		return err_set(err, errno, "idmap=%s: new user namespace", map);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		for (;;)
			pause();
	}
	int fd = open_mapped(pid, map, err);
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return fd;
}
