// SPDX-License-Identifier: Apache-2.0
/*
 * The parent's life while the program runs: one poll loop over signals, the sync socket and the
 * terminal. Nothing blocks without also watching for the child's end.
 */
#include "base/io.h"
#include "base/mem.h"
#include "box/ahead.h"
#include "box/birth.h"
#include "box/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum {
	WATCH_SIGNALS,
	WATCH_SYNC,
	WATCH_INPUT,
	WATCH_OUTPUT,
	WATCH_HELPER,
	WATCH_MAX
};

struct watch {
	struct pollfd fds[WATCH_MAX];
	struct terminal terminal;
	int killed_by; /* signal that came before the program was executed */
	int status;    /* wait(2) status, valid once ended */
	bool ended;
};

static int read_proc(const struct box *box, const char *file, struct buf *ret)
{
	AUTO_FREE char *path = xasprintf("%d/%s", box->pid, file);

	return io_read_file(box->procfd, path, 1 << 16, ret, NULL);
}

/* In sigwait(3) the signals it waits for do not show as blocked. No answer counts as yes. */
static bool waits_for_signals(const struct box *box)
{
	AUTO(buf) struct buf call = {0};

	return read_proc(box, "syscall", &call) < 0 || atoi(call.data) == SYS_rt_sigtimedwait;
}

/* None of these ends a process. */
static bool is_harmless(int sig)
{
	return sig == SIGCONT || sig == SIGWINCH || sig == SIGURG || sig == SIGTSTP;
}

/*
 * Would the signal end the program if it were not PID 1? The kernel drops a signal sent to the
 * first process of a PID namespace that neither handles nor blocks it.
 */
static bool is_dropped(const struct box *box, int sig)
{
	static const char *const kept[] = {"\nSigBlk:", "\nSigIgn:", "\nSigCgt:"};
	AUTO(buf) struct buf status = {0};
	unsigned long long set = 0;

	if (read_proc(box, "status", &status) < 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++) {
		const char *line = strstr(status.data, kept[i]);
		if (line)
			set |= strtoull(line + strlen(kept[i]), NULL, 16);
	}
	return !(set & 1ULL << (sig - 1)) && !waits_for_signals(box);
}

static void forward(struct box *box, struct watch *w, int sig)
{
	if (!is_harmless(sig) &&
	    (!box->executed || (box->spec->unshare & CLONE_NEWPID && is_dropped(box, sig)))) {
		w->killed_by = sig;
		kill(box->pid, SIGKILL);
		return;
	}
	kill(box->pid, sig);
}

static int reap(struct box *box, struct watch *w)
{
	pid_t pid;

	do
		pid = waitpid(box->pid, &w->status, WNOHANG);
	while (pid < 0 && errno == EINTR);
	w->ended = pid == box->pid;
	return pid < 0 ? -errno : 0;
}

static int on_signal(struct box *box, struct watch *w)
{
	struct signalfd_siginfo info;

	if (read(w->fds[WATCH_SIGNALS].fd, &info, sizeof(info)) != sizeof(info))
		return errno == EINTR || errno == EAGAIN ? 0 : -errno;
	int sig = (int)info.ssi_signo;
	if (sig == SIGCHLD) {
		return reap(box, w);
	} else if (sig == SIGWINCH && box->master >= 0) {
		terminal_resize(&w->terminal);
	} else if (sig != SIGTTIN && sig != SIGTTOU && sig != SIGPIPE) {
		forward(box, w, sig);
	}
	return 0;
}

