// SPDX-License-Identifier: Apache-2.0
/* ps: the boxes that run. */
#include "base/mem.h"
#include "box/box.h"
#include "cli/cmds.h"
#include "cli/table_options.h"
#include "op/op.h"

#include <errno.h>

const struct option ps_options[] = {TABLE_OPTIONS, {0}};

const struct view_column ps_columns[] = {
	{"NAME", 0, "as --name gave it, or made up"},
	{"PID", VIEW_RIGHT, "of the first process, as seen from here"},
	{"ROOT", 0, "the root file system's directory"},
	{"COMMAND", 0, "the program and its arguments"},
	{"CGROUPS", VIEW_EXTRA, "the directories of its cgroups"},
	{0},
};

/* Words that can be told apart again. */
static char *join(const struct strv *words)
{
	struct buf b = {0};

	for (size_t i = 0; i < words->n; i++) {
		if (i)
			buf_addc(&b, ' ');
		op_print_word(words->v[i], &b);
	}
	return buf_take(&b);
}

static void add_row(struct strv *cells, const struct box_entry *box)
{
	AUTO_FREE char *command = join(&box->command);
	AUTO_FREE char *cgroups = join(&box->cgroups);

	strv_add(cells, box->name);
	if (box->pid)
		strv_addf(cells, "%d", box->pid);
	else
		strv_add(cells, "");
	strv_add(cells, box->root);
	strv_add(cells, command);
	strv_add(cells, cgroups);
}

int cmd_ps(const struct command *self, char **argv, struct err *err)
{
	AUTO(box_list) struct box_list boxes = {0};
	struct view_table table = {.name = "boxes", .columns = ps_columns};
	struct view_format format = {0};
	int used = options_parse(self->options, &format, argv, err);

	if (used < 0)
		return EXIT_USAGE;
	if (argv[used])
		return err_say(err, EINVAL, "'%s': expected no argument", argv[used]), EXIT_USAGE;
	box_clean();
	if (box_list(&boxes, err) < 0)
		return EXIT_FAILED;
	for (size_t i = 0; i < boxes.n; i++)
		add_row(&table.cells, &boxes.v[i]);
	int status = table_print(&table, &format, err);
	strv_done(&table.cells);
	return status;
}
