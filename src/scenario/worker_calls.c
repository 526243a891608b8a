// SPDX-License-Identifier: Apache-2.0
/* Calls made on the kernel. */
#include "scenario/worker_calls.h"
#include "base/io.h"
#include "exec/handle.h"
#include "sys/calls.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>

static int result(int rc)
{
	return rc < 0 ? -errno : 0;
}

int worker_furnish(const char *target)
{
	static const char *const dirs[] = {"a", "b", "c"};
	char path[CALL_PATH + 4];

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		snprintf(path, sizeof(path), "%s/%s", target, dirs[i]);
		if (mkdir(path, 0755) < 0 && errno != EEXIST && errno != EROFS && errno != ENOENT)
			return -errno;
	}
	snprintf(path, sizeof(path), "%s/f", target);
	mknod(path, S_IFREG | 0644, 0);
	return 0;
}

int worker_ns_id(const struct worker *w, uint64_t *ret)
{
	AUTO_FD int fd = openat(w->proc, "self/ns/mnt", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : result(ioctl(fd, NS_GET_MNTNS_ID, ret));
}

void worker_survive_not(const struct worker *w)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static int dir_of(const struct worker *w, const struct call_at *at)
{
	return at->file == CALL_NOTHING ? AT_FDCWD : w->files[at->file];
}

static const char *ns_path(const struct call *call, char path[64])
{
	snprintf(path, 64, "%d/ns/mnt", call->pid);
	return path;
}

/* The source is in the old /proc, which only a relative path can name. */
static int bind_ns(const struct worker *w, const struct call *call, int *ret_failure)
{
	char path[64], target[2 * CALL_PATH];
	AUTO_FD int cwd = open(".", O_PATH | O_CLOEXEC);
	AUTO_FD int to = open(call->b.path, O_PATH | O_CLOEXEC);

	if (to < 0)
		return -errno;
	snprintf(target, sizeof(target), "%s", call->b.path);
	if (*target != '/') {
		/* Through a descriptor it is the same place, for only "/" differs from its top. */
		snprintf(target, sizeof(target), "self/fd/%d", to);
	}
	if (cwd < 0 || fchdir(w->proc) < 0)
		*ret_failure = errno;
	int rc = result(mount(ns_path(call, path), target, NULL, MS_BIND, NULL));
	if (fchdir(cwd) < 0)
		*ret_failure = errno;
	return rc;
}

static int do_mount(const struct worker *w, const struct call *call, unsigned long more,
		    int *ret_failure)
{
	unsigned long flags = call->flags | more | (call->rec ? MS_REC : 0);
	bool has_source = more & (MS_BIND | MS_MOVE) && !(more & MS_REMOUNT);
	const char *target = has_source ? call->b.path : call->a.path;

	if (call->a.ns_of != CALL_NOTHING)
		return bind_ns(w, call, ret_failure);
	int rc = result(mount(has_source ? call->a.path : "t", target, "tmpfs", flags, NULL));
	if (rc == 0 && call->kind == CALL_NEW)
		*ret_failure = -worker_furnish(target);
	return rc;
}

static int do_move_mount(const struct worker *w, const struct call *call)
{
	unsigned flags = call->flags;

	if (call->a.file != CALL_NOTHING)
		flags |= MOVE_MOUNT_F_EMPTY_PATH;
	if (call->b.file != CALL_NOTHING)
		flags |= MOVE_MOUNT_T_EMPTY_PATH;
	return result(move_mount(dir_of(w, &call->a), call->a.path, dir_of(w, &call->b),
				 call->b.path, flags));
}

/* *ret_fd: what must stay open for the call, or -1. */
static int fill_attr(const struct worker *w, const struct call *call, struct mount_attr *ret,
		     int *ret_fd)
{
	char path[64];

	*ret = (struct mount_attr){
		.attr_set = call->set,
		.attr_clr = call->clear,
		.propagation = call->propagation,
	};
	if (call->userns_of == CALL_NOTHING)
		return 0;
	snprintf(path, sizeof(path), "%d/ns/user", call->userns_pid);
	*ret_fd = openat(w->proc, path, O_RDONLY | O_CLOEXEC);
	ret->userns_fd = (uint64_t)*ret_fd;
	return *ret_fd < 0 ? -errno : 0;
}

static int do_setattr(const struct worker *w, const struct call *call)
{
	struct mount_attr attr;
	AUTO_FD int fd = -1;
	int rc = fill_attr(w, call, &attr, &fd);

	if (rc < 0)
		return rc;
	return result(mount_setattr(dir_of(w, &call->a), call->a.path,
				    AT_EMPTY_PATH | (call->rec ? AT_RECURSIVE : 0), &attr,
				    sizeof(attr)));
}

/* A file is kept under the number that the call says. */
static int keep(struct worker *w, const struct call *call, int fd)
{
	if (fd < 0)
		return -errno;
	w->files[call->file] = fd;
	return 0;
}

static int do_open(struct worker *w, const struct call *call)
{
	return keep(w, call, open(call->a.path, O_PATH | O_CLOEXEC));
}

static int do_open_tree(struct worker *w, const struct call *call)
{
	unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH |
			 (call->rec ? AT_RECURSIVE : 0);
	bool is_ns = call->a.ns_of != CALL_NOTHING;
	char ns[64];
	const char *path = is_ns ? ns_path(call, ns) : call->a.path;
	int dir = is_ns ? w->proc : dir_of(w, &call->a);
	struct mount_attr attr;
	AUTO_FD int fd = -1;
	int rc = fill_attr(w, call, &attr, &fd);

	if (rc < 0)
		return rc;
	if (!call->set && !call->clear && !call->propagation)
		return keep(w, call, open_tree(dir, path, flags));
	return keep(w, call, sys_open_tree_attr(dir, path, flags, &attr, sizeof(attr)));
}

static int do_fsmount(struct worker *w, const struct call *call, int *ret_failure)
{
	AUTO_FD int fs = fsopen("tmpfs", FSOPEN_CLOEXEC);

	if (fs < 0)
		return -errno;
	if (fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		*ret_failure = errno;
	return keep(w, call, fsmount(fs, FSMOUNT_CLOEXEC, (unsigned)call->set));
}

static int do_close(struct worker *w, const struct call *call)
{
	int fd = w->files[call->a.file];

	w->files[call->a.file] = -1;
	return result(close(fd));
}

/* Without a map of its own user a process could make no further user namespace. */
static int map_self(const struct worker *w)
{
	prctl(PR_SET_DUMPABLE, 1);
	worker_survive_not(w);
	int rc = io_write_file(w->proc, "self/uid_map", "0 0 1", NULL);
	if (rc == 0)
		rc = io_write_file(w->proc, "self/setgroups", "deny", NULL);
	return rc < 0 ? rc : io_write_file(w->proc, "self/gid_map", "0 0 1", NULL);
}

static int do_unshare(const struct worker *w, const struct call *call, int *ret_failure)
{
	int rc = result(unshare((int)call->flags));

	if (rc == 0 && call->flags & CLONE_NEWUSER)
		*ret_failure = -map_self(w);
	return rc;
}

static int do_setns(const struct worker *w, const struct call *call)
{
	char path[64];
	AUTO_FD int fd = call->a.ns_of != CALL_NOTHING
				 ? openat(w->proc, ns_path(call, path), O_RDONLY | O_CLOEXEC)
				 : open(call->a.path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : result(setns(fd, CLONE_NEWNS));
}

static int do_chdir(const struct worker *w, const struct call *call)
{
	if (call->a.file == CALL_NOTHING)
		return result(chdir(call->a.path));
	if (!*call->a.path)
		return result(fchdir(w->files[call->a.file]));
	AUTO_FD int fd = openat(w->files[call->a.file], call->a.path, O_PATH | O_CLOEXEC);
	return fd < 0 ? -errno : result(fchdir(fd));
}

/* The files of the process are the handles, and what is open afterwards are its files. */
static int do_op(struct worker *w, const struct call *call)
{
	AUTO(ops) struct ops ops = {0};
	struct exec ex;
	size_t n;

	statement_ops(call, &ops, &n);
	exec_init(&ex);
	for (int i = 0; i < CALL_FILES; i++)
		exec_set_handle(&ex, i, w->files[i]);
	int rc = exec_kernel(&ex, &ops, 0, n, NULL);
	for (int i = 0; i < CALL_FILES; i++) {
		w->files[i] = ex.fds[i];
		ex.fds[i] = -1;
	}
	exec_done(&ex);
	return rc;
}

int worker_call(struct worker *w, const struct call *call, int *ret_failure)
{
	const char *a = call->a.path;
	int at = dir_of(w, &call->a);

	switch ((enum call_kind)call->kind) {
	case CALL_NEW:
	case CALL_TYPE:
		return do_mount(w, call, 0, ret_failure);
	case CALL_BIND:
		return do_mount(w, call, MS_BIND, ret_failure);
	case CALL_RBIND:
		return do_mount(w, call, MS_BIND | MS_REC, ret_failure);
	case CALL_MOVE:
		return do_mount(w, call, MS_MOVE, ret_failure);
	case CALL_REMOUNT:
		return do_mount(w, call, MS_REMOUNT | MS_BIND, ret_failure);
	case CALL_REMOUNT_FS:
		return do_mount(w, call, MS_REMOUNT, ret_failure);
	case CALL_UMOUNT:
		return result(umount2(a, (int)call->flags));
	case CALL_PIVOT_ROOT:
		return result(sys_pivot_root(a, call->b.path));
	case CALL_MOVE_MOUNT:
		return do_move_mount(w, call);
	case CALL_SETATTR:
		return do_setattr(w, call);
	case CALL_OPEN:
		return do_open(w, call);
	case CALL_OPEN_WRITE:
		return keep(w, call, open(a, O_RDWR | O_CLOEXEC));
	case CALL_OPEN_TREE:
		return do_open_tree(w, call);
	case CALL_FSMOUNT:
		return do_fsmount(w, call, ret_failure);
	case CALL_CLOSE:
		return do_close(w, call);
	case CALL_UNSHARE:
		return do_unshare(w, call, ret_failure);
	case CALL_SETNS:
		return do_setns(w, call);
	case CALL_CHDIR:
		return do_chdir(w, call);
	case CALL_CHROOT:
		return result(chroot(a));
	case CALL_MKDIR:
		return result(mkdirat(at, a, 0755));
	case CALL_MKFILE:
		return result(mknodat(at, a, S_IFREG | 0644, 0));
	case CALL_RMDIR:
		return result(unlinkat(at, a, AT_REMOVEDIR));
	case CALL_UNLINK:
		return result(unlinkat(at, a, 0));
	case CALL_RENAME:
		return result(renameat(at, a, dir_of(w, &call->b), call->b.path));
	case CALL_OP:
		return do_op(w, call);
	case CALL_FORK:
	case CALL_EXIT:
	case CALL_KIND_MAX:
		break;
	}
	return -ENOSYS;
}
