/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table as findmnt(8) and lsns(8) print theirs: columns that line up, raw for scripts, or JSON.
 * Values in, text out. What is in a cell can neither break the table nor reach the terminal as a
 * control sequence.
 */
#ifndef VIEW_COLUMNS_H
#define VIEW_COLUMNS_H

#include "base/str.h"

enum view_flag {
	VIEW_RIGHT = 1 << 0, /* a number: to the right, and a number in JSON */
	VIEW_EXTRA = 1 << 1, /* shown only when it is asked for */
};

struct view_column {
	const char *name; /* in capitals; NULL ends the columns */
	unsigned flags;	  /* enum view_flag */
	const char *help;
};

struct view_table {
	const char *name; /* in JSON: {"NAME": [{...}]} */
	const struct view_column *columns;
	struct strv cells; /* row by row, a cell for each column; "" is nothing, null in JSON */
};

struct view_format {
	bool json, raw, no_headings;
	const char *columns; /* "A,B", "+C" adds to what is shown anyway; NULL: that */
};

/* EINVAL with the columns there are, if one is not among them. */
int view_print(const struct view_table *table, const struct view_format *format, struct buf *out,
	       struct err *err);

#endif
