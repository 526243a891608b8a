// SPDX-License-Identifier: Apache-2.0
/* Phrases of ops: the same five calls that every view is made of. */
#include "box/push.h"
#include "base/mem.h"

#include <sys/mount.h>

struct op_target push_at(int handle, const char *path)
{
	return (struct op_target){handle, xstrdup(path)};
}

int push_open(struct ops *ops, struct op_target from, unsigned flags, const char *said)
{
	int handle = ops_new_handle(ops);

	ops_push(ops, (struct op){.kind = OP_OPEN_TREE,
				  .handle = handle,
				  .from = from,
				  .flags = flags,
				  .said = xstrdup(said)});
	return handle;
}

int push_fs(struct ops *ops, const char *type, uint64_t attr, const char *options)
{
	struct op op = {
		.kind = OP_FS_MOUNT,
		.handle = ops_new_handle(ops),
		.text = xstrdup(type),
		.attr = {.set = attr},
	};

	/* What the kernel shows as the source; "none" helps nobody. */
	strv_addf(&op.options, "source=%s", type);
	strv_split(&op.options, options, ',');
	ops_push(ops, op);
	return op.handle;
}

int push_empty(struct ops *ops)
{
	return push_fs(ops, "tmpfs",
		       MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_RDONLY,
		       "mode=0,size=4k,nr_inodes=2");
}

void push_attach(struct ops *ops, int handle, struct op_target to, unsigned flags)
{
	ops_push(ops, (struct op){.kind = OP_MOVE_MOUNT,
				  .from = {.handle = handle},
				  .to = to,
				  .flags = flags});
}

void push_set(struct ops *ops, struct op_target to, uint64_t set, uint64_t propagation,
	      unsigned flags)
{
	ops_push(ops, (struct op){.kind = OP_SET_ATTR,
				  .to = to,
				  .flags = flags,
				  .attr = {.set = set, .propagation = propagation}});
}

void push_switch_root(struct ops *ops, int handle, int covers)
{
	ops_push(ops, (struct op){.kind = OP_CHDIR, .to = {.handle = handle}});
	ops_push(ops,
		 (struct op){.kind = OP_PIVOT_ROOT, .to = push_at(0, "."), .text = xstrdup(".")});
	/* The old root covers the new one now; the working directory is what it covers. */
	for (int i = 0; i <= covers; i++)
		ops_push(ops,
			 (struct op){.kind = OP_UMOUNT, .to = push_at(0, "."), .flags = OP_LAZY});
}
