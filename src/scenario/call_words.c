// SPDX-License-Identifier: Apache-2.0
/* The words of calls: a row each. */
#include "scenario/call_words.h"
#include "model/model.h"

const char *const call_names[CALL_KIND_MAX] = {
	[CALL_NEW] = "mount-new",
	[CALL_BIND] = "mount-bind",
	[CALL_RBIND] = "mount-rbind",
	[CALL_MOVE] = "mount-move",
	[CALL_TYPE] = "mount-type",
	[CALL_REMOUNT] = "mount-remount",
	[CALL_REMOUNT_FS] = "mount-remount-fs",
	[CALL_UMOUNT] = "umount2",
	[CALL_PIVOT_ROOT] = "pivot_root",
	[CALL_MOVE_MOUNT] = "move_mount",
	[CALL_SETATTR] = "mount_setattr",
	[CALL_OPEN] = "open",
	[CALL_OPEN_WRITE] = "open-write",
	[CALL_OPEN_TREE] = "open_tree",
	[CALL_FSMOUNT] = "fsmount",
	[CALL_CLOSE] = "close",
	[CALL_UNSHARE] = "unshare",
	[CALL_SETNS] = "setns",
	[CALL_FORK] = "fork",
	[CALL_EXIT] = "exit",
	[CALL_CHDIR] = "fchdir",
	[CALL_CHROOT] = "chroot",
	[CALL_MKDIR] = "mkdirat",
	[CALL_MKFILE] = "mkfile",
	[CALL_RMDIR] = "rmdir",
	[CALL_UNLINK] = "unlink",
	[CALL_RENAME] = "rename",
	[CALL_OP] = "",
};

const struct bit call_ms_bits[] = {
	{MODEL_MS_RDONLY, "ro"},
	{MODEL_MS_NOSUID, "nosuid"},
	{MODEL_MS_NODEV, "nodev"},
	{MODEL_MS_NOEXEC, "noexec"},
	{MODEL_MS_NOATIME, "noatime"},
	{MODEL_MS_NODIRATIME, "nodiratime"},
	{MODEL_MS_RELATIME, "relatime"},
	{MODEL_MS_STRICTATIME, "strictatime"},
	{MODEL_MS_UNBINDABLE, "unbindable"},
	{MODEL_MS_PRIVATE, "private"},
	{MODEL_MS_SLAVE, "slave"},
	{MODEL_MS_SHARED, "shared"},
	{MODEL_MS_NOSYMFOLLOW, "nosymfollow"},
	{0},
};
static const struct bit umount_bits[] = {
	{MODEL_UMOUNT_FORCE, "force"},	   {MODEL_UMOUNT_DETACH, "lazy"},
	{MODEL_UMOUNT_EXPIRE, "expire"},   {MODEL_UMOUNT_NOFOLLOW, "nofollow"},
	{MODEL_UMOUNT_UNKNOWN, "unknown"}, {0},
};
static const struct bit move_bits[] = {
	{MODEL_MOVE_BENEATH, "beneath"},
	{MODEL_MOVE_SET_GROUP, "set-group"},
	{MODEL_MOVE_UNKNOWN, "unknown"},
	{0},
};
static const struct bit clone_bits[] = {{MODEL_NEWNS, "mnt"}, {MODEL_NEWUSER, "user"}, {0}};

const struct form call_forms[CALL_KIND_MAX] = {
	[CALL_NEW] = {1, .bits = call_ms_bits},
	[CALL_BIND] = {2, .bits = call_ms_bits},
	[CALL_RBIND] = {2, .bits = call_ms_bits},
	[CALL_MOVE] = {2, .bits = call_ms_bits},
	[CALL_TYPE] = {1, .rec = true, .bits = call_ms_bits},
	[CALL_REMOUNT] = {1, .bits = call_ms_bits},
	[CALL_REMOUNT_FS] = {1, .bits = call_ms_bits},
	[CALL_UMOUNT] = {1, .bits = umount_bits},
	[CALL_PIVOT_ROOT] = {2},
	[CALL_MOVE_MOUNT] = {2, .bits = move_bits},
	[CALL_SETATTR] = {1, .rec = true, .bits = call_ms_bits},
	[CALL_OPEN] = {1, .file = true},
	[CALL_OPEN_WRITE] = {1, .file = true},
	[CALL_OPEN_TREE] = {1, .rec = true, .file = true, .bits = call_ms_bits},
	[CALL_FSMOUNT] = {0, .file = true},
	[CALL_CLOSE] = {1},
	[CALL_UNSHARE] = {0, .bits = clone_bits},
	[CALL_SETNS] = {1},
	[CALL_FORK] = {0, .number = true},
	[CALL_CHDIR] = {1},
	[CALL_CHROOT] = {1},
	[CALL_MKDIR] = {1},
	[CALL_MKFILE] = {1},
	[CALL_RMDIR] = {1},
	[CALL_UNLINK] = {1},
	[CALL_RENAME] = {2},
};
