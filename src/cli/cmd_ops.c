// SPDX-License-Identifier: Apache-2.0
/* ops: the text form of mount operations, checked, lowered, printed or carried out. */
#include "base/mem.h"
#include "cli/cmds.h"
#include "cli/text.h"
#include "exec/kernel.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum {
	EXIT_NOT_EXECUTABLE = 126,
	EXIT_NOT_FOUND = 127
};

struct ops_args {
	const char *file;
	bool json, exec;
};

static int apply_file(void *ctx, const struct option *option, const char *value, struct err *err)
{
	((struct ops_args *)ctx)->file = value;
	return 0;
}

static const struct option ops_options[] = {
	{"file", 'f', NULL, "FILE", 0, "file", "Options",
	 "read operations from FILE, one a line; - is standard input", apply_file, 0},
	{"json", 'J', NULL, NULL, 0, NULL, NULL, "print JSON", option_set_flag,
	 offsetof(struct ops_args, json)},
	{"exec", 0, NULL, NULL, 0, NULL, NULL,
	 "carry the operations out in the caller's namespaces, then execute COMMAND in what they "
	 "made",
	 option_set_flag, offsetof(struct ops_args, exec)},
	{0},
};

static int carry_out(const struct ops *ops, char **command, struct err *err)
{
	AUTO(exec) struct exec ex;
	mode_t mask = umask(0); /* a mode in an op is meant as it is */

	exec_init(&ex);
	if (exec_kernel(&ex, ops, 0, ops->n, err) < 0) {
		exec_undo_made(&ex);
		return EXIT_FAILED;
	}
	umask(mask);
	if (!command[0])
		return EXIT_OK;
	execvp(command[0], command);
	int code = errno;
	err_set(err, code, "command '%s'", command[0]);
	return code == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
}

static int cmd_ops(const struct command *self, char **argv, struct err *err)
{
	struct ops_args args = {0};
	AUTO(ops) struct ops ops = {0};
	int used = options_parse(self->options, &args, argv, err);
	size_t n = 0;

	if (used < 0)
		return EXIT_USAGE;
	char **lines = argv + used;
	while (lines[n] && strcmp(lines[n], "--"))
		n++;
	char **command = lines + n + (lines[n] ? 1 : 0);
	if (!n && !args.file)
		return err_say(err, EINVAL, "expected operations, as arguments or with --file"),
		       EXIT_USAGE;
	if (*command && !args.exec)
		return err_say(err, EINVAL, "a command is executed only with --exec"), EXIT_USAGE;
	if (args.json && args.exec)
		return err_say(err, EINVAL, "--json prints, --exec carries out: give one of them"),
		       EXIT_USAGE;
	if (text_parse_ops(args.file, lines, n, &ops, err) < 0)
		return EXIT_USAGE;
	if (args.exec)
		return carry_out(&ops, command, err);
	return text_print_ops(&ops, args.json, err) < 0 ? EXIT_FAILED : EXIT_OK;
}

const struct command command_ops = {
	.name = "ops",
	.usage = "mntns ops [OPTIONS] [OP...] [-- COMMAND [ARGUMENT...]]",
	.summary = "check, lower and print mount operations, or carry them out",
	.manual = "mntns-ops(1)",
	.options = ops_options,
	.run = cmd_ops,
};
