/* SPDX-License-Identifier: Apache-2.0 */
/* The commands: one row each in cmds.c, one file cmd_<name>.c each. */
#ifndef CLI_CMDS_H
#define CLI_CMDS_H

#include "cli/option.h"
#include "view/columns.h"

enum {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2
};

struct command {
	const char *name; /* NULL ends the table */
	const char *usage;
	const char *summary;
	const char *manual; /* the page that says more */
	const char *words;  /* what its arguments can be, for completion; "dir", "file", NULL */
	const struct option *options;
	/* argv: what follows the command's name, NULL-terminated. The exit status. */
	int (*run)(const struct command *self, char **argv, struct err *err);
	const struct view_column *columns; /* of the table it prints, NULL: it prints none */
};

extern const struct command commands[];
const struct command *command_find(const char *name);
/* What `mntns help COMMAND` and --help print. */
int command_print_help(const struct command *command, struct err *err);

extern const struct option run_options[];
extern const struct option ops_options[];
extern const struct option ps_options[];
extern const struct view_column ps_columns[];
extern const struct option unpin_options[];

int cmd_run(const struct command *self, char **argv, struct err *err);
int cmd_ops(const struct command *self, char **argv, struct err *err);
int cmd_ps(const struct command *self, char **argv, struct err *err);
int cmd_unpin(const struct command *self, char **argv, struct err *err);
int cmd_completion(const struct command *self, char **argv, struct err *err);
int cmd_help(const struct command *self, char **argv, struct err *err);
int cmd_version(const struct command *self, char **argv, struct err *err);

/* Completion scripts from the rows; 0, or -EINVAL for a shell that is not known. */
int completion_print(const char *shell, struct buf *out);

#endif
