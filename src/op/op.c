// SPDX-License-Identifier: Apache-2.0
/* The list of ops, and the table that says what each kind of op looks like. */
#include "op/op.h"
#include "base/mem.h"

#include <linux/sched.h>
#include <string.h>

const struct op_row op_rows[OP_KIND_MAX] = {
	[OP_OPEN_TREE] =
		{
			.name = "open-tree",
			.makes_handle = true,
			.slot = {OP_SLOT_FROM},
			.flags = OP_REC | OP_OPTIONAL,
			.help = "copy a mount, detached",
		},
	[OP_FS_MOUNT] =
		{
			.name = "fs-mount",
			.makes_handle = true,
			.slot = {OP_SLOT_TEXT},
			.text = "type",
			.takes_attr = true,
			.takes_options = true,
			.help = "mount a new file system, detached",
		},
	[OP_RECONFIGURE] =
		{
			.name = "reconfigure",
			.slot = {OP_SLOT_TO},
			.flags = OP_OPTIONAL,
			.takes_options = true,
			.help = "change the options of a file system",
		},
	[OP_SET_ATTR] =
		{
			.name = "set-attr",
			.slot = {OP_SLOT_TO},
			.flags = OP_REC | OP_OPTIONAL,
			.takes_attr = true,
			.help = "change attributes, propagation or id map of a mount",
		},
	[OP_MOVE_MOUNT] =
		{
			.name = "move-mount",
			.slot = {OP_SLOT_FROM, OP_SLOT_TO},
			.flags = OP_OPTIONAL | OP_CREATE | OP_NOSYMLINKS | OP_BENEATH,
			.help = "attach a detached tree, or move a mount",
		},
	[OP_UMOUNT] =
		{
			.name = "umount",
			.slot = {OP_SLOT_PATH},
			.flags = OP_OPTIONAL | OP_LAZY | OP_FORCE,
			.help = "detach a mount",
		},
	[OP_PIVOT_ROOT] =
		{
			.name = "pivot-root",
			.slot = {OP_SLOT_PATH, OP_SLOT_TEXT},
			.text = "put_old",
			.help = "switch the root",
		},
	[OP_CHDIR] =
		{
			.name = "chdir",
			.slot = {OP_SLOT_TO},
			.help = "change the working directory",
		},
	[OP_UNSHARE] =
		{
			.name = "unshare",
			.slot = {OP_SLOT_NAMESPACES},
			.help = "enter new namespaces",
		},
	[OP_SETNS] =
		{
			.name = "setns",
			.slot = {OP_SLOT_NAMESPACE, OP_SLOT_FILE},
			.help = "enter an existing namespace",
		},
	[OP_MKDIR] =
		{
			.name = "mkdir",
			.slot = {OP_SLOT_NEW},
			.flags = OP_PARENTS,
			.takes_mode = true,
			.mode = 0755,
			.help = "make a directory",
		},
	[OP_FILE] =
		{
			.name = "file",
			.slot = {OP_SLOT_NEW},
			.takes_mode = true,
			.mode = 0644,
			.help = "make an empty file",
		},
	[OP_SYMLINK] =
		{
			.name = "symlink",
			.slot = {OP_SLOT_TEXT, OP_SLOT_NEW},
			.text = "content",
			.flags = OP_OPTIONAL,
			.help = "make a symbolic link",
		},
	[OP_NODE] =
		{
			.name = "node",
			.slot = {OP_SLOT_NEW, OP_SLOT_DEVICE},
			.flags = OP_OPTIONAL,
			.takes_mode = true,
			.mode = 0666,
			.help = "make a device node",
		},
};

static const struct {
	const char *word;
	uint64_t flag;
} namespaces[] = {
	{"mnt", CLONE_NEWNS},	 {"pid", CLONE_NEWPID},	  {"net", CLONE_NEWNET},
	{"ipc", CLONE_NEWIPC},	 {"uts", CLONE_NEWUTS},	  {"cgroup", CLONE_NEWCGROUP},
	{"user", CLONE_NEWUSER}, {"time", CLONE_NEWTIME},
};

uint64_t op_namespace_parse(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(namespaces); i++)
		if (!strcmp(namespaces[i].word, word))
			return namespaces[i].flag;
	return 0;
}

void op_namespaces_print(uint64_t set, struct buf *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(namespaces); i++)
		if (set & namespaces[i].flag)
			buf_addf(out, " %s", namespaces[i].word);
}

struct op *ops_push(struct ops *ops, struct op op)
{
	if (op.handle > ops->handles)
		ops->handles = op.handle;
	return VEC_PUSH(ops->v, ops->n, op);
}

int ops_new_handle(struct ops *ops)
{
	return ++ops->handles;
}

size_t ops_find(const struct ops *ops, enum op_kind kind)
{
	size_t i = 0;

	while (i < ops->n && ops->v[i].kind != kind)
		i++;
	return i;
}

void op_done(struct op *op)
{
	free(op->from.path);
	free(op->to.path);
	free(op->text);
	free(op->said);
	strv_done(&op->options);
	mnt_attr_done(&op->attr);
}

void ops_done(struct ops *ops)
{
	for (size_t i = 0; i < ops->n; i++)
		op_done(&ops->v[i]);
	free(ops->v);
	*ops = (struct ops){0};
}
