/* SPDX-License-Identifier: Apache-2.0 */
/* The commands: one file cmd_<name>.c each, which holds its row; cmds.c lists them. */
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
	const char *name;
	const char *usage;
	const char *summary;
	const char *manual; /* the page that says more */
	/* What its arguments can be, for completion: "dir", "file", "command", words; NULL */
	const char *words;
	const struct option *options;
	/* argv: what follows the command's name, NULL-terminated. The exit status. */
	int (*run)(const struct command *self, char **argv, struct err *err);
	const struct view_column *columns; /* of the table it prints, NULL: it prints none */
	bool mixed; /* options may stand behind arguments: it calls options_gather */
};

extern const struct command *const commands[]; /* NULL at the end */
extern const struct command command_apply;
extern const struct command command_completion;
extern const struct command command_diff;
extern const struct command command_explain;
extern const struct command command_graph;
extern const struct command command_help;
extern const struct command command_leaks;
extern const struct command command_ls;
extern const struct command command_ops;
extern const struct command command_peers;
extern const struct command command_plan;
extern const struct command command_ps;
extern const struct command command_run;
extern const struct command command_scenario;
extern const struct command command_snapshot;
extern const struct command command_tree;
extern const struct command command_unpin;
extern const struct command command_version;
extern const struct command command_watch;
extern const struct command command_who;
extern const struct command command_why;

const struct command *command_find(const char *name);
/* What `mntns help COMMAND` and --help print. */
int command_print_help(const struct command *command, struct err *err);

/* Completion scripts from the rows; 0, or -EINVAL for a shell that is not known. */
int completion_print(const char *shell, struct buf *out);

#endif
