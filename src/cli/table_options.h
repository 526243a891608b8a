/* SPDX-License-Identifier: Apache-2.0 */
/* The options that every command with a table has, under util-linux's names. */
#ifndef CLI_TABLE_OPTIONS_H
#define CLI_TABLE_OPTIONS_H

#include "cli/option.h"
#include "view/columns.h"

/* Rows for a command whose options fill a struct view_format. */
#define TABLE_OPTIONS                                                                              \
	{"json",                                                                                   \
	 'J',                                                                                      \
	 NULL,                                                                                     \
	 NULL,                                                                                     \
	 0,                                                                                        \
	 NULL,                                                                                     \
	 "Output",                                                                                 \
	 "print JSON",                                                                             \
	 option_set_flag,                                                                          \
	 offsetof(struct view_format, json)},                                                      \
		{"output",                                                                         \
		 'o',                                                                              \
		 NULL,                                                                             \
		 "COLUMNS",                                                                        \
		 0,                                                                                \
		 NULL,                                                                             \
		 NULL,                                                                             \
		 "the columns, joined by commas; +COLUMN adds one",                                \
		 table_set_columns,                                                                \
		 0},                                                                               \
		{"raw",                                                                            \
		 'r',                                                                              \
		 NULL,                                                                             \
		 NULL,                                                                             \
		 0,                                                                                \
		 NULL,                                                                             \
		 NULL,                                                                             \
		 "one blank between columns, blanks in them as \\x20",                             \
		 option_set_flag,                                                                  \
		 offsetof(struct view_format, raw)},                                               \
	{                                                                                          \
		"noheadings", 'n', NULL, NULL, 0, NULL, NULL, "no line of headings",               \
			option_set_flag, offsetof(struct view_format, no_headings)                 \
	}

/* -o: the argument is borrowed. */
int table_set_columns(void *ctx, const struct option *option, const char *value, struct err *err);
/* To standard output. The exit status. */
int table_print(const struct view_table *table, const struct view_format *format, struct err *err);
/* The columns there are, for --help and for the manual. */
void columns_print_help(const struct view_column *columns, struct buf *out);
void columns_print_scdoc(const struct view_column *columns, struct buf *out);

#endif
