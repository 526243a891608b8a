// SPDX-License-Identifier: Apache-2.0
/* What commands with a table share. */
#include "cli/table_options.h"
#include "base/io.h"
#include "base/mem.h"
#include "cli/cmds.h"
#include "cli/text.h"

#include <errno.h>
#include <sys/ioctl.h>

int table_set_columns(void *ctx, const struct option *option, const char *value, struct err *err)
{
	struct view_format *format = ctx;

	format->columns = value;
	return 0;
}

/* So that a pipe or a file gets all there is, whatever its reader's width. */
static size_t terminal_width(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

#define OUT_SIZE (64 << 10)

int table_print(const struct view_table *table, const struct view_format *format, struct err *err)
{
	struct view_format fitted = *format;

	if (format->json && format->raw)
		return err_say(err, EINVAL, "--json and --raw are two forms: give one of them"),
		       EXIT_USAGE;
	fitted.width = terminal_width();
	/* A size alone would be ignored. The buffer is stdout's from here on, to the end. */
	setvbuf(stdout, xrealloc(NULL, OUT_SIZE, 1), _IOFBF, OUT_SIZE);
	if (view_print(table, &fitted, stdout, err) < 0)
		return err_add(err, "--output"), EXIT_USAGE;
	return io_flush_stdout(err) < 0 ? EXIT_FAILED : EXIT_OK;
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
