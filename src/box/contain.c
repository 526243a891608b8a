// SPDX-License-Identifier: Apache-2.0
/* The birth of a container, seen from its caller and its midwife; see box/contained.c for its own.
 */
#include "box/contain_parts.h"
#include "base/io.h"
#include "base/mem.h"
#include "box/process.h"
#include "box/schedule.h"
#include "box/sysctl.h"
#include "box/template.h"
#include "box/userns.h"
#include "sys/calls.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define ANSWER_MS 10000

static int survey(struct box *box, struct err *err)
{
	if (box_survey(box, err) < 0)
		return -err->code;
	return 0;
}

static int open_user(struct box *box, struct err *err)
{
	if (userns_open(box->spec, &box->userns, err) < 0)
		return -err->code;
	/* Without privilege it is what allows everything else, with it, it ends that. */
	return box->userns >= 0 && box->rootless ? userns_enter(box->userns, err) : 0;
}

/* For the children only: this process stays in its own. */
static int new_time(struct box *box, struct err *err)
{
	if (!(box->spec->unshare & CLONE_NEWTIME))
		return 0;
	if (unshare(CLONE_NEWTIME) < 0)
		return err_set(err, errno, "linux.namespaces: new time namespace");
	if (box->spec->time_offsets &&
	    io_write_file(box->procfd, "self/timens_offsets", box->spec->time_offsets, err) < 0)
		return err_add(err, "linux.timeOffsets");
	return 0;
}

/* Sources and namespaces to join. */
static int open_sources(struct box *box, struct err *err)
{
	struct sysctl_callers callers;

	if (sysctl_note_callers(box, &callers, err) < 0 || step_open_sources(box, err) < 0)
		return -err->code;
	return sysctl_check_joined(box, &callers, err);
}

