// SPDX-License-Identifier: Apache-2.0
/* One function per op: resolve its target, make its call, say which argument was refused and why.
 */
#include "exec/kernel.h"
#include "base/mem.h"
#include "exec/fs.h"
#include "exec/handle.h"
#include "exec/idmap.h"
#include "exec/path.h"
#include "exec/why.h"
#include "sys/calls.h"
#include "sys/probe.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* A path that is missing makes an optional op void. */
static int void_or_why(const struct op *op, int code, struct err *err)
{
	if (op->flags & OP_OPTIONAL && (code == ENOENT || code == ENOTDIR))
		return 0;
	return exec_why(op, code, err);
}

static int run_open_tree(struct exec *ex, const struct op *op, struct err *err)
{
	unsigned flags =
		OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (op->flags & OP_REC ? AT_RECURSIVE : 0);
	int fd;

	exec_set_handle(ex, op->handle, -1);
	if (op->from.handle) {
		AUTO(exec_at) struct exec_at at = exec_at(ex, &op->from, op->flags);
		if (at.fd < 0)
			return void_or_why(op, -at.fd, err);
		fd = open_tree(at.fd, "", flags | AT_EMPTY_PATH);
	} else {
		fd = open_tree(AT_FDCWD, op->from.path, flags);
	}
	if (fd < 0)
		return void_or_why(op, errno, err);
	exec_set_handle(ex, op->handle, fd);
	return 0;
}

static int run_fs_mount(struct exec *ex, const struct op *op, struct err *err)
{
	int fd = exec_fs_mount(op, err);

	if (fd < 0)
		return fd;
	exec_set_handle(ex, op->handle, fd);
	return 0;
}

static int run_reconfigure(struct exec *ex, const struct op *op, struct err *err)
{
	AUTO_FD int fd = exec_resolve(ex, &op->to, op->flags);

	return fd < 0 ? void_or_why(op, -fd, err) : exec_fs_reconfigure(fd, op, err);
}

static int run_set_attr(struct exec *ex, const struct op *op, struct err *err)
{
	struct mount_attr attr = {
		.attr_set = op->attr.set,
		.attr_clr = op->attr.clear,
		.propagation = op->attr.propagation,
	};
	AUTO(exec_at) struct exec_at at = exec_at(ex, &op->to, op->flags);
	AUTO_FD int userns = -1;

	if (at.fd < 0)
		return void_or_why(op, -at.fd, err);
	if (op->attr.idmap) {
		userns = exec_idmap_fd(op->attr.idmap, err);
		if (userns < 0)
			return userns;
		attr.attr_set |= MOUNT_ATTR_IDMAP;
		attr.userns_fd = (uint64_t)userns;
	}
	if (mount_setattr(at.fd, "", AT_EMPTY_PATH | (op->flags & OP_REC ? AT_RECURSIVE : 0), &attr,
			  sizeof(attr)) < 0)
		return exec_why(op, errno, err);
	return 0;
}

/* A directory can be attached only on a directory, and a file only on a file. */
static bool fits(int from, int to)
{
	struct stat a, b;

	return fstat(from, &a) < 0 || fstat(to, &b) < 0 || S_ISDIR(a.st_mode) == S_ISDIR(b.st_mode);
}

/* The commonest of the many reasons for EINVAL can be told from the others. */
static int move_refused(const struct op *op, int from, int to, int code, struct err *err)
{
	if (code == EINVAL && op->flags & OP_BENEATH && !probe_is_since(6, 5))
		return exec_because(op, code, "attaching beneath a mount needs Linux 6.5", err);
	if (code == EINVAL && !fits(from, to))
		return exec_because(op, code,
				    "a directory can be attached only on a directory, and a file "
				    "only on a file",
				    err);
	return exec_why(op, code, err);
}

/* By a name no link is followed. */
static int attach(const struct op *op, int from, const struct exec_point *to)
{
	unsigned flags = MOVE_MOUNT_F_EMPTY_PATH | (to->name ? 0 : MOVE_MOUNT_T_EMPTY_PATH) |
			 (op->flags & OP_BENEATH ? MOVE_MOUNT_BENEATH : 0);

	return move_mount(from, "", to->fd, to->name ? to->name : "", flags);
}

static int run_move_mount(struct exec *ex, const struct op *op, struct err *err)
{
	AUTO(exec_at) struct exec_at source = exec_at(ex, &op->from, 0);
	AUTO(exec_point) struct exec_point point = {-1, NULL};
	int from = source.fd, to;

	if (from < 0)
		return void_or_why(op, -from, err);
	point = exec_mount_point(ex, op, from);
	to = point.fd;
	/* What covers an empty directory that was just made covers no path but its own. */
	if (!point.name)
		exec_forget_parent(ex);
	if (to == -ENOENT && op->flags & OP_CREATE && !(op->flags & OP_OPTIONAL))
		return exec_because(op, ENOENT,
				    "the mount point does not exist, and nothing can be made there",
				    err);
	if (to < 0)
		return void_or_why(op, -to, err);
	if (attach(op, from, &point) == 0)
		return 0;
	int code = errno;
	if (point.name)
		return exec_why(op, code, err);
	if (op->flags & OP_OPTIONAL && !fits(from, to))
		return 0;
	return move_refused(op, from, to, code, err);
}

