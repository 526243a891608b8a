// SPDX-License-Identifier: Apache-2.0
/*
 * The child that enters the namespace. It tells what it does in memory that both share, so that the
 * parent knows even of a child that was killed.
 */
#include "plan/apply.h"
#include "base/mem.h"
#include "plan/apply_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

struct shared {
	size_t done;
	int code;
	bool finished;
	char why[4096];
	char left[16384]; /* lines */
};

static int enter(int ns_fd, struct err *err)
{
	if (ns_fd >= 0 && setns(ns_fd, CLONE_NEWNS) < 0)
		return err_set(err, errno, "enter the mount namespace");
	if (chdir("/") < 0)
		return err_set(err, errno, "chdir /");
	umask(0); /* a mode in an op is meant as it is */
	return 0;
}

static int carry_out(const struct ops *ops, struct undo *undo, struct exec *ex,
		     struct shared *shared, struct err *err)
{
	for (size_t i = 0; i < ops->n; i++) {
		undo_note(undo, ex, &ops->v[i]);
		int rc = exec_kernel(ex, ops, i, i + 1, err);
		if (rc < 0) {
			/* Of the op itself only what it made on the way is there. */
			undo->v[undo->n - 1].kind = UNDO_NOTHING;
			return rc;
		}
		undo_note_done(undo, ex, &ops->v[i]);
		shared->done = i + 1;
	}
	return 0;
}

static void tell(struct shared *shared, const struct err *err, const struct strv *left)
{
	size_t at = 0;

	snprintf(shared->why, sizeof(shared->why), "%s", err->msg);
	for (size_t i = 0; i < left->n && at < sizeof(shared->left); i++)
		at += (size_t)snprintf(shared->left + at, sizeof(shared->left) - at, "%s%s",
				       i ? "\n" : "", left->v[i]);
	shared->code = err->code;
}

_Noreturn static void child(const struct ops *ops, const struct apply_where *where,
			    struct shared *shared)
{
	AUTO(err) struct err err = {0};
	AUTO(strv) struct strv left = {0};
	int proc = open("/proc", O_PATH | O_CLOEXEC);
	struct undo undo;
	struct exec ex;

	if (enter(where->ns_fd, &err) < 0) {
		tell(shared, &err, &left);
	} else {
		exec_init(&ex);
		undo_init(&undo, ops, where, proc);
		if (carry_out(ops, &undo, &ex, shared, &err) < 0) {
			undo_all(&undo, &ex, &left);
			tell(shared, &err, &left);
		}
		undo_done(&undo);
		exec_done(&ex);
	}
	shared->finished = true;
	_exit(0);
}

/* Until the child is done. It has the signals blocked, too: it must finish what it began. */
static void run_child(const struct ops *ops, const struct apply_where *where, struct shared *shared,
		      struct err *err)
{
	sigset_t block, before;

	sigemptyset(&block);
	for (size_t i = 0; i < 6; i++)
		sigaddset(&block, (int[]){SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGPIPE}[i]);
	sigprocmask(SIG_BLOCK, &block, &before);
	pid_t pid = fork();
	if (pid == 0)
		child(ops, where, shared);
	if (pid < 0)
		err_set(err, errno, "fork");
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	sigprocmask(SIG_SETMASK, &before, NULL);
}

int apply_run(const struct ops *ops, const struct apply_where *where, struct apply_result *ret,
	      struct err *err)
{
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	AUTO(err) struct err fork_err = {0};

	if (shared == MAP_FAILED)
		return err_set(err, errno, "mmap");
	run_child(ops, where, shared, &fork_err);
	if (!fork_err.code) {
		*ret = (struct apply_result){
			.done = shared->done,
			.code = shared->code,
			.why = xstrdup(shared->why),
			.was_killed = !shared->finished,
		};
		strv_split(&ret->left, shared->left, '\n');
	}
	munmap(shared, sizeof(*shared));
	return fork_err.code ? err_say(err, fork_err.code, "%s", fork_err.msg) : 0;
}

void apply_result_done(struct apply_result *result)
{
	free(result->why);
	strv_done(&result->left);
}
