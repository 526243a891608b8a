// SPDX-License-Identifier: Apache-2.0
/* help, version, completion: everything that only prints what the tables say. */
#include "base/mem.h"
#include "cli/cmds.h"
#include "cli/table_options.h"
#include "cli/text.h"

#include <errno.h>
#include <string.h>

static const struct option no_options[] = {{0}};

static int print(const struct buf *out, struct err *err)
{
	return text_print(out, err) < 0 ? EXIT_FAILED : EXIT_OK;
}

static int print_overview(struct err *err)
{
	AUTO(buf) struct buf out = {0};

	buf_adds(&out, "usage: mntns COMMAND [OPTIONS] ...\n\n"
		       "Mount namespaces: run programs with exactly the view they declare.\n\n");
	for (const struct command *const *c = commands; *c; c++)
		buf_addf(&out, "  %-12s%s\n", (*c)->name, (*c)->summary);
	buf_adds(&out, "\n'mntns help COMMAND' or 'mntns COMMAND --help' explains one; "
		       "see also mntns(1).\n");
	return print(&out, err);
}

static int cmd_help(const struct command *self, char **argv, struct err *err)
{
	AUTO(buf) struct buf out = {0};
	/* For the build of the manual: the option list of a command as scdoc. */
	bool manual = argv[0] && !strcmp(argv[0], "--man");
	const char *name = argv[manual];
	const struct command *command = name ? command_find(name) : NULL;

	if (manual ? !command : name && !command)
		return err_say(err, EINVAL, "there is no command '%s'; 'mntns help' lists them",
			       name ? name : ""),
		       EXIT_USAGE;
	if (!command)
		return print_overview(err);
	if (!manual)
		return command_print_help(command, err);
	options_print_scdoc(command->options, &out);
	if (command->columns)
		columns_print_scdoc(command->columns, &out);
	return print(&out, err);
}

static int cmd_version(const struct command *self, char **argv, struct err *err)
{
	AUTO(buf) struct buf out = {0};

	buf_adds(&out, "mntns " MNTNS_VERSION "\n");
	return print(&out, err);
}

static int cmd_completion(const struct command *self, char **argv, struct err *err)
{
	AUTO(buf) struct buf out = {0};

	if (!argv[0] || argv[1] || completion_print(argv[0], &out) < 0)
		return err_say(err, EINVAL, "expected one of bash, zsh, fish"), EXIT_USAGE;
	return print(&out, err);
}

const struct command command_completion = {
	.name = "completion",
	.usage = "mntns completion bash|zsh|fish",
	.summary = "print a shell's completion script",
	.manual = "mntns(1)",
	.words = "bash zsh fish",
	.options = no_options,
	.run = cmd_completion,
};
const struct command command_help = {
	.name = "help",
	.usage = "mntns help [COMMAND]",
	.summary = "explain a command",
	.manual = "mntns(1)",
	.words = "command",
	.options = no_options,
	.run = cmd_help,
};
const struct command command_version = {
	.name = "version",
	.usage = "mntns version",
	.summary = "print the version",
	.manual = "mntns(1)",
	.options = no_options,
	.run = cmd_version,
};
