// SPDX-License-Identifier: Apache-2.0
/*
 * PID 1 of a box with --init. Not dumpable: its /proc entry, and so the file of the mntns
 * program itself, is closed to the processes of the box.
 */
#include "box/init.h"
#include "sys/calls.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Reaps everything; ends, with the program's status, when the program ends. */
static void reap(pid_t program)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (pid == program)
			_exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

_Noreturn static void run(pid_t program)
{
	sigset_t all;
	int sig;

	sigfillset(&all);
	prctl(PR_SET_NAME, "mntns-init");
	for (;;) {
		reap(program);
		if (sigwait(&all, &sig) != 0 || sig == SIGCHLD)
			continue;
		kill(program, sig);
	}
}

int init_fork(struct err *err)
{
	pid_t pid;

	if (prctl(PR_SET_DUMPABLE, 0) < 0)
		return err_set(err, errno, "init");
	pid = fork();
	if (pid < 0)
		return err_set(err, errno, "init: fork");
	if (pid == 0)
		return 0;
	/* The sync socket must end with the program's execve, the streams with the program. */
	sys_close_from(0);
	run(pid);
}
