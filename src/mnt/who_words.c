// SPDX-License-Identifier: Apache-2.0
/* A row of `who` in words: where, and why. */
#include "mnt/who.h"

#include <string.h>

const char *const mnt_who_words[] = {
	[MNT_WHO_MOUNT] = "mount",   [MNT_WHO_OVERLAY] = "overlay", [MNT_WHO_ABOVE] = "above",
	[MNT_WHO_PIN] = "pin",	     [MNT_WHO_DESCRIPTOR] = "ns",   [MNT_WHO_KERNEL] = "kernel",
	[MNT_WHO_FD] = "fd",	     [MNT_WHO_CWD] = "cwd",	    [MNT_WHO_ROOT] = "root",
	[MNT_WHO_EXE] = "exe",	     [MNT_WHO_MAP] = "map",	    [MNT_WHO_LOOP] = "loop",
	[MNT_WHO_STACKED] = "stack", [MNT_WHO_SWAP] = "swap",
};

static const struct mnt *mount_of(const struct mnt_world *world, const struct mnt_who_row *row)
{
	return row->mount == MAP_NONE ? NULL : &world->ns[row->ns].table.v[row->mount];
}

void mnt_who_print_path(const struct mnt_world *world, const struct mnt_who *who,
			const struct mnt_who_row *row, struct buf *out)
{
	const struct mnt *mnt = mount_of(world, row);

	if (mnt)
		buf_adds(out, mnt->target);
	else if (row->hold != MAP_NONE && world->ns[row->ns].holds[row->hold].path)
		buf_adds(out, world->ns[row->ns].holds[row->hold].path);
	else if (row->use != MAP_NONE && world->uses[row->use].path)
		buf_adds(out, world->uses[row->use].path);
	else if (row->block != MAP_NONE)
		buf_addf(out, "%s%s", *world->blocks[row->block].name == '/' ? "" : "/dev/",
			 world->blocks[row->block].name);
}

/* What the others are compared with: the mount that was named, or the first one found. */
static const struct mnt *subject_mount(const struct mnt_world *world, const struct mnt_who *who,
				       uint32_t *ret_ns)
{
	if (who->subject.mount != MAP_NONE) {
		*ret_ns = who->subject.ns;
		return &world->ns[who->subject.ns].table.v[who->subject.mount];
	}
	for (size_t i = 0; i < who->n; i++) {
		if (who->v[i].kind != MNT_WHO_MOUNT || who->v[i].fs)
			continue;
		*ret_ns = who->v[i].ns;
		return mount_of(world, &who->v[i]);
	}
	return NULL;
}

/* How the mount hangs together with the one asked about. */
static void print_relation(const struct mnt *mnt, const struct mnt *subject, bool same_ns,
			   struct buf *out)
{
	if (mnt == subject)
		buf_adds(out, "the mount itself");
	else if (mnt->group && mnt->group == subject->group)
		buf_addf(out, "peer, shared:%u", mnt->group);
	else if (mnt->master && mnt->master == subject->group)
		buf_addf(out, "slave, master:%u", mnt->master);
	else if (mnt->group && mnt->group == subject->master)
		buf_addf(out, "master, shared:%u", mnt->group);
	else if (mnt->master && mnt->master == subject->master)
		buf_addf(out, "slave of the same master:%u", mnt->master);
	else if (mnt->master)
		buf_addf(out, "slave of another group, master:%u", mnt->master);
	else if (same_ns)
		buf_adds(out, "another mount of it");
	else
		buf_addf(out, "private copy%s", mnt->group ? " with peers of its own" : "");
}

static void print_mount(const struct mnt_world *world, const struct mnt_who *who,
			const struct mnt_who_row *row, struct buf *out)
{
	uint32_t ns = MAP_NONE;
	const struct mnt *mnt = mount_of(world, row), *subject = subject_mount(world, who, &ns);

	if (row->kind == MNT_WHO_ABOVE)
		buf_addf(out, "%s mounted on top", *mnt->fstype ? mnt->fstype : "mount");
	else if (row->kind == MNT_WHO_OVERLAY)
		buf_adds(out, row->via);
	else if (row->fs)
		buf_addf(out, "mount of %s", row->via);
	else
		print_relation(mnt, subject, ns == row->ns, out);
	if (row->is_copy)
		buf_adds(out, "; goes with it, if nobody uses it");
	if (row->is_root)
		buf_adds(out, "; the root of its namespace");
	if (world->ns[row->ns].n_procs == 0)
		buf_adds(out, "; no process is there");
}

static void print_hold(const struct mnt_world *world, const struct mnt_who_row *row,
		       struct buf *out)
{
	const struct mnt_hold *hold = &world->ns[row->ns].holds[row->hold];
	unsigned long long inode = (unsigned long long)world->ns[row->ns].inode;

	if (row->kind == MNT_WHO_PIN)
		buf_addf(out, "keeps mnt:[%llu]", inode);
	else if (row->kind == MNT_WHO_DESCRIPTOR)
		buf_addf(out, "descriptor %d keeps mnt:[%llu]", hold->fd, inode);
	else
		buf_addf(out, "something out of sight keeps mnt:[%llu]", inode);
}

static void print_use(const struct mnt_world *world, const struct mnt_who_row *row, struct buf *out)
{
	static const char *const words[] = {
		[MNT_USE_CWD] = "working directory",
		[MNT_USE_ROOT] = "root directory",
		[MNT_USE_EXE] = "program that runs",
		[MNT_USE_MAP] = "memory map",
	};
	const struct mnt_use *use = &world->uses[row->use];

	if (use->node_major)
		buf_addf(out, "open device, descriptor %d", use->fd);
	else if (use->kind == MNT_USE_FD)
		buf_addf(out, "open file, descriptor %d", use->fd);
	else
		buf_adds(out, words[use->kind]);
	if (row->is_lazy)
		buf_adds(out, "; on a mount that is in no table: detached (umount -l), or never "
			      "attached");
	if (row->is_spared)
		buf_adds(out, "; not to be ended: PID 1, or where this command came from");
}

static void print_device(const struct mnt_world *world, const struct mnt_who *who,
			 const struct mnt_who_row *row, struct buf *out)
{
	const struct mnt_block *block = &world->blocks[row->block];
	uint32_t below = who->fs[row->fs].block;

	if (row->kind == MNT_WHO_LOOP)
		buf_addf(out, "its file is %s", block->backing ? block->backing : "not known");
	else if (row->kind == MNT_WHO_SWAP)
		buf_addf(out, "swap %s", block->major ? "area" : "file");
	else
		buf_addf(out, "stands on %s", below == MAP_NONE ? "" : world->blocks[below].name);
}

void mnt_who_print_reason(const struct mnt_world *world, const struct mnt_who *who,
			  const struct mnt_who_row *row, struct buf *out)
{
	if (row->mount != MAP_NONE)
		print_mount(world, who, row, out);
	else if (row->hold != MAP_NONE)
		print_hold(world, row, out);
	else if (row->use != MAP_NONE)
		print_use(world, row, out);
	else
		print_device(world, who, row, out);
}
