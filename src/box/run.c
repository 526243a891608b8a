// SPDX-License-Identifier: Apache-2.0
/* The functions that front ends call: run, plan, clean, unpin. */
#include "base/mem.h"
#include "box/birth.h"
#include "box/template.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int box_run(const struct spec *spec, struct err *err)
{
	struct box box;
	int status = BOX_EXIT_FAILED;

	if (identity_check_caps(spec, err) < 0)
		return status;
	box_init(&box, spec);
	if (box_birth(&box, err) == 0)
		status = box_supervise(&box, err);
	box_done(&box);
	return status;
}

/* Whoever reads our output (a shell's $(...), say) must not wait for the end of the box. */
static int drop_streams(struct err *err)
{
	AUTO_FD int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return err_set(err, errno, "open /dev/null");
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (dup2(null, fd) < 0)
			return err_set(err, errno, "standard streams");
	return 0;
}

/* The supervisor's life in the background: reports the program's PID or the failure once. */
_Noreturn static void supervise_detached(const struct spec *spec, int sync)
{
	struct err err = {0};
	struct sync_message message = {.kind = SYNC_GO};
	struct box box;
	int status = BOX_EXIT_FAILED;

	setsid();
	box_init(&box, spec);
	if (drop_streams(&err) == 0 && box_birth(&box, &err) == 0) {
		box.report = sync;
		status = box_supervise(&box, &err);
	}
	if (err.msg) {
		message = (struct sync_message){SYNC_FAILED, status, err.code, ""};
		snprintf(message.text, sizeof(message.text), "%s", err.msg);
		sync_send(sync, &message, -1);
	}
	box_done(&box);
	_exit(status);
}

int box_detach(const struct spec *spec, pid_t *ret_pid, struct err *err)
{
	AUTO_FD int ours = -1;
	AUTO_FD int theirs = -1;
	struct sync_message message;

	if (identity_check_caps(spec, err) < 0 || sync_pair(&ours, &theirs, err) < 0)
		return BOX_EXIT_FAILED;
	pid_t pid = fork();
	if (pid < 0)
		return err_set(err, errno, "fork"), BOX_EXIT_FAILED;
	if (pid == 0)
		supervise_detached(spec, theirs);
	close(TAKE_FD(theirs));
	if (sync_receive(ours, &message, NULL) != 1)
		return err_say(err, ECHILD, "the supervisor died"), BOX_EXIT_FAILED;
	if (message.kind == SYNC_FAILED)
		return err_say(err, message.code, "%s", message.text), message.status;
	*ret_pid = message.status;
	return 0;
}

int box_plan(const struct spec *spec, struct ops *ret, struct err *err)
{
	struct box box;
	int rc;

	box_init(&box, spec);
	rc = box_survey(&box, err);
	if (rc == 0)
		rc = step_compile(&box, err);
	if (rc == 0) {
		*ret = box.view.ops;
		box.view.ops = (struct ops){0};
	}
	box_done(&box);
	return rc;
}

void box_clean(void)
{
	journal_clean();
}

int box_unpin_all(struct err *err)
{
	return template_unpin(err);
}
