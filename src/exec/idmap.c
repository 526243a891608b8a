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

static int write_map(const char *pid, const char *map, char kind, struct err *err)
{
	AUTO_FREE char *path = xasprintf("/proc/%s/%cid_map", pid, kind);
	AUTO_FREE char *lines = mnt_idmap_lines(map, kind);

	if (io_write_file(AT_FDCWD, path, lines, err) == 0)
		return 0;
	return err_hint(err, "without privilege only ids that the caller's user namespace has can "
			     "be mapped, and only in file systems that were mounted in it");
}

static int open_mapped(const char *pid, const char *map, struct err *err)
{
	AUTO_FREE char *path = xasprintf("/proc/%s/ns/user", pid);

	if (write_map(pid, map, 'u', err) < 0 || write_map(pid, map, 'g', err) < 0)
		return err_add(err, "idmap=%s", map);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? err_set(err, errno, "open %s", path) : fd;
}

/* What /proc calls us, which may be that of another PID namespace; then nothing but to be there. */
_Noreturn static void be_there(pid_t parent, int out)
{
	char pid[32];
	ssize_t n = readlink("/proc/self", pid, sizeof(pid));

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || n < 0 || write(out, pid, (size_t)n) != n)
		_exit(1);
	for (;;)
		pause();
}

static int read_pid(int in, char *ret, size_t size, struct err *err)
{
	ssize_t n = read(in, ret, size - 1);

	if (n <= 0)
		return err_say(err, ESRCH, "an id map needs /proc, which is not mounted here");
	ret[n] = 0;
	return 0;
}

int exec_idmap_fd(const char *map, struct err *err)
{
	AUTO_FD int in = -1;
	AUTO_FD int out = -1;
	int ends[2], fd = -1;
	char name[32];
	pid_t parent = getpid();

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_set(err, errno, "idmap=%s: pipe", map);
	in = ends[0];
	out = ends[1];
	pid_t pid = sys_clone3(CLONE_NEWUSER, -1);
	if (pid < 0)
		return err_set(err, errno, "idmap=%s: new user namespace", map);
	if (pid == 0)
		be_there(parent, out);
	close(TAKE_FD(out));
	fd = read_pid(in, name, sizeof(name), err);
	if (fd == 0)
		fd = open_mapped(name, map, err);
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return fd;
}
