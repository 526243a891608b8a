// SPDX-License-Identifier: Apache-2.0
/* A container's process from its birth to its program, as two arrays of steps. */
#include "base/io.h"
#include "base/mem.h"
#include "box/contain_parts.h"
#include "box/copy_up.h"
#include "box/labels.h"
#include "box/process.h"
#include "box/program.h"
#include "box/schedule.h"
#include "box/sysctl.h"
#include "sys/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

/* Nothing in the container may look into a process that is not yet its own. */
static int hide(struct box *box, struct err *err)
{
	return prctl(PR_SET_DUMPABLE, 0) < 0 ? err_set(err, errno, "dumpable") : 0;
}

/* Then /proc has its files as root's, and an ordinary caller could not write the id maps. */
static int hide_at_once(struct box *box, struct err *err)
{
	return box->rootless ? 0 : hide(box, err);
}

static int new_cgroup_namespace(struct box *box, struct err *err)
{
	if (box->spec->unshare & CLONE_NEWCGROUP && unshare(CLONE_NEWCGROUP) < 0)
		return err_set(err, errno, "linux.namespaces: new cgroup namespace");
	return 0;
}

static int copy_one(struct box *box, const struct box_copy_up *copy, struct err *err)
{
	return copy_up(copy->path, box->exec.fds[copy->handle], err);
}

static int run_mask(struct box *box, const struct box_mask *mask, struct err *err)
{
	uint64_t links = mask->no_symlinks ? RESOLVE_NO_SYMLINKS : 0;
	AUTO_FD int fd = sys_openat2(AT_FDCWD, mask->path, O_PATH, RESOLVE_NO_MAGICLINKS | links);
	struct stat st;

	/* What nobody can open is hidden: it is not there, or its links go in circles. */
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || (errno == ELOOP && !links)))
		return 0;
	if (fd < 0 && errno == ELOOP)
		return err_say(err, ELOOP,
			       "linux.maskedPaths: %s: a symbolic link in /proc shows each process "
			       "something else, so it cannot be hidden from all of them",
			       mask->path);
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_set(err, errno, "linux.maskedPaths: %s", mask->path);
	return S_ISDIR(st.st_mode)
		       ? exec_kernel(&box->exec, &box->view.ops, mask->as_dir, mask->as_file, err)
		       : exec_kernel(&box->exec, &box->view.ops, mask->as_file, mask->end, err);
}

/* From here on paths are the container's, and the way back is a descriptor. */
static int enter_root(struct box *box, struct err *err)
{
	const struct box_view *view = &box->view;

	box->old_root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (box->old_root < 0)
		return err_set(err, errno, "open the host's root");
	if (exec_kernel(&box->exec, &view->ops, view->clone + 1, view->enter, err) < 0)
		return -err->code;
	return chroot(".") < 0 ? err_set(err, errno, "enter the root") : 0;
}

static int build_view(struct box *box, struct err *err)
{
	const struct box_view *view = &box->view;
	size_t at = view->enter ? view->enter : view->clone + 1;

	if (view->enter && enter_root(box, err) < 0)
		return -err->code;

	for (size_t i = 0; i < view->n_copies; at = view->copies[i++].at)
		if (exec_kernel(&box->exec, &view->ops, at, view->copies[i].at, err) < 0 ||
		    copy_one(box, &view->copies[i], err) < 0)
			return -err->code;
	for (size_t i = 0; i < view->n_masks; at = view->masks[i++].end)
		if (exec_kernel(&box->exec, &view->ops, at, view->masks[i].as_dir, err) < 0 ||
		    run_mask(box, &view->masks[i], err) < 0)
			return -err->code;
	return exec_kernel(&box->exec, &view->ops, at, view->enter ? view->leave : view->console,
			   err);
}

static int call_inside(struct box *box, struct err *err)
{
	const struct contain *order = box->order;

	return order && order->inside ? order->inside(order->arg, box->old_root, err) : 0;
}

