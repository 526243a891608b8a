// SPDX-License-Identifier: Apache-2.0
/*
 * A scope of systemd's for a container. It is there before the container's process is: a process
 * that only waits holds it, so that the container's is born into its cgroups as into any other.
 * The bus is spoken to by a program beside this one; see systemd_helper.c.
 */
#include "oci/cgroup_systemd.h"
#include "base/io.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define HELPER MNTNS_LIBEXECDIR "/mntns-oci-systemd"

/* The build tree has it elsewhere. */
static const char *helper(void)
{
	const char *said = getenv("MNTNS_OCI_SYSTEMD");

	return said && *said == '/' ? said : HELPER;
}

_Noreturn static void execute(const char *const *argv, int out)
{
	if (dup2(out, 1) >= 0 && dup2(out, 2) >= 0)
		execv(argv[0], (char *const *)argv);
	_exit(127);
}

static void read_all(int fd, struct buf *ret)
{
	char part[1024];
	ssize_t n;

	while ((n = read(fd, part, sizeof(part))) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			buf_add(ret, part, (size_t)n);
}

int cgroup_systemd_ask(const char **argv, struct buf *ret, struct err *err)
{
	int ends[2], status = 0;

	argv[0] = helper();
	argv[1] = cgroup_systemd_is_users() ? "user" : "system";
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_set(err, errno, "systemd");
	pid_t pid = fork();
	if (pid == 0)
		execute(argv, ends[1]);
	int code = errno;
	close(ends[1]);
	if (pid > 0)
		read_all(ends[0], ret);
	close(ends[0]);
	if (pid < 0)
		return err_set(err, code, "systemd");
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	buf_add(ret, "", 1);
	ret->data[strcspn(ret->data, "\n")] = 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return err_say(err, ENOENT,
			       "systemd cgroups: %s cannot be executed; it is a part of mntns-oci",
			       argv[0]);
	return status ? err_say(err, EIO, "systemd cgroups: %s", ret->data) : 0;
}

/* Ends with this process, whatever happens to it. */
static pid_t hold(void)
{
	pid_t parent = getpid(), pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (getppid() == parent)
		pause();
	_exit(0);
}

void cgroup_systemd_let_go(pid_t *holder)
{
	if (*holder <= 0)
		return;
	kill(*holder, SIGKILL);
	while (waitpid(*holder, NULL, 0) < 0 && errno == EINTR)
		;
	*holder = 0;
}

int cgroup_systemd_start(const struct cgroup_unit *unit, const char *owner, pid_t *ret_holder,
			 char **ret_path, struct err *err)
{
	AUTO(buf) struct buf answer = {0};
	pid_t holder = hold();

	if (holder < 0)
		return err_set(err, errno, "systemd cgroups");
	AUTO_FREE char *pid = xasprintf("%d", holder);
	const char *argv[] = {0, 0, "start", unit->slice, unit->name, pid, owner, NULL};
	int rc = cgroup_systemd_ask(argv, &answer, err);
	if (rc == 0 && *answer.data != '/')
		rc = err_say(err, EIO, "systemd cgroups: %s has no cgroup", unit->name);
	if (rc < 0) {
		cgroup_systemd_let_go(&holder);
		return rc;
	}
	*ret_holder = holder;
	*ret_path = xstrdup(answer.data);
	return 0;
}

int cgroup_systemd_stop(const char *unit, const char *owner, struct err *err)
{
	AUTO(buf) struct buf answer = {0};

	return cgroup_systemd_ask((const char *[]){0, 0, "stop", unit, owner, NULL}, &answer, err);
}
