// SPDX-License-Identifier: Apache-2.0
/* A table of what the kernel means when it refuses an op; rules in mount_namespaces(7). */
#include "exec/why.h"
#include "base/mem.h"

#include <errno.h>
#include <string.h>

#define NO_OWNER                                                                                   \
	"the user or group that would own it is not in the id map of the user namespace; map 0 "   \
	"inside as well"

static const struct {
	enum op_kind kind;
	int code;
	const char *because;
} reasons[] = {
	{OP_OPEN_TREE, ENOENT, "the source does not exist"},
	{OP_OPEN_TREE, EINVAL,
	 "its mount is unbindable, belongs to another mount namespace, or has locked "
	 "mounts below it (then only the recursive form may copy it)"},
	{OP_OPEN_TREE, EPERM, "copying a mount needs CAP_SYS_ADMIN over the mount namespace"},
	{OP_OPEN_TREE, ENOSPC, "the mount namespace is full; see /proc/sys/fs/mount-max"},
	{OP_FS_MOUNT, EPERM, "this file system may not be mounted by this user namespace"},
	{OP_RECONFIGURE, EBUSY, "files on it are open for writing"},
	{OP_SET_ATTR, EINVAL,
	 "not the root of a mount (in a chroot, / is one only if the directory was bound on "
	 "itself), or the file system takes no id map, or the mount was attached before it got "
	 "one"},
	{OP_SET_ATTR, EPERM,
	 "a locked attribute may not be dropped, and an id map needs privilege over the "
	 "file system"},
	{OP_SET_ATTR, EBUSY, "files on it are open for writing"},
	{OP_MOVE_MOUNT, ENOENT, "the mount point does not exist: create it, or use `create`"},
	{OP_MOVE_MOUNT, EROFS,
	 "the mount point does not exist and the root is read-only: create it there"},
	{OP_MOVE_MOUNT, EEXIST, "the mount point is a dangling symbolic link"},
	{OP_MOVE_MOUNT, ELOOP,
	 "the mount point is, or leads through, a symbolic link that may not be "
	 "followed, a magic link, or would be inside the tree itself"},
	{OP_MOVE_MOUNT, ENOTDIR, "a part of the mount point's path is not a directory"},
	{OP_MOVE_MOUNT, EINVAL,
	 "the source is locked, below a shared mount, or attached in another namespace, "
	 "or the mount point is in one"},
	{OP_MOVE_MOUNT, EACCES, "the mount point is missing and may not be created by this user"},
	{OP_MOVE_MOUNT, EPERM, "attaching needs CAP_SYS_ADMIN over the mount namespace"},
	{OP_MOVE_MOUNT, ENOSPC, "the mount namespace is full; see /proc/sys/fs/mount-max"},
	{OP_UMOUNT, EINVAL,
	 "not a mount point, or locked because it came from a more privileged namespace"},
	{OP_UMOUNT, EBUSY,
	 "in use: an open file, a working directory or a mount below it; see `lazy`"},
	{OP_PIVOT_ROOT, EINVAL,
	 "the new root is no mount, put_old is not below it, or one of the mounts "
	 "involved is shared"},
	{OP_PIVOT_ROOT, EBUSY, "new root or put_old is on the current root mount"},
	{OP_UNSHARE, EPERM,
	 "new namespaces need CAP_SYS_ADMIN; a user namespace needs none, but not from "
	 "inside a chroot"},
	{OP_UNSHARE, ENOSPC, "the limit of namespaces is reached; see /proc/sys/user/"},
	{OP_SETNS, EPERM, "joining needs CAP_SYS_ADMIN over the namespace's owner"},
	{OP_NODE, EPERM, "a user namespace may not make device nodes; bind the host's instead"},
	{OP_MKDIR, EEXIST, "it exists already"},
	{OP_FILE, EEXIST, "it exists already"},
	{OP_SYMLINK, EEXIST, "it exists already"},
	{OP_MKDIR, EOVERFLOW, NO_OWNER},
	{OP_FILE, EOVERFLOW, NO_OWNER},
	{OP_SYMLINK, EOVERFLOW, NO_OWNER},
	{OP_NODE, EOVERFLOW, NO_OWNER},
};

static const char *reason(const struct op *op, int code)
{
	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
		if (reasons[i].kind == op->kind && reasons[i].code == code)
			return reasons[i].because;
	return NULL;
}

int exec_because(const struct op *op, int code, const char *because, struct err *err)
{
	AUTO(buf) struct buf text = {0};

	op_print(op, &text);
	text.data[--text.len] = 0; /* the newline */
	if (because)
		return err_say(err, code, "%s: %s (%s)", text.data, because, strerror(code));
	return err_set(err, code, "%s", text.data);
}

int exec_why(const struct op *op, int code, struct err *err)
{
	return exec_because(op, code, reason(op, code), err);
}

int exec_said(const struct op *op, int rc, struct err *err)
{
	return op->said && err && !str_starts(err->msg, op->said) ? err_add(err, "%s", op->said)
								  : rc;
}