static int switch_root(struct box *box, struct err *err)
{
	const struct box_view *view = &box->view;

	if (!view->enter)
		return 0;
	if (view->leave < view->console &&
	    (fchdir(box->old_root) < 0 || chroot(".") < 0 ||
	     exec_kernel(&box->exec, &view->ops, view->leave, view->console, err) < 0))
		return err->msg ? -err->code : err_set(err, errno, "leave the root");
	close(TAKE_FD(box->old_root));
	return 0;
}

static int call_starting(struct box *box, struct err *err)
{
	const struct contain *order = box->order;

	return order && order->starting ? order->starting(order->arg, err) : 0;
}

static int own_devices(struct box *box, struct err *err)
{
	for (size_t i = 0; i < box->spec->n_devices; i++) {
		const struct spec_device *d = &box->spec->devices[i];
		/* In a user namespace a device is the host's own. */
		if ((!d->uid && !d->gid) || (box->idmap && !S_ISFIFO(d->mode)))
			continue;
		AUTO_FD int fd = sys_openat2(AT_FDCWD, d->path, O_PATH | O_NOFOLLOW,
					     RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS);
		if (fd < 0 || fchownat(fd, "", d->uid, d->gid, AT_EMPTY_PATH) < 0)
			return err_set(err, errno, "linux.devices: owner of %s", d->path);
	}
	return 0;
}

static int set_names(struct box *box, struct err *err)
{
	const char *domain = box->spec->domainname;

	if (domain && setdomainname(domain, strlen(domain)) < 0)
		return err_set(err, errno, "domainname %s", domain);
	return step_set_hostname(box, err);
}

/* Only for its home directory: the ids were given as numbers. */
static int find_home(struct box *box, struct err *err)
{
	for (size_t i = 0; i < box->spec->env.n; i++)
		if (str_starts(box->spec->env.v[i], "HOME="))
			return 0;
	return identity_find(box->spec, &box->identity, err);
}

static int become(struct box *box, struct err *err)
{
	/* While this is still root, and before the descriptors are closed. */
	if (labels_apply(box->spec->process, box->procfd, err) < 0)
		return -err->code;
	return process_become(box->spec->process, err);
}

static int find_program(struct box *box, struct err *err)
{
	return program_find(box->spec, &box->status, err);
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

int contain_close_but(unsigned first, int *keep, size_t n)
{
	qsort(keep, n, sizeof(*keep), by_number);
	for (size_t i = 0; i < n; i++) {
		unsigned fd = (unsigned)keep[i];
		if (keep[i] < 0 || fd < first)
			continue;
		if (fd > first && sys_close_range(first, fd - 1) < 0)
			return -errno;
		first = fd + 1;
	}
	return sys_close_range(first, ~0U) < 0 ? -errno : 0;
}

/*
 * A process that waits keeps nothing of the host's and of its caller's, locks least of all: only
 * the two sockets that it needs. The program keeps what --preserve-fds says.
 */
static int keep_descriptors(struct box *box, struct err *err)
{
	unsigned first = STDERR_FILENO + 1 + box->spec->preserve_fds;

	for (int fd = STDERR_FILENO + 1; fd < (int)first; fd++)
		if (fd != box->sync && fd != box->listener && fcntl(fd, F_GETFD) >= 0 &&
		    fcntl(fd, F_SETFD, 0) < 0)
			return err_set(err, errno, "--preserve-fds: descriptor %d", fd);
	int rc = contain_close_but(first, (int[]){box->sync, box->listener}, 2);
	if (rc < 0)
		return err_set(err, -rc, "close descriptors");
	exec_init(&box->exec);
	box->procfd = box->console = box->master = -1;
	return 0;
}

/* One who only looks whether we wait goes away without a word. */
static int accept_start(int listener)
{
	struct sync_message message;
	int fd;

	for (;;) {
		fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0 && (errno == EBADF || errno == EINVAL || errno == ENOTSOCK))
			return -errno;
		/* Whoever wants us comes again, or waits. */
		if (fd < 0 && errno != EINTR && errno != ECONNABORTED)
			poll(NULL, 0, 10);
		if (fd >= 0 && sync_receive(fd, &message, NULL) == 1 && message.kind == SYNC_GO &&
		    sync_send(fd, &(struct sync_message){.kind = SYNC_READY}, -1) == 0)
			return fd;
		if (fd >= 0)
			close(fd);
	}
}

