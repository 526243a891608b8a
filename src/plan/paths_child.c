// SPDX-License-Identifier: Apache-2.0
/*
 * The child that looks. A file system that does not answer keeps it, but not us: after a while it
 * is given up.
 */
#include "base/mem.h"
#include "plan/paths_parts.h"
#include "read/open_ns.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum {
	PATIENCE = 2000, /* ms */
};

struct question {
	bool no_follow;
	char path[PATH_MAX];
};

/* The path as far as it is there, without links, and the rest behind it. */
static bool look(const char *path, struct path_look *ret)
{
	char head[PATH_MAX], real[PATH_MAX];
	size_t cut = strlen(path);

	while (true) {
		memcpy(head, path, cut);
		head[cut] = 0;
		if (realpath(cut ? head : "/", real))
			break;
		if (errno != ENOENT || !cut)
			return false;
		while (cut && path[cut - 1] == '/')
			cut--;
		while (cut && path[cut - 1] != '/')
			cut--;
	}
	const char *rest = path + cut + strspn(path + cut, "/");
	ret->found = strlen(real);
	ret->exists = !*rest;
	int n = snprintf(ret->path, sizeof(ret->path), "%s%s%s", strcmp(real, "/") ? real : "",
			 *rest || !strcmp(real, "/") ? "/" : "", rest);
	return n > 0 && (size_t)n < sizeof(ret->path);
}

/* A last component that may be a link is put behind what was found of its directory. */
static bool look_no_follow(const char *path, struct path_look *ret)
{
	const char *slash = strrchr(path, '/');
	AUTO_FREE char *dir = xstrndup(path, (size_t)(slash - path) + 1);
	struct stat st;

	if (!slash[1])
		return look(path, ret);
	if (!look(dir, ret))
		return false;
	size_t len = strlen(ret->path);
	int n = snprintf(ret->path + len, sizeof(ret->path) - len, "%s%s",
			 ret->path[len - 1] == '/' ? "" : "/", slash + 1);
	ret->exists = ret->exists && lstat(ret->path, &st) == 0;
	return n > 0 && (size_t)n < sizeof(ret->path) - len;
}

static bool is_clean(const char *path)
{
	return !strstr(path, "/./") && !strstr(path, "/../") && !strstr(path, "//");
}

/* timeout: ms for each part of it, -1: as long as it takes. */
static bool read_all(int fd, void *ret, size_t size, int timeout)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	for (size_t n = 0; n < size;) {
		if (poll(&poll_fd, 1, timeout) <= 0)
			return false;
		ssize_t got = read(fd, (char *)ret + n, size - n);
		if (got <= 0)
			return false;
		n += (size_t)got;
	}
	return true;
}

_Noreturn static void serve(int in, int out)
{
	struct question question;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read_all(in, &question, sizeof(question), -1)) {
		struct path_look answer = {0};
		answer.is_known = question.no_follow ? look_no_follow(question.path, &answer)
						     : look(question.path, &answer);
		answer.follows = is_clean(question.path) && strcmp(question.path, answer.path) != 0;
		if (write(out, &answer, sizeof(answer)) != sizeof(answer))
			break;
	}
	_exit(0);
}

void paths_child_init(struct paths_child *child, const struct mnt_world *world, uint32_t in)
{
	AUTO_FD int ns = in == world->self ? -1 : read_open_ns(world, in, NULL);
	int ask[2], answer[2];

	*child = (struct paths_child){-1, -1, 0};
	if ((ns < 0 && in != world->self) || pipe2(ask, O_CLOEXEC) < 0)
		return;
	if (pipe2(answer, O_CLOEXEC) < 0) {
		close(ask[0]);
		close(ask[1]);
		return;
	}
	*child = (struct paths_child){ask[1], answer[0], fork()};
	if (child->pid == 0) {
		close(ask[1]);
		if (ns < 0 || setns(ns, CLONE_NEWNS) == 0)
			serve(ask[0], answer[1]);
		_exit(1);
	}
	close(ask[0]);
	close(answer[1]);
	if (child->pid < 0)
		paths_child_done(child);
}

/* One that hangs in the kernel ends when it can; we do not wait for it. */
void paths_child_done(struct paths_child *child)
{
	if (child->pid > 0) {
		kill(child->pid, SIGKILL);
		waitpid(child->pid, NULL, WNOHANG);
	}
	auto_close(&child->ask);
	auto_close(&child->answer);
	*child = (struct paths_child){-1, -1, 0};
}

void paths_child_look(struct paths_child *child, const char *path, bool no_follow,
		      struct path_look *ret)
{
	struct question question = {.no_follow = no_follow};

	*ret = (struct path_look){0};
	if (child->ask < 0 || strlen(path) >= sizeof(question.path))
		return;
	strcpy(question.path, path);
	if (write(child->ask, &question, sizeof(question)) != sizeof(question) ||
	    !read_all(child->answer, ret, sizeof(*ret), PATIENCE)) {
		*ret = (struct path_look){0};
		paths_child_done(child);
	}
}
