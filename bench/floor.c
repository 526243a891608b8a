// SPDX-License-Identifier: Apache-2.0
/*
 * floor ROOT COMMAND...: the least that any start of a program in a root and namespaces of its
 * own can do the usual way. One clone, which copies the caller's mount table; one bind of ROOT,
 * which pivot_root wants as a mount; chdir, pivot_root, exec. The old root stays where it is,
 * below the new one, and nothing is made private: the caller's mounts must be private already.
 */
#include <err.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The namespaces that bench/series gives everyone in its bare series. */
#define NAMESPACES                                                                                 \
	(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWCGROUP)

static int child(void *argument)
{
	char **argv = argument;
	if (mount(argv[1], argv[1], NULL, MS_BIND, NULL) || chdir(argv[1]) ||
	    syscall(SYS_pivot_root, ".", "."))
		_exit(125);
	execv(argv[2], argv + 2);
	_exit(127);
}

int main(int argc, char **argv)
{
	static char stack[64 * 1024] __attribute__((aligned(16)));
	if (argc < 3)
		errx(2, "usage: floor ROOT COMMAND...");
	/* As vfork does: the child borrows the memory, no page table is copied. */
	int flags = CLONE_VM | CLONE_VFORK | NAMESPACES | SIGCHLD;
	pid_t pid = clone(child, stack + sizeof(stack), flags, argv);
	if (pid < 0)
		err(125, "clone");
	int status;
	if (waitpid(pid, &status, 0) != pid)
		err(125, "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
