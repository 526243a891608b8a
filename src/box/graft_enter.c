// SPDX-License-Identifier: Apache-2.0
/*
 * The child that goes into the container, and what it takes away there. No mount point can be
 * renamed or removed in its own namespace: with the directory that holds it open, its name there
 * stays its name.
 */
#include "base/mem.h"
#include "box/birth.h"
#include "box/contain_parts.h"
#include "box/graft_parts.h"
#include "box/userns.h"
#include "exec/path.h"
#include "sys/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define PLAINLY (RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS)

/* Standard streams too: nothing is said from there. */
static int drop_descriptors(struct graft *g, struct err *err)
{
	const size_t n = (size_t)g->exec.n_fds + 2;
	AUTO_FREE int *keep = xcalloc(n, sizeof(*keep));

	for (int i = 0; i < g->exec.n_fds; i++)
		keep[i] = g->exec.fds[i];
	keep[n - 2] = g->sync;
	keep[n - 1] = g->pidfd;
	int rc = contain_close_but(0, keep, n);
	return rc < 0 ? err_set(err, -rc, "close descriptors") : 0;
}

/* In front of the first moment in which the container sees us, and after each that allows it. */
static int hide(struct err *err)
{
	return prctl(PR_SET_DUMPABLE, 0) < 0 ? err_set(err, errno, "dumpable") : 0;
}

static int become_root(struct err *err)
{
	if (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return err_set(err, errno, "become root of the container's user namespace");
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

bool graft_is_root(const char *path)
{
	for (size_t n; *path; path += n) {
		path += strspn(path, "/");
		n = strcspn(path, "/");
		if (n > 1 || (n == 1 && *path != '.'))
			return false;
	}
	return true;
}

static int open_parent(const char *path, const char **ret_name)
{
	const char *name = strrchr(path, '/') + 1;
	AUTO_FREE char *dir = xstrndup(path, (size_t)(name - path));
	int fd = sys_openat2(AT_FDCWD, dir, O_PATH | O_DIRECTORY, PLAINLY);

	*ret_name = name;
	return fd < 0 ? -errno : fd;
}

static int mount_of(int dirfd, const char *name, int flags, struct statx *ret)
{
	flags |= AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC;
	return statx(dirfd, name, flags, STATX_MNT_ID, ret) < 0 ? -errno : 0;
}

/* -EINVAL: it is none. */
static int is_mount_point(int dir, const char *name, int fd)
{
	struct statx top, own;
	int rc = mount_of(dir, name, 0, &top);

	if (rc == 0 && !(top.stx_attributes & STATX_ATTR_MOUNT_ROOT))
		rc = -EINVAL;
	if (rc == 0 && fd >= 0)
		rc = mount_of(fd, "", AT_EMPTY_PATH, &own);
	return rc == 0 && fd >= 0 && own.stx_mnt_id != top.stx_mnt_id ? -ESTALE : rc;
}

static int look(const char *path)
{
	const char *name;
	AUTO_FD int dir = open_parent(path, &name);

	return dir < 0 ? dir : is_mount_point(dir, name, -1);
}

int graft_detach(const char *path, int fd)
{
	const char *name;
	AUTO_FD int dir = open_parent(path, &name);
	int rc = dir < 0 ? dir : is_mount_point(dir, name, fd);

	if (rc < 0)
		return rc;
	if (fchdir(dir) < 0)
		return -errno;
	return umount2(name, MNT_DETACH | UMOUNT_NOFOLLOW) < 0 ? -errno : 0;
}

static int refuse(const struct spec_mount *m, int code, struct err *err)
{
	if (code == EINVAL)
		return err_say(err, code, "%s: %s is no mount point in the container", m->said,
			       m->target);
	err_set(err, code, "%s: %s", m->said, m->target);
	if (code == ELOOP || code == ENOTDIR)
		err_hint(err, "in a container that lives no part of a destination may be a "
			      "symbolic link: give the path it leads to");
	return -code;
}

static int check_all(const struct spec *spec, struct err *err)
{
	for (size_t i = 0; i < spec->n_mounts; i++) {
		int rc = look(spec->mounts[i].target);
		if (rc < 0)
			return refuse(&spec->mounts[i], -rc, err);
	}
	return 0;
}

/* What is a mount point no more went with one that it was on. */
static int detach(const struct spec_mount *m, struct err *err)
{
	int rc = graft_detach(m->target, -1);

	if (rc == -EINVAL && look(m->target) == 0)
		return err_say(err, EPERM,
			       "%s: %s is locked: it came with the namespace, from another user "
			       "namespace",
			       m->said, m->target);
	return rc < 0 && rc != -EINVAL && rc != -ENOENT ? refuse(m, -rc, err) : 0;
}

static int remove_all(struct graft *g, struct err *err)
{
	if ((g->rootless && graft_enter_user(g, err) < 0) || graft_enter(g, err) < 0 ||
	    check_all(g->spec, err) < 0)
		return -err->code;
	for (size_t i = g->spec->n_mounts; i--;)
		if (detach(&g->spec->mounts[i], err) < 0)
			return -err->code;
	return 0;
}

int box_mounts_remove(const struct box_graft *order, struct err *err)
{
	struct graft g = {.spec = order->spec, .pidfd = order->pidfd};

	exec_init(&g.exec);
	for (size_t i = 0; i < g.spec->n_mounts; i++)
		if (graft_is_root(g.spec->mounts[i].target))
			return err_say(err, EINVAL, "%s: the container's root stays",
				       g.spec->mounts[i].said);
	int rc = graft_run(&g, remove_all, err);
	exec_done(&g.exec);
	return rc;
}
