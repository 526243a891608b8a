// SPDX-License-Identifier: Apache-2.0
/*
 * Commands that let go, as a user would type them. umount(8) is told the namespace with -N: nsenter
 * would want an umount that is installed there.
 */
#include "base/mem.h"
#include "base/shell.h"
#include "mnt/who.h"

#include <string.h>

/* A path in another namespace, through the root directory of a process there; NULL: none is. */
static char *path_in(const struct mnt_world *world, uint32_t ns, const char *path)
{
	if (ns == world->self)
		return xstrdup(path);
	if (ns == MAP_NONE || !world->ns[ns].n_procs)
		return NULL;
	return xasprintf("/proc/%d/root%s", world->procs[world->ns[ns].procs[0]].tid, path);
}

static char *way(const struct mnt_world *world, const struct mnt_hold *hold)
{
	if (hold->kind == MNT_HOLD_BIND)
		return path_in(world, hold->in, hold->path);
	if (hold->kind == MNT_HOLD_FD)
		return xasprintf("/proc/%d/fd/%d", world->procs[hold->proc].tid, hold->fd);
	return NULL;
}

bool mnt_ns_print_way(const struct mnt_world *world, uint32_t ns, struct buf *out)
{
	const struct mnt_ns *n = &world->ns[ns];
	AUTO_FREE char *path = NULL;

	if (n->n_procs) {
		buf_addf(out, "%d", world->procs[n->procs[0]].tid);
		return true;
	}
	for (uint32_t i = 0; i < n->n_holds && !path; i++)
		path = way(world, &n->holds[i]);
	if (path)
		shell_add_word(out, path);
	return path;
}

void mnt_print_umount(const struct mnt_world *world, uint32_t ns, const struct mnt *mnt,
		      struct buf *out)
{
	AUTO(buf) struct buf name = {0};

	if (ns == world->self || (world->n_ns == 1 && world->self == MAP_NONE)) {
		buf_adds(out, "umount ");
	} else if (mnt_ns_print_way(world, ns, &name)) {
		buf_addf(out, "umount -N %s ", name.data);
	} else {
		/* No name of the namespace can be typed: the kernel's list has it. */
		buf_addf(out, "mntns who --release id:%u", mnt->id);
		return;
	}
	shell_add_word(out, mnt->target);
}

static void print_pin(const struct mnt_world *world, const struct mnt_hold *hold, struct buf *out)
{
	if (hold->in == MAP_NONE)
		return;
	const struct mnt pin = {.id = hold->mount, .target = hold->path};
	mnt_print_umount(world, hold->in, &pin, out);
}

static void print_kill(const struct mnt_world *world, const struct mnt_who_row *row,
		       struct buf *out)
{
	pid_t pid = world->procs[row->proc].pid;

	if (!row->is_spared)
		buf_addf(out, "kill %d", pid);
	else if (row->kind == MNT_WHO_CWD && pid != 1)
		buf_addf(out, "cd / # in process %d", pid);
}

/* Device mapper finds a device by its numbers; a name of its own would have to be looked up. */
static void print_device(const struct mnt_block *block, enum mnt_who_kind kind, struct buf *out)
{
	if (kind == MNT_WHO_LOOP)
		buf_addf(out, "losetup -d /dev/%s", block->name);
	else if (kind == MNT_WHO_STACKED && str_starts(block->name, "dm-"))
		buf_addf(out, "dmsetup remove -j %u -m %u", block->major, block->minor);
	else if (kind == MNT_WHO_STACKED && str_starts(block->name, "md"))
		buf_addf(out, "mdadm --stop /dev/%s", block->name);
	else if (kind == MNT_WHO_SWAP) {
		AUTO_FREE char *path =
			xasprintf("%s%s", *block->name == '/' ? "" : "/dev/", block->name);
		buf_adds(out, "swapoff ");
		shell_add_word(out, path);
	}
}

void mnt_who_print_release(const struct mnt_world *world, const struct mnt_who_row *row,
			   struct buf *out)
{
	if (row->mount != MAP_NONE) {
		if (!row->is_root && !row->is_copy)
			mnt_print_umount(world, row->ns, &world->ns[row->ns].table.v[row->mount],
					 out);
	} else if (row->kind == MNT_WHO_PIN) {
		print_pin(world, &world->ns[row->ns].holds[row->hold], out);
	} else if (row->proc != MAP_NONE) {
		print_kill(world, row, out);
	} else if (row->block != MAP_NONE) {
		print_device(&world->blocks[row->block], row->kind, out);
	}
}
