// SPDX-License-Identifier: Apache-2.0
/* A fork that bears a child for its caller, who waits for its word and for its end. */
#include "box/contain_parts.h"
#include "sys/calls.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

/* The midwife's life. A child that nobody hears of must not wait for its release. */
static _Noreturn void attend(struct box *box, box_midwife *midwife, void *arg)
{
	struct err err = {0};
	struct sync_message message = {.kind = SYNC_BORN};

	close(box->sync);
	box->sync = TAKE_FD(box->child_sync);
	if (midwife(box, arg, &err) < 0) {
		message = (struct sync_message){SYNC_FAILED, box->status, err.code, ""};
		snprintf(message.text, sizeof(message.text), "%s", err.msg);
	} else {
		message.status = box->pid;
	}
	if (sync_send(box->sync, &message, -1) < 0 && message.kind == SYNC_BORN)
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

int contain_bear(struct box *box, box_midwife *midwife, void *arg, int cgroup, struct err *err)
{
	struct sync_message message;

	if (sync_pair(&box->sync, &box->child_sync, err) < 0)
		return -err->code;
	pid_t pid = sys_clone3(0, cgroup);
	if (pid < 0)
		return contain_clone_failed(box, errno, "fork", err);
	if (pid == 0)
		attend(box, midwife, arg);
	close(TAKE_FD(box->child_sync));
	int rc = await_birth(box, pid, &message);
	if (rc < 0)
		kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (rc != 1)
		return err_say(err, ECHILD, "the process that makes the container died");
	if (message.kind != SYNC_BORN)
		return contain_read_failure(&message, &box->status, err);
	box->pid = message.status;
	return 0;
}
