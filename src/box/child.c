// SPDX-License-Identifier: Apache-2.0
/* The child's half of a birth: from new namespaces to the program, as an array of steps. */
#include "base/mem.h"
#include "box/birth.h"
#include "box/descriptors.h"
#include "box/init.h"
#include "box/program.h"
#include "box/terminal.h"
#include "sys/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

/*
 * Dies with the parent. Changing credentials clears this, so it is said again after that; the
 * look at the socket closes the race with a parent that died before.
 */
static int bind_to_parent(struct box *box, struct err *err)
{
	char byte;

	if (box->spec->detach || box->spec->process)
		return 0;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return err_set(err, errno, "parent death signal");
	if (recv(box->sync, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0)
		_exit(BOX_EXIT_FAILED);
	return 0;
}

int box_hear(struct box *box, enum sync_kind kind, int *ret_status, struct err *err)
{
	struct sync_message message;
	int rc = sync_receive(box->sync, &message, NULL);

	if (rc < 0)
		return err_set(err, -rc, "wait for the parent");
	/* It gave up, and says why itself. */
	if (rc == 0 || message.kind != kind)
		_exit(BOX_EXIT_FAILED);
	*ret_status = message.status;
	return 0;
}

int step_wait_for_release(struct box *box, struct err *err)
{
	int unused;

	return box_waits(box) ? box_hear(box, SYNC_GO, &unused, err) : 0;
}

static int new_cgroup_namespace(struct box *box, struct err *err)
{
	/* Left out of clone3 where the box's cgroups come first; see birth.c. */
	if (box->cgroup_dirs.n && box->spec->unshare & CLONE_NEWCGROUP &&
	    unshare(CLONE_NEWCGROUP) < 0)
		return err_set(err, errno, "new cgroup namespace");
	return 0;
}

/* Files made in the box belong to an id that the box has. */
int step_become_root(struct box *box, struct err *err)
{
	if (!box->idmap || getuid() == 0)
		return 0;
	(void)!setgroups(0, NULL);
	/* A map without 0 inside leaves us who we are: mapped, or the program's --user will say. */
	if ((setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0) && errno != EINVAL && errno != EPERM)
		return err_set(err, errno, "become root of the user namespace");
	return bind_to_parent(box, err);
}

int step_new_session(struct box *box, struct err *err)
{
	return setsid() < 0 ? err_set(err, errno, "setsid") : 0;
}

static int build_view(struct box *box, struct err *err)
{
	return exec_kernel(&box->exec, &box->view.ops, box->view.clone + 1, box->view.console, err);
}

int step_open_terminal(struct box *box, struct err *err)
{
	return box->spec->tty ? terminal_open(box, err) : 0;
}

int step_attach_console(struct box *box, struct err *err)
{
	return exec_kernel(&box->exec, &box->view.ops, box->view.console, box->view.ops.n, err);
}

int step_set_hostname(struct box *box, struct err *err)
{
	const char *name = box->spec->hostname;

	if (name && sethostname(name, strlen(name)) < 0)
		return err_set(err, errno, "--hostname %s", name);
	return 0;
}

int step_raise_loopback(struct box *box, struct err *err)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	AUTO_FD int fd = -1;

	if (!(box->spec->unshare & CLONE_NEWNET))
		return 0;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		return err_set(err, errno, "bring up the loopback interface");
	return 0;
}

static int find_identity(struct box *box, struct err *err)
{
	return identity_find(box->spec, &box->identity, err);
}

int step_enter_workdir(struct box *box, struct err *err)
{
	const char *dir = box->spec->workdir;
	char now[4096];

	if (dir && chdir(dir) < 0)
		return err_set(err, errno, "%s %s (a directory inside the box)",
			       box->spec->process ? "process.cwd" : "--workdir", dir);
	/* A directory of the host, reached by a descriptor, would be no longer below our root. */
	if (!getcwd(now, sizeof(now)) || *now != '/')
		return err_say(err, EPERM, "the working directory is not inside the box");
	return 0;
}

static int become_identity(struct box *box, struct err *err)
{
	if (identity_become(box->spec, &box->identity, err) < 0)
		return -err->code;
	return bind_to_parent(box, err);
}

/*
 * Now, and not by the execution: the program's path is walked before that closes any, and could
 * lead through /proc/self/fd to a program of the host. Where we made mount points we are still to
 * undo it, but those directories are the box's own.
 */
static int close_descriptors(struct box *box, struct err *err)
{
	size_t n = box->exec.n_made > 0 ? (size_t)box->exec.n_made : 0;
	AUTO_FREE int *keep = xcalloc(n + 1, sizeof(*keep));

	for (size_t i = 0; i < n; i++)
		keep[i] = box->exec.made[i].dirfd;
	keep[n] = box->sync;
	int rc = descriptors_close_but(STDERR_FILENO + 1, keep, n + 1);
	if (rc == 0)
		rc = sys_cloexec_from(STDERR_FILENO + 1) < 0 ? -errno : 0;
	box->procfd = box->old_root = box->master = -1;
	return rc < 0 ? err_set(err, -rc, "close_range") : 0;
}

static int fork_init(struct box *box, struct err *err)
{
	return box->spec->init ? init_fork(err) : 0;
}

static int execute(struct box *box, struct err *err)
{
	umask(spec_is_host_root(box->spec) ? box->umask : 022);
	sigprocmask(SIG_SETMASK, &box->mask, NULL);
	return program_execute(box->spec, box->identity.home, &box->status, err);
}

static const struct box_step steps[] = {
	{"bind to the parent's life", bind_to_parent},
	{"wait for release", step_wait_for_release},
	{"new cgroup namespace", new_cgroup_namespace},
	{"become root of the user namespace", step_become_root},
	{"new session", step_new_session},
	{"build the view", build_view},
	{"open the terminal", step_open_terminal},
	{"attach the console", step_attach_console},
	{"set the host name", step_set_hostname},
	{"raise the loopback interface", step_raise_loopback},
	{"find the user", find_identity},
	{"enter the working directory", step_enter_workdir},
	{"become the user", become_identity},
	{"close descriptors", close_descriptors},
	{"fork the init process", fork_init},
	{"execute the program", execute},
};

_Noreturn static void report(struct box *box, const char *step, struct err *err)
{
	struct sync_message message = {
		.kind = SYNC_FAILED,
		.status = box->status,
		.code = err->code,
	};

	if (err->msg)
		snprintf(message.text, sizeof(message.text), "%s", err->msg);
	else
		snprintf(message.text, sizeof(message.text), "%s: %s", step, strerror(err->code));
	sync_send(box->sync, &message, -1);
	_exit(BOX_EXIT_FAILED);
}

_Noreturn void box_walk_child(struct box *box, const struct box_step *walk, size_t n)
{
	struct err err = {0};

	umask(0);
	for (size_t i = 0; i < n; i++) {
		if (walk[i].run(box, &err) >= 0)
			continue;
		exec_undo_made(&box->exec);
		report(box, walk[i].name, &err);
	}
	_exit(BOX_EXIT_FAILED);
}

_Noreturn void box_child(struct box *box)
{
	close(box->sync);
	box->sync = TAKE_FD(box->child_sync);
	box_walk_child(box, steps, ARRAY_SIZE(steps));
}
