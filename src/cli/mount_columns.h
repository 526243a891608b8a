/* SPDX-License-Identifier: Apache-2.0 */
/* The columns of a mount, for every command that has a row for each one. */
#ifndef CLI_MOUNT_COLUMNS_H
#define CLI_MOUNT_COLUMNS_H

#include "mnt/mnt.h"
#include "view/columns.h"

/* What a row is about, and what is known of it in its table. */
struct mount_rows {
	const struct mnt_table *table;
	const struct mnt_tree *tree;
	const bool *uniform; /* of mnt_tree_uniform */
	const bool *locked;  /* NULL: not known of any */
};

extern const struct view_column mount_columns[];
/* One cell of mount i; column is an index of mount_columns. */
void mount_cell(const struct mount_rows *rows, uint32_t i, size_t column, struct buf *out);
/* As findmnt has it: SOURCE, and [ROOT] behind it where that is not "/". */
void mount_print_source(const struct mnt *mnt, struct buf *out);
/* The options of the mount and of the file system in one list: read-only if either says so. */
void mount_print_options(const struct mnt *mnt, struct buf *out);

#endif
