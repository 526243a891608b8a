// SPDX-License-Identifier: Apache-2.0
/* The lines in front of a tree's rows. */
#include "base/mem.h"
#include "view/parts.h"

/* Backwards: a row is the last of its sisters if none was seen since the row above them. */
void view_lines_init(struct view_lines *lines, const struct view_table *table)
{
	size_t deepest = 0;

	*lines = (struct view_lines){0};
	if (!table->depth)
		return;
	for (size_t i = 0; i < table->rows; i++) {
		size_t depth = table->depth(table->ctx, i);
		deepest = depth > deepest ? depth : deepest;
	}
	lines->last = xcalloc(table->rows, sizeof(*lines->last));
	lines->more = xcalloc(deepest + 2, sizeof(*lines->more));
	for (size_t i = table->rows; i-- > 0;) {
		size_t depth = table->depth(table->ctx, i);
		lines->last[i] = !lines->more[depth];
		lines->more[depth] = true;
		lines->more[depth + 1] = false;
	}
}

void view_lines_done(struct view_lines *lines)
{
	free(lines->last);
	free(lines->more);
}

size_t view_lines_print(struct view_lines *lines, const struct view_table *table, size_t row,
			struct buf *out)
{
	size_t depth = lines->last ? table->depth(table->ctx, row) : 0;

	for (size_t i = 1; i < depth; i++)
		buf_adds(out, lines->more[i] ? "│ " : "  ");
	if (depth)
		buf_adds(out, lines->last[row] ? "└─" : "├─");
	if (lines->last)
		lines->more[depth] = !lines->last[row];
	return 2 * depth;
}
