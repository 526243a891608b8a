// SPDX-License-Identifier: Apache-2.0
/* Two namespaces compared, by mnt/diff.h. */
#include "base/mem.h"
#include "lib/parts.h"
#include "mnt/diff.h"

struct mntns_diff {
	const struct mntns_namespace *a, *b;
	struct mnt_diff diff;
};

/* The public numbers are ours: what is told of one must not become another by a change there. */
static const struct {
	unsigned ours, theirs;
} fields[] = {
	{MNT_FIELD_TARGET, MNTNS_FIELD_TARGET},
	{MNT_FIELD_SOURCE, MNTNS_FIELD_SOURCE},
	{MNT_FIELD_ROOT, MNTNS_FIELD_ROOT},
	{MNT_FIELD_FSTYPE, MNTNS_FIELD_FSTYPE},
	{MNT_FIELD_DEVICE, MNTNS_FIELD_DEVICE},
	{MNT_FIELD_OPTIONS, MNTNS_FIELD_VFS_OPTIONS},
	{MNT_FIELD_FS_OPTIONS, MNTNS_FIELD_FS_OPTIONS},
	{MNT_FIELD_PROPAGATION, MNTNS_FIELD_PROPAGATION},
	{MNT_FIELD_PARENT, MNTNS_FIELD_PARENT},
	{MNT_FIELD_HIDDEN, MNTNS_FIELD_HIDDEN},
};

struct mntns_diff *mntns_diff_new(const struct mntns_namespace *a, const struct mntns_namespace *b,
				  unsigned flags)
{
	struct mntns_diff *diff = xcalloc(1, sizeof(*diff));
	unsigned ours = 0;

	if (flags & MNTNS_DIFF_SAME_MACHINE)
		ours |= MNT_DIFF_SAME_MACHINE;
	if (flags & MNTNS_DIFF_COPY_OK)
		ours |= MNT_DIFF_COPY_OK;
	diff->a = a;
	diff->b = b;
	mnt_diff(&a->ns->table, &a->tree, &b->ns->table, &b->tree, ours, &diff->diff);
	return diff;
}

size_t mntns_diff_n_changes(const struct mntns_diff *diff)
{
	return diff->diff.n;
}

const struct mntns_mount *mntns_diff_before(const struct mntns_diff *diff, size_t i)
{
	return i < diff->diff.n ? lib_handle(diff->a, diff->diff.v[i].a) : NULL;
}

const struct mntns_mount *mntns_diff_after(const struct mntns_diff *diff, size_t i)
{
	return i < diff->diff.n ? lib_handle(diff->b, diff->diff.v[i].b) : NULL;
}

unsigned mntns_diff_fields(const struct mntns_diff *diff, size_t i)
{
	unsigned told = 0;

	for (size_t k = 0; i < diff->diff.n && k < ARRAY_SIZE(fields); k++)
		if (diff->diff.v[i].fields & fields[k].ours)
			told |= fields[k].theirs;
	return told;
}

void mntns_diff_free(struct mntns_diff *diff)
{
	if (!diff)
		return;
	mnt_diff_done(&diff->diff);
	free(diff);
}
