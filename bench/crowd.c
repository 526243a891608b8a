// SPDX-License-Identifier: Apache-2.0
/*
 * crowd DIR NAMESPACES MOUNTS private|shared|slave: a machine full of containers: so many mount
 * namespaces, a sleeping process in each, all copies of one with MOUNTS mounts below DIR. Their
 * mounts are private, or peers of each other; with slave the last namespace is a slave of the
 * others, which are peers. Prints the processes' PIDs, a line each, when all are there, and sleeps;
 * they end when it is killed.
 */
#include <err.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static void make_mounts(const char *dir, int n)
{
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		err(1, "a mount namespace");
	if (mkdir(dir, 0755) || mount("tmpfs", dir, "tmpfs", 0, "mode=755") || chdir(dir) ||
	    mkdir("source", 0755))
		err(1, "%s", dir);
	for (int i = 1; i < n; i++) {
		char name[32];
		snprintf(name, sizeof(name), "volume-%d", i);
		if (mkdir(name, 0755) || mount("source", name, NULL, MS_BIND, NULL))
			err(1, "mount %d of %d below %s", i, n, dir);
	}
	if (chdir("/"))
		err(1, "/");
}

static void sleep_in(const char *dir, unsigned long propagation, int ready)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (unshare(CLONE_NEWNS) ||
	    (propagation && mount(NULL, dir, NULL, MS_REC | propagation, NULL)))
		err(1, "a mount namespace");
	if (write(ready, "", 1) != 1)
		err(1, "write");
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	int ready[2];
	char byte;

	if (argc != 5)
		errx(2, "usage: crowd DIR NAMESPACES MOUNTS private|shared|slave");
	int n = atoi(argv[2]), is_private = !strcmp(argv[4], "private");
	make_mounts(argv[1], atoi(argv[3]));
	if (!is_private && mount(NULL, argv[1], NULL, MS_REC | MS_SHARED, NULL))
		err(1, "make %s shared", argv[1]);
	if (pipe(ready))
		err(1, "pipe");
	for (int i = 0; i < n; i++) {
		int is_slave = !strcmp(argv[4], "slave") && i == n - 1;
		pid_t pid = fork();
		if (pid < 0)
			err(1, "fork");
		if (!pid)
			sleep_in(argv[1], is_slave ? MS_SLAVE : 0, ready[1]);
		if (read(ready[0], &byte, 1) != 1)
			err(1, "read");
		printf("%d\n", pid);
	}
	fclose(stdout);
	for (;;)
		pause();
}