int contain_open_cgroup(const struct box_into *into, int *ret, struct err *err)
{
	*ret = into->v2 ? open(into->v2, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	return into->v2 && *ret < 0 ? err_set(err, errno, "open the cgroup %s", into->v2) : 0;
}

/* Here, where they are in sight; the child writes to them with our privilege. */
int contain_open_tasks(struct box *box, struct err *err)
{
	const struct strv *dirs = &box->into->v1;

	box->tasks = xcalloc(dirs->n, sizeof(*box->tasks));
	for (size_t i = 0; i < dirs->n; i++) {
		AUTO_FREE char *path = xasprintf("%s/tasks", dirs->v[i]);
		box->tasks[i] = open(path, O_WRONLY | O_CLOEXEC);
		if (box->tasks[i] < 0)
			return err_set(err, errno, "open %s", path);
	}
	return 0;
}

static int open_cgroups(struct box *box, struct err *err)
{
	return contain_open_tasks(box, err) < 0 ? -err->code
						: contain_open_cgroup(box->into, &box->v2, err);
}

int contain_clone_failed(const struct box *box, int code, const char *what, struct err *err)
{
	/* Of the many reasons these are a cgroup's alone; see cgroups(7), "no internal processes".
	 */
	if (box->into->v2 && (code == EBUSY || code == EOPNOTSUPP))
		return err_set(err, code,
			       "the container's cgroup takes no process: it passes controllers on "
			       "to cgroups below it, or is threaded");
	return err_set(err, code, "%s", what);
}

/* The cgroup namespace is made by the child, once it is in its cgroups. */
static int clone_child(struct box *box, struct err *err)
{
	const uint64_t later = CLONE_NEWCGROUP | CLONE_NEWTIME;
	uint64_t flags = box->view.ops.v[box->view.clone].namespaces & ~later;

	if (box->userns >= 0 && !box->rootless && userns_enter(box->userns, err) < 0)
		return -err->code;
	box->pid = sys_clone3(flags | CLONE_PARENT, box->v2);
	if (box->pid == 0)
		contained_child(box);
	return box->pid < 0 ? contain_clone_failed(box, errno, "new namespaces", err) : 0;
}

static const struct box_step midwifery[] = {
	{"root", step_check_root},
	{"open cgroups", open_cgroups},
	{"survey", survey},
	{"compile", step_compile},
	{"open /proc", step_open_proc},
	{"open the user namespace", open_user},
	{"new time namespace", new_time},
	{"open sources", open_sources},
	{"clone", clone_child},
};

static void bear(struct box *box, void *arg)
{
	struct err err = {0};
	struct sync_message message = {.kind = SYNC_BORN};

	if (box_walk(box, midwifery, ARRAY_SIZE(midwifery), &err) < 0) {
		message = (struct sync_message){SYNC_FAILED, box->status, err.code, ""};
		snprintf(message.text, sizeof(message.text), "%s", err.msg);
		exec_undo_made(&box->exec);
	} else {
		message.status = box->pid;
	}
	contain_tell_birth(box, &message);
}

/* A child that nobody hears of must not wait for its release. */
_Noreturn void contain_tell_birth(struct box *box, const struct sync_message *message)
{
	if (sync_send(box->sync, message, -1) < 0 && message->kind == SYNC_BORN)
		kill(box->pid, SIGKILL);
	_exit(0);
}

/* The child has the socket too: that its midwife was killed before a word is told by itself. */
static int await_word(struct box *box, int midwife, struct sync_message *ret)
{
	struct pollfd fds[] = {{box->sync, POLLIN, 0}, {midwife, POLLIN, 0}};

	while (poll(fds, ARRAY_SIZE(fds), -1) < 0)
		if (errno != EINTR)
			return -errno;
	/* What it said before its end is there by then. */
	if (!fds[0].revents && poll(fds, 1, 0) != 1)
		return 0;
	return sync_receive(box->sync, ret, NULL);
}

/* What the child says may come before what its midwife says of it. */
static int await_birth(struct box *box, pid_t midwife, struct sync_message *ret)
{
	AUTO_FD int pidfd = sys_pidfd_open(midwife);
	int rc;

	if (pidfd < 0)
		return -errno;
	do {
		rc = await_word(box, pidfd, ret);
		box->joined |= rc == 1 && ret->kind == SYNC_JOINED;
	} while (rc == 1 && ret->kind == SYNC_JOINED);
	return rc;
}

static int read_failure(struct box *box, const struct sync_message *message, int *ret_status,
			struct err *err)
{
	*ret_status = message->status;
	return err_say(err, message->code ? message->code : EPROTO, "%s", message->text);
}

int contain_bear(struct box *box, void (*midwife)(struct box *box, void *arg), void *arg,
		 int cgroup, struct err *err)
{
	struct sync_message message;

	if (sync_pair(&box->sync, &box->child_sync, err) < 0)
		return -err->code;
	pid_t pid = sys_clone3(0, cgroup);
	if (pid < 0)
		return contain_clone_failed(box, errno, "fork", err);
	if (pid == 0) {
		close(box->sync);
		box->sync = TAKE_FD(box->child_sync);
		midwife(box, arg);
		abort();
	}
	close(TAKE_FD(box->child_sync));
	int rc = await_birth(box, pid, &message);
	if (rc < 0)
		kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (rc != 1)
		return err_say(err, ECHILD, "the process that makes the container died");
	if (message.kind != SYNC_BORN)
		return read_failure(box, &message, &box->status, err);
	box->pid = message.status;
	return 0;
}

static int await_joined(struct box *box, struct err *err)
{
	struct sync_message message;

	if (box->joined)
		return 0;
	int rc = sync_receive(box->sync, &message, NULL);
	if (rc < 0)
		return err_set(err, -rc, "wait for the container's process");
	if (rc == 0)
		return err_say(err, ECHILD, "the container's process died");
	return message.kind == SYNC_JOINED ? 0 : read_failure(box, &message, &box->status, err);
}

/* One that has ended cannot be settled, and has said why it did. */
static int prefer_its_word(struct box *box, struct err *err)
{
	struct pollfd fd = {box->sync, POLLIN, 0};
	struct sync_message message;

	if (!box->settles_early || poll(&fd, 1, 0) != 1 ||
	    sync_receive(box->sync, &message, NULL) != 1 || message.kind != SYNC_FAILED)
		return -err->code;
	err_done(err);
	return read_failure(box, &message, &box->status, err);
}

int contain_settle(struct box *box, int (*settle)(void *arg, pid_t pid, struct err *err), void *arg,
		   struct err *err)
{
	if ((!box->settles_early && await_joined(box, err) < 0) ||
	    (box->procfd < 0 && step_open_proc(box, err) < 0) ||
	    (box->idmap && !spec_joined(box->spec, CLONE_NEWUSER) &&
	     userns_write_map(box->procfd, box->pid, box->idmap, err) < 0) ||
	    (!box->is_direct && process_limit(box->spec->process, box->pid, err) < 0) ||
	    process_oom_score(box->spec->process, box->pid, err) < 0 ||
	    (settle && settle(arg, box->pid, err) < 0) ||
	    (!box->order && schedule_cpus(&box->spec->process->cpus, box->pid, "final", err) < 0) ||
	    schedule_process(box->spec->process, box->pid, err) < 0)
		return prefer_its_word(box, err);
	int rc = sync_send(box->sync, &(struct sync_message){.kind = SYNC_GO}, -1);
	/* A child that is gone has said why: it is read next. */
	return rc < 0 && rc != -EPIPE ? err_set(err, -rc, "release the child") : 0;
}

int contain_await(struct box *box, int *ret_status, struct err *err)
{
	struct sync_message message;
	int fd, rc;

	while ((rc = sync_receive(box->sync, &message, &fd)) == 1) {
		if (message.kind == SYNC_LISTENER) {
			if (listener_deliver(&box->notify, box->sync, box->pid, fd, err) < 0)
				return -err->code;
			continue;
		}
		auto_close(&fd);
		if (message.kind != SYNC_TERMINAL)
			break;
	}
	if (rc == 1 && message.kind == SYNC_FAILED)
		return read_failure(box, &message, ret_status, err);
	if (rc < 0)
		return err_set(err, -rc, "wait for the container's process");
	/* The end of the socket: executed, unless it was killed. A process that waits says so. */
	if (rc == 1 && (message.kind != SYNC_READY || box->listener < 0))
		return err_say(err, EPROTO, "the container's process said what makes no sense");
	if (rc == 0 && box->listener >= 0)
		return err_say(err, ECHILD, "the container's process was killed before its start");
	return 0;
}

static int create(struct box *box, const struct contain *order, struct err *err)
{
	box->rootless = !userns_is_privileged();
	box->into = order->into;
	box->listener = order->listener;
	box->console = order->console;
	box->order = order;
	box->notify = order->notify;
	if (userns_map(order->spec, &box->idmap, err) < 0)
		return -err->code;
	box->is_direct = !contain_needs_midwife(box);
	box->settles_early = box->is_direct && order->settles_early;
	if ((box->is_direct ? contain_bear_directly(box, err)
			    : contain_bear(box, bear, NULL, -1, err)) < 0 ||
	    contain_settle(box, order->settle, order->arg, err) < 0)
		return -err->code;
	return 0;
}

/* What is the caller's stays open. */
static void done(struct box *box)
{
	box->console = -1;
	box_done(box);
}

int box_create(const struct contain *order, pid_t *ret_pid, int *ret_status, struct err *err)
{
	struct box box;
	int rc;

	box_init(&box, order->spec);
	rc = create(&box, order, err);
	if (rc == 0)
		rc = contain_await(&box, &box.status, err);
	*ret_status = box.status;
	if (rc == 0) {
		*ret_pid = box.pid;
		box.pid = 0; /* it lives on */
	}
	done(&box);
	return rc;
}

/* Signals are blocked from here on: what comes while the container is made reaches it later. */
int contain_block_signals(struct err *err)
{
	sigset_t all;

	sigfillset(&all);
	return sigprocmask(SIG_SETMASK, &all, NULL) < 0 ? err_set(err, errno, "block signals") : 0;
}

int box_contain(const struct contain *order, struct err *err)
{
	struct box box;
	int status = BOX_EXIT_FAILED;

	box_init(&box, order->spec);
	box.started = order->started;
	box.started_arg = order->arg;
	if (contain_block_signals(err) == 0 && create(&box, order, err) == 0)
		status = box_supervise(&box, err);
	else
		status = box.status;
	done(&box);
	return status;
}

/* Without an answer to our word, the end of the socket is that of the process. */
/* At once, if it can at all: what takes time comes after its first word. */
static int await_answer(int fd, struct err *err)
{
	struct pollfd word = {fd, POLLIN, 0};
	int rc;

	do
		rc = poll(&word, 1, ANSWER_MS);
	while (rc < 0 && errno == EINTR);
	if (rc < 0)
		return err_set(err, errno, "wait for the container's process");
	return rc ? 0
		  : err_say(err, ETIMEDOUT,
			    "the container's process did not answer in %d s; is it stopped?",
			    ANSWER_MS / 1000);
}

int box_start(int fd, pid_t pid, const struct box_notify *notify, int *ret_status, struct err *err)
{
	struct sync_message message;
	int listener = -1, rc = sync_send(fd, &(struct sync_message){.kind = SYNC_GO}, -1);

	if (rc == 0 && await_answer(fd, err) < 0)
		return -err->code;
	if (rc == 0)
		rc = sync_receive(fd, &message, NULL);
	if (rc == 0 || rc == -ECONNRESET || rc == -EPIPE)
		return err_say(err, ECHILD, "the container's process ended before its start");
	while (rc == 1 && (message.kind == SYNC_READY || message.kind == SYNC_LISTENER)) {
		if (message.kind == SYNC_LISTENER &&
		    listener_deliver(notify, fd, pid, listener, err) < 0)
			return -err->code;
		rc = sync_receive(fd, &message, &listener);
	}
	if (rc < 0 && rc != -ECONNRESET)
		return err_set(err, -rc, "start the container's process");
	if (rc == 1 && message.kind != SYNC_FAILED)
		return err_say(err, EPROTO, "the container's process said what makes no sense");
	*ret_status = rc == 1 ? message.status : 0;
	return rc == 1 ? err_say(err, message.code, "%s", message.text) : 0;
}