static int run_umount(struct exec *ex, const struct op *op, struct err *err)
{
	int flags = UMOUNT_NOFOLLOW | (op->flags & OP_LAZY ? MNT_DETACH : 0) |
		    (op->flags & OP_FORCE ? MNT_FORCE : 0);

	return umount2(op->to.path, flags) < 0 ? void_or_why(op, errno, err) : 0;
}

static int run_pivot_root(struct exec *ex, const struct op *op, struct err *err)
{
	return sys_pivot_root(op->to.path, op->text) < 0 ? exec_why(op, errno, err) : 0;
}

static int run_chdir(struct exec *ex, const struct op *op, struct err *err)
{
	AUTO(exec_at) struct exec_at at = exec_at(ex, &op->to, op->flags);

	if (at.fd < 0)
		return void_or_why(op, -at.fd, err);
	return fchdir(at.fd) < 0 ? exec_why(op, errno, err) : 0;
}

static int run_unshare(struct exec *ex, const struct op *op, struct err *err)
{
	return unshare((int)op->namespaces) < 0 ? exec_why(op, errno, err) : 0;
}

static int run_setns(struct exec *ex, const struct op *op, struct err *err)
{
	/* Whatever stands there: a FIFO would keep us waiting for its writer. */
	AUTO_FD int fd = open(op->to.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0 || setns(fd, (int)op->namespaces) < 0)
		return exec_why(op, errno, err);
	return 0;
}

/* mkdir with `parents` makes what is missing and is content with a directory that is there. */
static int run_mkdir(struct exec *ex, const struct op *op, struct err *err)
{
	const char *name;

	if (op->flags & OP_PARENTS) {
		AUTO_FD int fd = exec_resolve_or_make(ex, &op->to, true, op->flags);
		struct stat st;
		if (fd < 0)
			return exec_why(op, -fd, err);
		return fstat(fd, &st) == 0 && S_ISDIR(st.st_mode) ? 0 : exec_why(op, ENOTDIR, err);
	}
	int dir = exec_parent(ex, &op->to, 0, &name);
	if (dir < 0)
		return exec_why(op, -dir, err);
	return mkdirat(dir, name, op->mode) < 0 ? exec_why(op, errno, err) : 0;
}

static int run_file(struct exec *ex, const struct op *op, struct err *err)
{
	const char *name;
	int dir = exec_parent(ex, &op->to, 0, &name);
	AUTO_FD int fd = -1;

	if (dir < 0)
		return exec_why(op, -dir, err);
	fd = openat(dir, name, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC, op->mode);
	return fd < 0 ? exec_why(op, errno, err) : 0;
}

/* What is there makes an optional op void. */
static int exists_or_why(const struct op *op, int code, struct err *err)
{
	return op->flags & OP_OPTIONAL && code == EEXIST ? 0 : exec_why(op, code, err);
}

static int run_symlink(struct exec *ex, const struct op *op, struct err *err)
{
	const char *name;
	int dir = exec_parent(ex, &op->to, 0, &name);

	if (dir < 0)
		return exec_why(op, -dir, err);
	return symlinkat(op->text, dir, name) < 0 ? exists_or_why(op, errno, err) : 0;
}

static int run_node(struct exec *ex, const struct op *op, struct err *err)
{
	const char *name;
	int dir = exec_parent(ex, &op->to, 0, &name);

	if (dir < 0)
		return exec_why(op, -dir, err);
	return mknodat(dir, name, op->mode, makedev(op->major, op->minor)) < 0
		       ? exists_or_why(op, errno, err)
		       : 0;
}

static int (*const run[OP_KIND_MAX])(struct exec *, const struct op *, struct err *) = {
	[OP_OPEN_TREE] = run_open_tree,
	[OP_FS_MOUNT] = run_fs_mount,
	[OP_RECONFIGURE] = run_reconfigure,
	[OP_SET_ATTR] = run_set_attr,
	[OP_MOVE_MOUNT] = run_move_mount,
	[OP_UMOUNT] = run_umount,
	[OP_PIVOT_ROOT] = run_pivot_root,
	[OP_CHDIR] = run_chdir,
	[OP_UNSHARE] = run_unshare,
	[OP_SETNS] = run_setns,
	[OP_MKDIR] = run_mkdir,
	[OP_FILE] = run_file,
	[OP_SYMLINK] = run_symlink,
	[OP_NODE] = run_node,
};

/* An op on a handle that an optional open-tree left void has nothing to do. */
static bool is_void(const struct exec *ex, const struct op *op)
{
	return (op->from.handle && exec_handle(ex, op->from.handle) < 0) ||
	       (op->to.handle && exec_handle(ex, op->to.handle) < 0);
}

/* After these a path leads where it led before. */
static bool keeps_paths(const struct op *op)
{
	return op->kind == OP_MKDIR || op->kind == OP_FILE || op->kind == OP_SYMLINK ||
	       op->kind == OP_NODE || op->kind == OP_MOVE_MOUNT;
}

int exec_kernel(struct exec *ex, const struct ops *ops, size_t from, size_t to, struct err *err)
{
	AUTO_FREE size_t *last = ops_last_uses(ops);

	for (size_t i = from; i < to; i++) {
		const struct op *op = &ops->v[i];
		if (!keeps_paths(op))
			exec_forget_parent(ex);
		int rc = is_void(ex, op) ? 0 : run[op->kind](ex, op, err);
		if (rc < 0)
			return exec_said(op, rc, err);
		exec_close_after(ex, op, i, last);
	}
	return 0;
}
