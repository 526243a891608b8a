// SPDX-License-Identifier: Apache-2.0
/* The child that goes into the container, and how its word comes back. */
#include "base/mem.h"
#include "box/birth.h"
#include "box/descriptors.h"
#include "box/graft_parts.h"
#include "box/userns.h"
#include "exec/path.h"
#include "sys/calls.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Standard streams too: nothing is said from there. */
static int drop_descriptors(struct graft *g, struct err *err)
{
	const size_t n = (size_t)g->exec.n_fds + 2;
	AUTO_FREE int *keep = xcalloc(n, sizeof(*keep));

	for (int i = 0; i < g->exec.n_fds; i++)
		keep[i] = g->exec.fds[i];
	keep[n - 2] = g->sync;
	keep[n - 1] = g->pidfd;
	int rc = descriptors_close_but(0, keep, n);
	return rc < 0 ? err_set(err, -rc, "close descriptors") : 0;
}

/* In front of the first moment in which the container sees us, and after each that allows it. */
static int hide(struct err *err)
{
	return prctl(PR_SET_DUMPABLE, 0) < 0 ? err_set(err, errno, "dumpable") : 0;
}

static bool is_root(void)
{
	uid_t uids[3];
	gid_t gids[3];

	return getresuid(&uids[0], &uids[1], &uids[2]) == 0 &&
	       getresgid(&gids[0], &gids[1], &gids[2]) == 0 && !(uids[0] | uids[1] | uids[2]) &&
	       !(gids[0] | gids[1] | gids[2]);
}

/* Read back: what is mounted belongs to who mounts it. */
static int become_root(struct err *err)
{
	if (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return err_set(err, errno, "become root of the container's user namespace");
	if (!is_root())
		return err_set(err, EPERM, "become root of the container's user namespace");
	return hide(err);
}

int graft_enter_user(struct graft *g, struct err *err)
{
	if (hide(err) < 0)
		return -err->code;
	if (setns(g->pidfd, CLONE_NEWUSER) < 0)
		return err_set(err, errno, "enter the container's user namespace");
	if (become_root(err) < 0)
		return -err->code;
	return unshare(CLONE_NEWNS) < 0 ? err_set(err, errno, "a copy of the host's tree") : 0;
}

int graft_enter(struct graft *g, struct err *err)
{
	bool user = !g->rootless && spec_has_namespace(g->spec, CLONE_NEWUSER);

	exec_forget_parent(&g->exec);
	if (drop_descriptors(g, err) < 0 || hide(err) < 0)
		return -err->code;
	if (setns(g->pidfd, CLONE_NEWNS | (user ? CLONE_NEWUSER : 0)) < 0)
		return err_set(err, errno, "enter the container's namespaces");
	return user ? become_root(err) : 0;
}

_Noreturn static void act_there(struct graft *g, int (*act)(struct graft *g, struct err *err))
{
	AUTO(err) struct err err = {0};
	struct sync_message message = {.kind = SYNC_READY};

	if (act(g, &err) < 0) {
		message = (struct sync_message){SYNC_FAILED, 0, err.code, ""};
		snprintf(message.text, sizeof(message.text), "%s", err.msg);
	}
	_exit(sync_send(g->sync, &message, -1) < 0);
}

int graft_run(struct graft *g, int (*act)(struct graft *g, struct err *err), struct err *err)
{
	AUTO_FD int ours = -1;
	AUTO_FD int its = -1;
	struct sync_message message;

	/* Without one of its own they would be in that of others, and stay there. */
	if (g->spec->shared_mounts)
		return err_say(err, ENOTSUP,
			       "the container has no mount namespace of its own: what is mounted "
			       "in it is in that of others");
	g->rootless = !userns_is_privileged() && spec_has_namespace(g->spec, CLONE_NEWUSER);
	if (sync_pair(&ours, &its, err) < 0)
		return -err->code;
	pid_t pid = sys_clone3(0, -1);
	if (pid == 0) {
		g->sync = its;
		act_there(g, act);
	}
	if (pid < 0)
		return err_set(err, errno, "fork");
	close(TAKE_FD(its));
	int rc = sync_receive(ours, &message, NULL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (rc != 1)
		return err_say(err, ECHILD, "the process that went into the container died");
	return message.kind == SYNC_READY
		       ? 0
		       : err_say(err, message.code ? message.code : EPROTO, "%s", message.text);
}
