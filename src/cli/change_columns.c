// SPDX-License-Identifier: Apache-2.0
#include "cli/change_columns.h"
#include "base/mem.h"
#include "cli/mount_columns.h"

#include <string.h>

struct change_row {
	uint32_t a, b;
	unsigned field; /* one of enum mnt_field; 0: the mount itself */
};

enum {
	CHANGE,
	TARGET,
	FIELD,
	BEFORE,
	AFTER,
	ID_BEFORE,
	ID_AFTER
};
const struct view_column change_columns[] = {
	[CHANGE] = {"CHANGE", 0, "added, removed, moved or changed"},
	[TARGET] = {"TARGET", VIEW_CUT, "the mount point; of a moved one where it is now"},
	[FIELD] = {"FIELD", 0, "what has changed"},
	[BEFORE] = {"BEFORE", VIEW_CUT, "in the first: the field; of a removed mount what it was"},
	[AFTER] = {"AFTER", VIEW_CUT, "in the second: the field; of an added mount what it is"},
	[ID_BEFORE] = {"ID-BEFORE", VIEW_RIGHT | VIEW_EXTRA, "the mount's id in the first"},
	[ID_AFTER] = {"ID-AFTER", VIEW_RIGHT | VIEW_EXTRA, "the mount's id in the second"},
	{0},
};

static const struct {
	unsigned field;
	const char *name;
} fields[] = {
	{MNT_FIELD_TARGET, "target"},		{MNT_FIELD_PARENT, "parent"},
	{MNT_FIELD_SOURCE, "source"},		{MNT_FIELD_ROOT, "root"},
	{MNT_FIELD_FSTYPE, "fstype"},		{MNT_FIELD_DEVICE, "maj:min"},
	{MNT_FIELD_OPTIONS, "vfs-options"},	{MNT_FIELD_FS_OPTIONS, "fs-options"},
	{MNT_FIELD_PROPAGATION, "propagation"}, {MNT_FIELD_HIDDEN, "hidden"},
};

void changes_init(struct changes *changes, const struct mnt_diff *diff)
{
	for (size_t i = 0; i < diff->n; i++) {
		const struct mnt_change *c = &diff->v[i];
		if (!c->fields)
			VEC_PUSH(changes->v, changes->n, (struct change_row){c->a, c->b, 0});
		for (size_t k = 0; k < ARRAY_SIZE(fields); k++)
			if (c->fields & fields[k].field)
				VEC_PUSH(changes->v, changes->n,
					 (struct change_row){c->a, c->b, fields[k].field});
	}
}

void changes_done(struct changes *changes)
{
	free(changes->v);
}

static const char *change_word(const struct change_row *change)
{
	if (change->a == MAP_NONE)
		return "added";
	if (change->b == MAP_NONE)
		return "removed";
	return change->field == MNT_FIELD_TARGET ? "moved" : "changed";
}

static const char *field_name(unsigned field)
{
	size_t i = 0;

	while (fields[i].field != field)
		i++;
	return fields[i].name;
}

static void print_all(const struct mnt *mnt, struct buf *out)
{
	buf_addf(out, "%s ", mnt->fstype);
	mount_print_source(mnt, out);
	buf_addc(out, ' ');
	mount_print_options(mnt, out);
	buf_addc(out, ' ');
	mnt_type_print(mnt, out);
}

/* Its point and its id: both may be on the same path. */
static void print_parent(const struct mnt_table *table, const struct mnt_tree *tree, uint32_t i,
			 struct buf *out)
{
	uint32_t parent = tree->v[i].parent;

	if (parent != MAP_NONE)
		buf_addf(out, "%s (%u)", table->v[parent].target, table->v[parent].id);
}

static void print_hidden(const struct mnt_table *table, const struct mnt_tree *tree, uint32_t i,
			 struct buf *out)
{
	uint32_t by = tree->v[i].hidden;

	if (by == MAP_NONE)
		buf_adds(out, "no");
	else
		buf_addf(out, "by %s (%u)", table->v[by].target, table->v[by].id);
}

static void print_field(const struct mnt_table *table, const struct mnt_tree *tree, uint32_t i,
			unsigned field, struct buf *out)
{
	const struct mnt *mnt = &table->v[i];

	switch (field) {
	case 0:
		return print_all(mnt, out);
	case MNT_FIELD_TARGET:
		return buf_adds(out, mnt->target);
	case MNT_FIELD_PARENT:
		return print_parent(table, tree, i, out);
	case MNT_FIELD_SOURCE:
		return buf_adds(out, mnt->source);
	case MNT_FIELD_ROOT:
		return buf_adds(out, mnt->root);
	case MNT_FIELD_FSTYPE:
		return buf_adds(out, mnt->fstype);
	case MNT_FIELD_DEVICE:
		return buf_addf(out, "%u:%u", mnt->major, mnt->minor);
	case MNT_FIELD_OPTIONS:
		return mnt_options_print(mnt, out);
	case MNT_FIELD_FS_OPTIONS:
		return buf_adds(out, mnt->options);
	case MNT_FIELD_PROPAGATION:
		return mnt_type_print(mnt, out);
	default:
		return print_hidden(table, tree, i, out);
	}
}

static void cell(const void *ctx, size_t row, size_t column, struct buf *out)
{
	const struct changes *changes = ctx;
	const struct change_row *change = &changes->v[row];
	bool has_a = change->a != MAP_NONE, has_b = change->b != MAP_NONE;
	const struct mnt *a = has_a ? &changes->a->v[change->a] : NULL;
	const struct mnt *b = has_b ? &changes->b->v[change->b] : NULL;

	switch (column) {
	case CHANGE:
		return buf_adds(out, change_word(change));
	case TARGET:
		return buf_adds(out, (b ? b : a)->target);
	case FIELD:
		return change->field ? buf_adds(out, field_name(change->field)) : (void)0;
	case BEFORE:
		if (a)
			print_field(changes->a, changes->tree_a, change->a, change->field, out);
		return;
	case AFTER:
		if (b)
			print_field(changes->b, changes->tree_b, change->b, change->field, out);
		return;
	case ID_BEFORE:
		return a ? buf_addf(out, "%u", a->id) : (void)0;
	default:
		return b ? buf_addf(out, "%u", b->id) : (void)0;
	}
}

struct view_table changes_table(const struct changes *changes)
{
	return (struct view_table){
		.name = "changes",
		.columns = change_columns,
		.rows = changes->n,
		.ctx = changes,
		.cell = cell,
	};
}
