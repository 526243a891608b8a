// SPDX-License-Identifier: Apache-2.0
/* What commands with a table share. */
#include "cli/table_options.h"
#include "cli/cmds.h"
#include "cli/text.h"

#include <errno.h>

int table_set_columns(void *ctx, const struct option *option, const char *value, struct err *err)
{
	struct view_format *format = ctx;

	format->columns = value;
	return 0;
}

int table_print(const struct view_table *table, const struct view_format *format, struct err *err)
{
	AUTO(buf) struct buf out = {0};

	if (format->json && format->raw)
		return err_say(err, EINVAL, "--json and --raw are two forms: give one of them"),
		       EXIT_USAGE;
	if (view_print(table, format, &out, err) < 0)
		return err_add(err, "--output"), EXIT_USAGE;
	return text_print(&out, err) < 0 ? EXIT_FAILED : EXIT_OK;
}

void columns_print_help(const struct view_column *columns, struct buf *out)
{
	buf_adds(out, "\nColumns:\n");
	for (; columns->name; columns++)
		buf_addf(out, "  %-26s%s%s\n", columns->name, columns->help,
			 columns->flags & VIEW_EXTRA ? " (only with --output)" : "");
}

void columns_print_scdoc(const struct view_column *columns, struct buf *out)
{
	buf_adds(out, "## Columns\n\n");
	for (; columns->name; columns++)
		buf_addf(out, "*%s*\n\t%s%s\n\n", columns->name, columns->help,
			 columns->flags & VIEW_EXTRA ? " (only with *--output*)" : "");
}
