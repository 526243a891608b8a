// SPDX-License-Identifier: Apache-2.0
/* The table of commands, in the order of `mntns help`, and the help of one. */
#include "cli/cmds.h"
#include "base/mem.h"
#include "cli/table_options.h"
#include "cli/text.h"

#include <ctype.h>
#include <string.h>

/* clang-format off */
const struct command *const commands[] = {
	/* one a line */
	&command_run,
	&command_ops,
	&command_ps,
	&command_ls,
	&command_tree,
	&command_diff,
	&command_peers,
	&command_why,
	&command_explain,
	&command_who,
	&command_leaks,
	&command_plan,
	&command_apply,
	&command_watch,
	&command_graph,
	&command_snapshot,
	&command_scenario,
	&command_unpin,
	&command_completion,
	&command_help,
	&command_version,
	NULL,
};
/* clang-format on */

const struct command *command_find(const char *name)
{
	for (const struct command *const *c = commands; *c; c++)
		if (!strcmp((*c)->name, name))
			return *c;
	return NULL;
}

int command_print_help(const struct command *command, struct err *err)
{
	AUTO(buf) struct buf out = {0};

	buf_addf(&out, "usage: %s\n\n%c%s. See %s.\n", command->usage,
		 toupper((unsigned char)*command->summary), command->summary + 1, command->manual);
	options_print_help(command->options, &out);
	if (command->columns)
		columns_print_help(command->columns, &out);
	return text_print(&out, err) < 0 ? EXIT_FAILED : EXIT_OK;
}
