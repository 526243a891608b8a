// SPDX-License-Identifier: Apache-2.0
/*
 * stream COMMAND...: reads what the command prints from a pipe. Prints the time to its first byte
 * and to its end in ms, separated by a tab.
 */
#include <err.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t actions;
	static char chunk[1 << 16];
	int ends[2], status;
	pid_t pid;

	if (argc < 2)
		errx(2, "usage: stream COMMAND...");
	if (pipe(ends) || posix_spawn_file_actions_init(&actions) ||
	    posix_spawn_file_actions_adddup2(&actions, ends[1], 1) ||
	    posix_spawn_file_actions_addclose(&actions, ends[0]) ||
	    posix_spawn_file_actions_addclose(&actions, ends[1]))
		err(1, "preparing to spawn");
	double begin = now_ms();
	int e = posix_spawnp(&pid, argv[1], &actions, NULL, argv + 1, environ);
	if (e)
		errx(1, "%s: %s", argv[1], strerror(e));
	close(ends[1]);
	if (read(ends[0], chunk, 1) != 1)
		errx(1, "%s printed nothing", argv[1]);
	double first = now_ms();
	while (read(ends[0], chunk, sizeof(chunk)) > 0)
		continue;
	if (waitpid(pid, &status, 0) != pid || status)
		errx(1, "%s failed", argv[1]);
	printf("%.3f\t%.3f\n", first - begin, now_ms() - begin);
	return 0;
}