static int wait_for_start(struct box *box, struct err *err)
{
	sigprocmask(SIG_SETMASK, &box->mask, NULL);
	if (box->listener < 0)
		return 0;
	int rc = sync_send(box->sync, &(struct sync_message){.kind = SYNC_READY}, -1);
	if (rc < 0)
		return err_set(err, -rc, "report home");
	close(TAKE_FD(box->sync));
	int fd = accept_start(box->listener);
	if (fd < 0)
		_exit(BOX_EXIT_FAILED);
	close(TAKE_FD(box->listener));
	box->sync = fd;
	return 0;
}

static int confine(struct box *box, struct err *err)
{
	if (schedule_self(box->spec->process, err) < 0)
		return -err->code;
	return process_confine(box->spec->process, box->sync, err);
}

static int execute(struct box *box, struct err *err)
{
	umask(box->spec->process->umask);
	return program_execute(box->spec, box->identity.home, &box->status, err);
}

static int enter_cgroups(struct box *box, struct err *err)
{
	for (size_t i = 0; i < box->into->v1.n; i++)
		if (write(box->tasks[i], "0", 1) < 0)
			return err_set(err, errno, "enter the cgroup %s", box->into->v1.v[i]);
	if (box->settles_early)
		return 0;
	int rc = sync_send(box->sync, &(struct sync_message){.kind = SYNC_JOINED}, -1);
	return rc < 0 ? err_set(err, -rc, "report home") : 0;
}

/* By itself, as it has all privileges still, and not before it has opened all files. */
static int limit(struct box *box, struct err *err)
{
	return box->is_direct ? process_limit(box->spec->process, 0, err) : 0;
}

static const struct box_step first[] = {
	{"hide from the container", hide_at_once},
	{"enter the cgroups", enter_cgroups},
	{"wait for release", step_wait_for_release},
	{"hide from the container", hide},
	{"new cgroup namespace", new_cgroup_namespace},
	{"become root of the user namespace", step_become_root},
	{"new session", step_new_session},
	{"build the view", build_view},
	{"own the devices", own_devices},
	{"call those who wait for the view", call_inside},
	{"switch the root", switch_root},
	{"open the terminal", step_open_terminal},
	{"attach the console", step_attach_console},
	{"set the host name", set_names},
	{"raise the loopback interface", step_raise_loopback},
	{"set sysctls", sysctl_set},
	{"find the home directory", find_home},
	{"enter the working directory", step_enter_workdir},
	{"limit", limit},
	{"become the user", become},
	{"find the program", find_program},
	{"keep descriptors", keep_descriptors},
	{"wait for the start", wait_for_start},
	{"confine", confine},
	{"call those who wait for the start", call_starting},
	{"execute the program", execute},
};

static const struct box_step joiner[] = {
	{"wait for release", step_wait_for_release},
	{"new session", step_new_session},
	{"open the terminal", step_open_terminal},
	{"find the home directory", find_home},
	{"enter the working directory", step_enter_workdir},
	{"become the user", become},
	{"find the program", find_program},
	{"keep descriptors", keep_descriptors},
	{"wait for the start", wait_for_start},
	{"confine", confine},
	{"execute the program", execute},
};

_Noreturn void contained_child(struct box *box)
{
	box_walk_child(box, first, ARRAY_SIZE(first));
}

_Noreturn void contained_joiner(struct box *box)
{
	box_walk_child(box, joiner, ARRAY_SIZE(joiner));
}
