// SPDX-License-Identifier: Apache-2.0
/*
 * Any text: it is refused with a sentence that begins with the file's name, or it is a world, which
 * is then written, read and written again to the same bytes. A libFuzzer target; fuzz/replay.c runs
 * it on given files.
 */
#include "base/mem.h"
#include "read/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void print(const struct mnt_world *world, struct buf *out)
{
	char *data = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&data, &len);

	require(file);
	snapshot_print(world, file);
	require(fclose(file) == 0);
	buf_add(out, data, len);
	free(data);
}

/* What the trees and names of a world are made of can be asked for. */
static void look(const struct mnt_world *world)
{
	for (uint32_t i = 0; i < world->n_ns; i++) {
		AUTO_FREE char *label = mnt_ns_label(world, i);
		AUTO(buf) struct buf holds = {0};
		struct mnt_tree tree;
		require(*label);
		mnt_ns_print_holds(world, i, &holds);
		require(mnt_tree_init(&tree, &world->ns[i].table, NULL) == 0);
		mnt_tree_done(&tree);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *text = xrealloc(NULL, size + 1, 1);
	AUTO(buf) struct buf once = {0};
	AUTO(buf) struct buf twice = {0};
	AUTO(err) struct err err = {0};
	struct mnt_world world, back;

	/* A copy of exactly this length: what is read beyond it is seen. */
	memcpy(text, data, size);
	text = xrealloc(text, size ? size : 1, 1);
	if (snapshot_read(text, size, "f", &world, &err) < 0) {
		require(err.code == EINVAL && err.msg && *err.msg == 'f');
		return 0;
	}
	look(&world);
	print(&world, &once);
	require(snapshot_read(once.data, once.len, "f", &back, &err) == 0);
	print(&back, &twice);
	require(once.len == twice.len && !memcmp(once.data, twice.data, once.len));
	mnt_world_done(&world);
	mnt_world_done(&back);
	return 0;
}
