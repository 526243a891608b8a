// SPDX-License-Identifier: Apache-2.0
/* A mount in columns, under the names that findmnt(8) has for them. */
#include "cli/mount_columns.h"

#include <string.h>
#include <sys/mount.h>

enum {
	TARGET,
	SOURCE,
	FSTYPE,
	OPTIONS,
	PROPAGATION,
	MARKS,
	ID,
	PARENT,
	UNIQ_ID,
	DEVICE,
	ROOT,
	VFS_OPTIONS,
	FS_OPTIONS,
	GROUP,
	MASTER,
	FROM,
	HIDDEN_BY
};
const struct view_column mount_columns[] = {
	[TARGET] = {"TARGET", VIEW_TREE | VIEW_CUT, "where it is mounted"},
	[SOURCE] = {"SOURCE", VIEW_CUT, "what is mounted; [DIR]: only this directory of it"},
	[FSTYPE] = {"FSTYPE", 0, "the file system's type"},
	[OPTIONS] = {"OPTIONS", VIEW_CUT, "of the mount and of the file system"},
	[PROPAGATION] = {"PROPAGATION", 0, "shared:GROUP, master:GROUP, propagate_from:GROUP"},
	[MARKS] = {"MARKS", VIEW_WORDS,
		   "covered, hidden, locked, deleted, idmapped, rshared, rslave, …"},
	[ID] = {"ID", VIEW_RIGHT | VIEW_EXTRA, "the mount's id, as in mountinfo"},
	[PARENT] = {"PARENT", VIEW_RIGHT | VIEW_EXTRA, "the id of the mount that it is on"},
	[UNIQ_ID] = {"UNIQ-ID", VIEW_RIGHT | VIEW_EXTRA, "its 64-bit id, if statmount was used"},
	[DEVICE] = {"MAJ:MIN", VIEW_EXTRA, "the file system's device number"},
	[ROOT] = {"FSROOT", VIEW_EXTRA, "the directory of the file system that is mounted"},
	[VFS_OPTIONS] = {"VFS-OPTIONS", VIEW_EXTRA, "of the mount alone"},
	[FS_OPTIONS] = {"FS-OPTIONS", VIEW_EXTRA, "of the file system alone"},
	[GROUP] = {"GROUP", VIEW_RIGHT | VIEW_EXTRA, "its peer group"},
	[MASTER] = {"MASTER", VIEW_RIGHT | VIEW_EXTRA, "the peer group that it is a slave of"},
	[FROM] = {"FROM", VIEW_RIGHT | VIEW_EXTRA, "the nearest group above that is in sight"},
	[HIDDEN_BY] = {"HIDDEN-BY", VIEW_RIGHT | VIEW_EXTRA, "the id of the mount that hides it"},
	{0},
};

static void number(struct buf *out, uint64_t n)
{
	if (n)
		buf_addf(out, "%llu", (unsigned long long)n);
}

void mount_print_source(const struct mnt *mnt, struct buf *out)
{
	buf_adds(out, mnt->source);
	if (strcmp(mnt->root, "/"))
		buf_addf(out, "[%s]", mnt->root);
}

void mount_print_options(const struct mnt *mnt, struct buf *out)
{
	bool ro = str_starts(mnt->options, "ro") && (!mnt->options[2] || mnt->options[2] == ',');
	const char *more = strchr(mnt->options, ',');
	struct mnt shown = *mnt;

	shown.attr |= ro ? MOUNT_ATTR_RDONLY : 0;
	mnt_options_print(&shown, out);
	if (more)
		buf_adds(out, more);
}

static void marks(const struct mount_rows *rows, uint32_t i, struct buf *out)
{
	const struct mnt_link *link = &rows->tree->v[i];
	const struct mnt *mnt = &rows->table->v[i];
	size_t start = out->len;

	if (link->hidden != MAP_NONE)
		buf_adds(out, link->hidden == link->cover ? "covered," : "hidden,");
	if (rows->locked && rows->locked[i])
		buf_adds(out, "locked,");
	if (mnt->flags & MNT_DELETED)
		buf_adds(out, "deleted,");
	if (mnt->flags & MNT_IDMAPPED)
		buf_adds(out, "idmapped,");
	if (link->child != MAP_NONE && rows->uniform[i])
		buf_addf(out, "r%s,", mnt_type_word(mnt));
	if (out->len > start)
		out->data[--out->len] = 0;
}

void mount_cell(const struct mount_rows *rows, uint32_t i, size_t column, struct buf *out)
{
	const struct mnt *mnt = &rows->table->v[i];
	uint32_t hidden = rows->tree->v[i].hidden;

	switch (column) {
	case TARGET:
		return buf_adds(out, mnt->target);
	case SOURCE:
		return mount_print_source(mnt, out);
	case FSTYPE:
		return buf_adds(out, mnt->fstype);
	case OPTIONS:
		return mount_print_options(mnt, out);
	case PROPAGATION:
		return mnt_type_print(mnt, out);
	case MARKS:
		return marks(rows, i, out);
	case ID:
		return number(out, mnt->id);
	case PARENT:
		return number(out, mnt->parent);
	case UNIQ_ID:
		return number(out, mnt->unique);
	case DEVICE:
		return buf_addf(out, "%u:%u", mnt->major, mnt->minor);
	case ROOT:
		return buf_adds(out, mnt->root);
	case VFS_OPTIONS:
		return mnt_options_print(mnt, out);
	case FS_OPTIONS:
		return buf_adds(out, mnt->options);
	case GROUP:
		return number(out, mnt->group);
	case MASTER:
		return number(out, mnt->master);
	case FROM:
		return number(out, mnt->from);
	default:
		return number(out, hidden == MAP_NONE ? 0 : rows->table->v[hidden].id);
	}
}
