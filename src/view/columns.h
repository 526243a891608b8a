/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table as findmnt(8) and lsns(8) print theirs: columns that line up, raw for scripts, or JSON;
 * flat, or with the lines of a tree. Values in, text out, row by row: what a cell holds is asked
 * for when it is printed, so that memory does not grow with the table. A cell can neither break the
 * table nor reach the terminal as a control sequence.
 */
#ifndef VIEW_COLUMNS_H
#define VIEW_COLUMNS_H

#include <stdio.h>

#include "base/str.h"

enum view_flag {
	VIEW_RIGHT = 1 << 0, /* a number: to the right, and a number in JSON */
	VIEW_EXTRA = 1 << 1, /* shown only when it is asked for */
	VIEW_TREE = 1 << 2,  /* the tree's lines stand in front of it */
	VIEW_CUT = 1 << 3,   /* may be cut off where the terminal is too narrow */
	VIEW_WORDS = 1 << 4, /* words joined by commas: an array in JSON, never null */
	VIEW_BOOL = 1 << 5,  /* "yes" or nothing: true or false in JSON */
};

struct view_column {
	const char *name; /* in capitals; NULL ends the columns */
	unsigned flags;	  /* enum view_flag */
	const char *help;
};

struct view_table {
	const char *name; /* in JSON: {"NAME": [{...}]} */
	const struct view_column *columns;
	size_t rows;
	const void *ctx;
	/* Appends what the cell holds, as it is; nothing: an empty cell, null in JSON. */
	void (*cell)(const void *ctx, size_t row, size_t column, struct buf *out);
	/*
	 * Rows in preorder, and how deep each one stands: at most one deeper than the row before.
	 * NULL: a flat table. In JSON deeper rows are "children" of the one above them.
	 */
	size_t (*depth)(const void *ctx, size_t row);
};

struct view_format {
	bool json, raw, no_headings;
	const char *columns; /* "A,B", "+C" adds to what is shown anyway; NULL: that */
	size_t width;	     /* of the terminal; 0: lines may be of any length */
	size_t *wide;	     /* for a table that goes on: how wide each column is by now; NULL */
};

/*
 * EINVAL with the columns there are, if one is not among them. Whether all could be written is for
 * the caller to ask of `out`.
 */
int view_print(const struct view_table *table, const struct view_format *format, FILE *out,
	       struct err *err);

#endif