/* 1: the child said why it failed. */
static int on_sync(struct box *box, struct watch *w, struct err *err)
{
	struct sync_message message;
	AUTO_FD int fd = -1;
	int rc = sync_receive(box->sync, &message, &fd);

	if (rc == 1 && message.kind == SYNC_FAILED) {
		box->status = message.status;
		err_say(err, message.code, "%s", message.text);
		return 1;
	}
	if (rc == 1 && message.kind == SYNC_LISTENER)
		return listener_deliver(&box->notify, box->sync, box->pid, TAKE_FD(fd), err) < 0;
	if (rc == 1 && message.kind == SYNC_TERMINAL && fd >= 0 && box->master < 0) {
		box->master = TAKE_FD(fd);
		terminal_init(&w->terminal, box->master);
		w->fds[WATCH_INPUT].fd = STDIN_FILENO;
		w->fds[WATCH_OUTPUT].fd = box->master;
	}
	if (rc == 1)
		return 0;
	if (rc < 0 && rc != -ECONNRESET)
		return err_set(err, -rc, "wait for the container's process"), 1;
	w->fds[WATCH_SYNC].fd = -1;
	/* It was not released, or did not read that: it has ended, and its status says how. */
	if (rc < 0 || box->is_gone)
		return 0;
	/* The end of the socket: the program was executed, or the child was killed. */
	box->executed = true;
	ahead_end();
	if (box->report >= 0) {
		sync_send(box->report, &(struct sync_message){SYNC_GO, box->pid, 0, ""}, -1);
		close(TAKE_FD(box->report));
	}
	return box->started && box->started(box->started_arg, err) < 0;
}

static void relay(struct box *box, struct watch *w)
{
	if (w->fds[WATCH_INPUT].revents && !terminal_copy(STDIN_FILENO, box->master)) {
		w->fds[WATCH_INPUT].fd = -1;
		(void)!write(box->master, "\4", 1); /* end of input, as a user would type it */
	}
	if (w->fds[WATCH_OUTPUT].revents && !terminal_copy(box->master, STDOUT_FILENO))
		w->fds[WATCH_OUTPUT].fd = -1;
}

static int watch_until_end(struct box *box, struct watch *w, struct err *err)
{
	int failed = 0, rc;

	while (!w->ended) {
		if (poll(w->fds, WATCH_MAX, -1) < 0) {
			if (errno == EINTR)
				continue;
			return err_set(err, errno, "poll");
		}
		if (w->fds[WATCH_SYNC].revents && (failed = on_sync(box, w, err)))
			return -err->code;
		if (w->fds[WATCH_HELPER].revents) {
			ahead_done();
			w->fds[WATCH_HELPER].fd = -1;
		}
		if (box->master >= 0)
			relay(box, w);
		if (w->fds[WATCH_SIGNALS].revents && (rc = on_signal(box, w)) < 0)
			return err_set(err, -rc, "wait for the program's end");
	}
	return 0;
}

/* The child ended before the socket was looked at: what it said last is still there. */
static int last_words(struct box *box, struct watch *w, struct err *err)
{
	while (w->fds[WATCH_SYNC].fd >= 0)
		if (on_sync(box, w, err))
			return -err->code;
	return box->executed || WIFSIGNALED(w->status)
		       ? 0
		       : err_say(err, ECHILD, "the container's process ended before its start");
}

static int exit_status(const struct watch *w)
{
	if (w->killed_by && WIFSIGNALED(w->status) && WTERMSIG(w->status) == SIGKILL)
		return 128 + w->killed_by;
	return WIFSIGNALED(w->status) ? 128 + WTERMSIG(w->status) : WEXITSTATUS(w->status);
}

int box_supervise(struct box *box, struct err *err)
{
	struct watch w = {.fds = {[WATCH_SYNC] = {box->sync, POLLIN, 0},
				  [WATCH_INPUT] = {-1, POLLIN, 0},
				  [WATCH_OUTPUT] = {-1, POLLIN, 0},
				  [WATCH_HELPER] = {ahead_its_end(), POLLIN, 0}}};
	sigset_t all;
	int rc;

	sigfillset(&all);
	AUTO_FD int signals = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals < 0)
		return err_set(err, errno, "signalfd"), BOX_EXIT_FAILED;
	w.fds[WATCH_SIGNALS] = (struct pollfd){signals, POLLIN, 0};
	rc = watch_until_end(box, &w, err);
	if (rc == 0)
		rc = last_words(box, &w, err);
	if (box->master >= 0)
		terminal_done(&w.terminal);
	/* From here on it may be another's. */
	if (w.ended)
		box->pid = 0;
	return rc < 0 ? box->status : exit_status(&w);
}
