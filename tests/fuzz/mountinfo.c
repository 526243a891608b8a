// SPDX-License-Identifier: Apache-2.0
/*
 * Any text: it is refused with the number of a line, or is a table that can be looked at from all
 * sides. A libFuzzer target; fuzz/replay.c runs it on given files.
 */
#include "base/mem.h"
#include "mnt/mnt.h"
#include "read/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void look(const struct mnt_table *table, const struct mnt_tree *tree)
{
	AUTO_FREE bool *uniform = mnt_tree_uniform(tree, table);
	AUTO(buf) struct buf out = {0};
	size_t n = 0;

	require(uniform);
	for (uint32_t i = tree->first; i != MAP_NONE; i = mnt_tree_next(tree, i), n++) {
		const struct mnt_link *link = &tree->v[i];
		require(mnt_tree_is_below(tree, i, i));
		require(link->parent == MAP_NONE || mnt_tree_is_below(tree, link->parent, i));
		require(link->cover == MAP_NONE || tree->v[link->cover].parent == i);
		require(mnt_tree_top(tree, i) < table->n);
		mnt_options_print(&table->v[i], &out);
		mnt_type_print(&table->v[i], &out);
		mnt_tree_find(tree, table, table->v[i].target);
	}
	require(n == table->n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *text = xstrndup((const char *)data, size);
	AUTO(mnt_table) struct mnt_table table = {0};
	AUTO(err) struct err err = {0};
	struct mnt_tree tree;

	if (read_mountinfo_text(text, strlen(text), "f", &table, &err) < 0) {
		require(err.code == EINVAL && str_starts(err.msg, "f:"));
		return 0;
	}
	if (mnt_tree_init(&tree, &table, &err) < 0) {
		require(err.code == EINVAL && err.msg);
		return 0;
	}
	look(&table, &tree);
	mnt_tree_done(&tree);
	return 0;
}
