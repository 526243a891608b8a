// SPDX-License-Identifier: Apache-2.0
/* The program: finds the command, prints its error. Nothing else in mntns prints one. */
#include "base/io.h"
#include "base/mem.h"
#include "cli/cmds.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>

static bool is_one_of(const char *word, const char *a, const char *b)
{
	return !strcmp(word, a) || !strcmp(word, b);
}

static bool asks_help(const struct command *command, char **argv)
{
	if (options_ask_help(command->options, argv))
		return true;
	for (; command->mixed && *argv && strcmp(*argv, "--"); argv++)
		if (options_ask_help(command->options, argv + 1))
			return true;
	return false;
}

static int run(const struct command *command, char **argv, struct err *err)
{
	if (asks_help(command, argv))
		return command_print_help(command, err);
	return command->run(command, argv, err);
}

static int dispatch(char **argv, const char **ret_name, struct err *err)
{
	const struct command *command;

	if (!argv[0])
		return err_say(err, EINVAL, "expected a command; 'mntns help' lists them"),
		       EXIT_USAGE;
	if (is_one_of(argv[0], "--help", "-h"))
		return command_help.run(&command_help, argv + 1, err);
	if (is_one_of(argv[0], "--version", "-V"))
		return command_version.run(&command_version, argv + 1, err);
	command = command_find(argv[0]);
	if (!command)
		return err_say(err, EINVAL, "there is no command '%s'; 'mntns help' lists them",
			       argv[0]),
		       EXIT_USAGE;
	*ret_name = command->name;
	return run(command, argv + 1, err);
}

int main(int argc, char **argv)
{
	AUTO(err) struct err err = {0};
	const char *name = NULL;

	io_fix_standard_fds();
	/* Where it is ignored a child's end is told to nobody, and its PID is another's at once. */
	signal(SIGCHLD, SIG_DFL);
	if (getauxval(AT_SECURE)) {
		fprintf(stderr, "mntns: refuses to run setuid or with file capabilities\n");
		return EXIT_FAILED;
	}
	int status = argc ? dispatch(argv + 1, &name, &err) : EXIT_USAGE;
	if (err.msg) {
		AUTO_FREE char *text = str_printable(err.msg);
		fprintf(stderr, "mntns%s%s: %s\n", name ? " " : "", name ? name : "", text);
	}
	return status;
}
