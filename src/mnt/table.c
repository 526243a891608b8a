// SPDX-License-Identifier: Apache-2.0
/* Tables as values, and the words for one mount. */
#include "base/mem.h"
#include "mnt/bits.h"
#include "base/str.h"
#include "mnt/mnt.h"

#include <string.h>

void mnt_table_done(struct mnt_table *table)
{
	free(table->v);
	arena_done(&table->text);
	*table = (struct mnt_table){0};
}

struct mnt *mnt_table_add(struct mnt_table *table, const struct mnt *mnt)
{
	struct mnt *added = VEC_PUSH(table->v, table->n, *mnt);

	added->root = arena_str(&table->text, mnt->root);
	added->target = arena_str(&table->text, mnt->target);
	added->fstype = arena_str(&table->text, mnt->fstype);
	added->source = arena_str(&table->text, mnt->source);
	added->options = arena_str(&table->text, mnt->options);
	added->extra = arena_str(&table->text, mnt->extra);
	return added;
}

bool mnt_root_is_deleted(const char *root)
{
	static const char mark[] = "//deleted";
	size_t len = strlen(root), mark_len = sizeof(mark) - 1;

	return len >= mark_len && !strcmp(root + len - mark_len, mark);
}

const char *mnt_type_word(const struct mnt *mnt)
{
	if (mnt->group)
		return mnt->master ? "shared,slave" : "shared";
	if (mnt->master)
		return mnt->flags & MNT_UNBINDABLE ? "slave,unbindable" : "slave";
	return mnt->flags & MNT_UNBINDABLE ? "unbindable" : "private";
}

void mnt_type_print(const struct mnt *mnt, struct buf *out)
{
	size_t before = out->len;

	if (mnt->group)
		buf_addf(out, "shared:%u ", mnt->group);
	if (mnt->master)
		buf_addf(out, "master:%u ", mnt->master);
	if (mnt->from)
		buf_addf(out, "propagate_from:%u ", mnt->from);
	if (mnt->flags & MNT_UNBINDABLE)
		buf_adds(out, "unbindable ");
	if (out->len == before)
		buf_adds(out, "private ");
	out->data[--out->len] = 0;
}

/* In the kernel's order. relatime is the mode without a bit of its own. */
void mnt_options_print(const struct mnt *mnt, struct buf *out)
{
	static const struct {
		uint32_t bit;
		const char *word;
	} words[] = {
		{MNT_ATTR_NOSUID, ",nosuid"},	      {MNT_ATTR_NODEV, ",nodev"},
		{MNT_ATTR_NOEXEC, ",noexec"},	      {MNT_ATTR_NOATIME, ",noatime"},
		{MNT_ATTR_NODIRATIME, ",nodiratime"},
	};

	buf_adds(out, mnt->attr & MNT_ATTR_RDONLY ? "ro" : "rw");
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (mnt->attr & words[i].bit)
			buf_adds(out, words[i].word);
	if (!(mnt->attr & MNT_ATTR_ATIME))
		buf_adds(out, ",relatime");
	if (mnt->attr & MNT_ATTR_NOSYMFOLLOW)
		buf_adds(out, ",nosymfollow");
	if (mnt->flags & MNT_IDMAPPED)
		buf_adds(out, ",idmapped");
	if (*mnt->extra)
		buf_addf(out, ",%s", mnt->extra);
}

bool mnt_is_same_dir(const struct mnt *a, const struct mnt *b)
{
	return a->major == b->major && a->minor == b->minor && !strcmp(a->root, b->root);
}
