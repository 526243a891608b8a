/* SPDX-License-Identifier: Apache-2.0 */
/* The differences of two tables as rows: one for each mount that has no counterpart, and one for
 * each thing that has changed in those that have one. */
#ifndef CLI_CHANGE_COLUMNS_H
#define CLI_CHANGE_COLUMNS_H

#include "mnt/diff.h"
#include "view/columns.h"

struct changes {
	const struct mnt_table *a, *b;
	const struct mnt_tree *tree_a, *tree_b;
	struct change_row *v;
	size_t n;
};

extern const struct view_column change_columns[];

/* Borrows all. */
void changes_init(struct changes *changes, const struct mnt_diff *diff);
void changes_done(struct changes *changes);
struct view_table changes_table(const struct changes *changes);

#endif
