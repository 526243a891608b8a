// SPDX-License-Identifier: Apache-2.0
/* The table of commands, and the help of one that comes from it. */
#include "cli/cmds.h"
#include "base/mem.h"
#include "cli/table_options.h"
#include "cli/text.h"

#include <ctype.h>
#include <string.h>

static const struct option no_options[] = {{0}};

const struct command commands[] = {
	{"run", "mntns run [OPTIONS] ROOT [--] COMMAND [ARGUMENT...]",
	 "run a program with exactly the file-system view it declares", "mntns-run(1)", "dir",
	 run_options, cmd_run},
	{"ops", "mntns ops [OPTIONS] [OP...] [-- COMMAND [ARGUMENT...]]",
	 "check, lower and print mount operations, or carry them out", "mntns-ops(1)", NULL,
	 ops_options, cmd_ops},
	{"ps", "mntns ps [OPTIONS]", "list the boxes that run", "mntns-ps(1)", NULL, ps_options,
	 cmd_ps, ps_columns},
	{"unpin", "mntns unpin --all", "remove what mntns pinned: the template namespace",
	 "mntns-unpin(1)", NULL, unpin_options, cmd_unpin},
	{"completion", "mntns completion bash|zsh|fish", "print a shell's completion script",
	 "mntns(1)", "bash zsh fish", no_options, cmd_completion},
	{"help", "mntns help [COMMAND]", "explain a command", "mntns(1)",
	 "run ops ps unpin completion help version", no_options, cmd_help},
	{"version", "mntns version", "print the version", "mntns(1)", NULL, no_options,
	 cmd_version},
	{0},
};

const struct command *command_find(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
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
