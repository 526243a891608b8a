/* SPDX-License-Identifier: Apache-2.0 */
/* What the forms of a table share; private to view. */
#ifndef VIEW_PARTS_H
#define VIEW_PARTS_H

#include "view/columns.h"

struct view_choice {
	size_t *v; /* indexes of columns */
	size_t n;
};

/*
 * The lines of a tree, for rows in preorder: whether each row is the last of its sisters, and for
 * each depth whether more will come.
 */
struct view_lines {
	bool *last; /* by row; NULL: a flat table */
	bool *more; /* by depth, of the row that is printed */
};
void view_lines_init(struct view_lines *lines, const struct view_table *table);
void view_lines_done(struct view_lines *lines);
/*
 * What stands in front of the row's cell, and how wide it is. Rows must be asked for in their
 * order; where some are left out, only the width is right.
 */
size_t view_lines_print(struct view_lines *lines, const struct view_table *table, size_t row,
			struct buf *out);

void view_print_text(const struct view_table *table, const struct view_format *format,
		     const struct view_choice *choice, FILE *out);
void view_print_json(const struct view_table *table, const struct view_choice *choice, FILE *out);

#endif
