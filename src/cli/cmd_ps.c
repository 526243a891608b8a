// SPDX-License-Identifier: Apache-2.0
/* ps: the boxes that run. */
#include "box/box.h"
#include "cli/cmds.h"
#include "cli/table_options.h"
#include "op/op.h"

#include <errno.h>

static const struct option ps_options[] = {TABLE_OPTIONS, {0}};

enum {
	NAME,
	PID,
	ROOT,
	COMMAND,
	CGROUPS
};
static const struct view_column ps_columns[] = {
	[NAME] = {"NAME", 0, "as --name gave it, or made up"},
	[PID] = {"PID", VIEW_RIGHT, "of the first process, as seen from here"},
	[ROOT] = {"ROOT", VIEW_CUT, "the root file system's directory"},
	[COMMAND] = {"COMMAND", VIEW_CUT, "the program and its arguments"},
	[CGROUPS] = {"CGROUPS", VIEW_EXTRA, "the directories of its cgroups"},
	{0},
};

/* Words that can be told apart again. */
static void join(const struct strv *words, struct buf *out)
{
	for (size_t i = 0; i < words->n; i++) {
		if (i)
			buf_addc(out, ' ');
		op_print_word(words->v[i], out);
	}
}

static void cell(const void *ctx, size_t row, size_t column, struct buf *out)
{
	const struct box_entry *box = &((const struct box_list *)ctx)->v[row];

	switch (column) {
	case NAME:
		return buf_adds(out, box->name);
	case PID:
		return box->pid ? buf_addf(out, "%d", box->pid) : (void)0;
	case ROOT:
		return buf_adds(out, box->root);
	case COMMAND:
		return join(&box->command, out);
	default:
		return join(&box->cgroups, out);
	}
}

static int cmd_ps(const struct command *self, char **argv, struct err *err)
{
	AUTO(box_list) struct box_list boxes = {0};
	struct view_format format = {0};
	int used = options_parse(self->options, &format, argv, err);

	if (used < 0)
		return EXIT_USAGE;
	if (argv[used])
		return err_say(err, EINVAL, "'%s': expected no argument", argv[used]), EXIT_USAGE;
	box_clean();
	if (box_list(&boxes, err) < 0)
		return EXIT_FAILED;
	struct view_table table = {"boxes", ps_columns, boxes.n, &boxes, cell};
	return table_print(&table, &format, err);
}

const struct command command_ps = {
	.name = "ps",
	.usage = "mntns ps [OPTIONS]",
	.summary = "list the boxes that run",
	.manual = "mntns-ps(1)",
	.options = ps_options,
	.run = cmd_ps,
	.columns = ps_columns,
};
