// SPDX-License-Identifier: Apache-2.0
/*
 * Between the birth of a container's process and its program: what its caller does for it, and what
 * the two tell each other.
 */
#include "box/contain_parts.h"
#include "box/process.h"
#include "box/schedule.h"
#include "box/userns.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>

#define ANSWER_MS 10000

int contain_read_failure(const struct sync_message *message, int *ret_status, struct err *err)
{
	*ret_status = message->status;
	return err_say(err, message->code ? message->code : EPROTO, "%s", message->text);
}

int contain_hear(struct box *box, enum sync_kind kind, struct err *err)
{
	struct sync_message message;
	int rc = sync_receive(box->sync, &message, NULL);
	if (rc < 0)
		return err_set(err, -rc, "wait for the container's process");
	if (rc == 0)
		return err_say(err, ECHILD, "the container's process died");
	return message.kind == kind ? 0 : contain_read_failure(&message, &box->status, err);
}

static int await_joined(struct box *box, struct err *err)
{
	return box->joined ? 0 : contain_hear(box, SYNC_JOINED, err);
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
	return contain_read_failure(&message, &box->status, err);
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
	    (box->settles_early && contain_limit(box, err) < 0) ||
	    (settle && settle(arg, box->pid, err) < 0) ||
	    (!box->order && schedule_exec(box->spec->process, box->pid, err) < 0) ||
	    schedule_process(box->spec->process, box->pid, err) < 0)
		return prefer_its_word(box, err);
	return box_tell_child(box, &(struct sync_message){.kind = SYNC_GO}, err);
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
		return contain_read_failure(&message, ret_status, err);
	if (rc < 0 && rc != -ECONNRESET)
		return err_set(err, -rc, "wait for the container's process");
	/* The end of the socket: executed, unless it was killed. A process that waits says so. */
	if (rc == 1 && (message.kind != SYNC_READY || box->listener < 0))
		return err_say(err, EPROTO, "the container's process said what makes no sense");
	if (rc < 0 || box->is_gone || (rc == 0 && box->listener >= 0))
		return err_say(err, ECHILD, "the container's process was killed before its start");
	return 0;
}

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

/* Without an answer to our word, the end of the socket is that of the process. */
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
