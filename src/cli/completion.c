// SPDX-License-Identifier: Apache-2.0
/* Completion scripts for three shells, all from the rows of commands and options. */
#include "cli/cmds.h"
#include "base/mem.h"

#include <errno.h>
#include <string.h>

#define EACH_COMMAND(c)                                                                            \
	for (const struct command *const *at_ = commands, *(c) = *at_; (c); (c) = *++at_)

/* 'text' in single quotes, for any of the shells. */
static void quote(const char *text, struct buf *out)
{
	buf_addc(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			buf_adds(out, "'\\''");
		else
			buf_addc(out, *text);
	}
	buf_addc(out, '\'');
}

static void add_names(const struct option *rows, struct buf *out)
{
	for (; rows->name; rows++) {
		buf_addf(out, "--%s ", rows->name);
		if (rows->flags & OPTION_NEGATABLE)
			buf_addf(out, "--no-%s ", rows->name);
	}
	buf_adds(out, "--help");
}

static const char *bash_action(const char *complete)
{
	if (!complete)
		return "COMPREPLY=()";
	if (!strcmp(complete, "dir"))
		return "COMPREPLY=($(compgen -d -- \"$cur\"))";
	return "COMPREPLY=($(compgen -f -- \"$cur\"))";
}

/* What a command's arguments can be, if that can be listed; "" if not. */
static char *argument_words(const struct command *command)
{
	struct buf words = {0};

	if (command->words && !strcmp(command->words, "command")) {
		EACH_COMMAND (c)
			buf_addf(&words, "%s%s", words.len ? " " : "", c->name);
	} else if (command->words && strchr(command->words, ' ')) {
		buf_adds(&words, command->words);
	}
	return buf_take(&words);
}

static void bash_values(const struct option *rows, struct buf *out)
{
	for (; rows->name; rows++) {
		if (!rows->arg)
			continue;
		buf_addf(out, "\t\t--%s", rows->name);
		if (rows->letter)
			buf_addf(out, "|-%c", rows->letter);
		if (rows->complete && strchr(rows->complete, ' '))
			buf_addf(out, ") COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return;;\n",
				 rows->complete);
		else
			buf_addf(out, ") %s; return;;\n", bash_action(rows->complete));
	}
}

static void print_bash(struct buf *out)
{
	buf_adds(out, "# bash completion for mntns, made by `mntns completion bash`\n"
		      "_mntns() {\n\tlocal cur=${COMP_WORDS[COMP_CWORD]} "
		      "prev=${COMP_WORDS[COMP_CWORD-1]}\n"
		      "\tif [ \"$COMP_CWORD\" = 1 ]; then\n\t\tCOMPREPLY=($(compgen -W '");
	EACH_COMMAND (c)
		buf_addf(out, "%s ", c->name);
	buf_adds(out, "' -- \"$cur\")); return\n\tfi\n\tcase ${COMP_WORDS[1]} in\n");
	EACH_COMMAND (c) {
		buf_addf(out, "\t%s)\n\t\tcase $prev in\n", c->name);
		bash_values(c->options, out);
		buf_adds(out, "\t\tesac\n\t\tif [[ $cur == -* ]]; then COMPREPLY=($(compgen -W '");
		add_names(c->options, out);
		buf_adds(out, "' -- \"$cur\"))\n\t\telse ");
		AUTO_FREE char *words = argument_words(c);
		if (*words)
			buf_addf(out, "COMPREPLY=($(compgen -W '%s' -- \"$cur\"))", words);
		else
			buf_adds(out, bash_action("file"));
		buf_adds(out, "; fi;;\n");
	}
	buf_adds(out, "\tesac\n}\ncomplete -o filenames -F _mntns mntns\n");
}

/* _arguments takes '--name[help]:what:action'; brackets and colons in the help are escaped. */
static void zsh_option(const struct option *o, const char *no, struct buf *out)
{
	AUTO(buf) struct buf spec = {0};

	buf_addf(&spec, "%s--%s%s[", o->flags & OPTION_REPEATS ? "*" : "", no, o->name);
	for (const char *p = o->help; *p; p++) {
		if (strchr("[]:\\", *p))
			buf_addc(&spec, '\\');
		buf_addc(&spec, *p);
	}
	buf_addc(&spec, ']');
	if (o->arg && !*no) {
		if (!o->complete)
			buf_adds(&spec, ":value:");
		else if (!strcmp(o->complete, "dir"))
			buf_adds(&spec, ":directory:_files -/");
		else if (!strchr(o->complete, ' '))
			buf_adds(&spec, ":file:_files");
		else
			buf_addf(&spec, ":word:(%s)", o->complete);
	}
	buf_adds(out, " \\\n\t\t\t");
	quote(spec.data, out);
}

static void print_zsh(struct buf *out)
{
	buf_adds(out, "#compdef mntns\n# zsh completion for mntns, made by `mntns completion zsh`\n"
		      "_mntns() {\n\tif (( CURRENT == 2 )); then\n\t\tlocal -a cmds=(");
	EACH_COMMAND (c) {
		AUTO_FREE char *item = xasprintf("%s:%s", c->name, c->summary);
		buf_addc(out, ' ');
		quote(item, out);
	}
	buf_adds(out, " )\n\t\t_describe command cmds\n\t\treturn\n\tfi\n"
		      "\tlocal cmd=$words[2]\n\tshift words\n\t(( CURRENT-- ))\n\tcase $cmd in\n");
	EACH_COMMAND (c) {
		buf_addf(out, "\t%s) _arguments", c->name);
		for (const struct option *o = c->options; o->name; o++) {
			zsh_option(o, "", out);
			if (o->flags & OPTION_NEGATABLE)
				zsh_option(o, "no-", out);
		}
		AUTO_FREE char *words = argument_words(c);
		if (*words)
			buf_addf(out, " \\\n\t\t\t'*:word:(%s)'", words);
		else
			buf_adds(out, " \\\n\t\t\t'*:file:_files'");
		buf_adds(out, ";;\n");
	}
	buf_adds(out, "\tesac\n}\n_mntns \"$@\"\n");
}

static void fish_option(const struct command *c, const struct option *o, const char *no,
			struct buf *out)
{
	buf_addf(out, "complete -c mntns -n '__fish_seen_subcommand_from %s' -l %s%s", c->name, no,
		 o->name);
	if (o->letter && !*no)
		buf_addf(out, " -s %c", o->letter);
	if (o->arg)
		buf_adds(out, " -r");
	if (o->complete && !strcmp(o->complete, "dir"))
		buf_adds(out, " -a '(__fish_complete_directories)'");
	else if (o->complete && strchr(o->complete, ' '))
		buf_addf(out, " -f -a '%s'", o->complete);
	buf_adds(out, " -d ");
	quote(o->help, out);
	buf_addc(out, '\n');
}

static void print_fish(struct buf *out)
{
	buf_adds(out, "# fish completion for mntns, made by `mntns completion fish`\n");
	EACH_COMMAND (c) {
		buf_addf(out, "complete -c mntns -n __fish_use_subcommand -f -a %s -d ", c->name);
		quote(c->summary, out);
		buf_addc(out, '\n');
		AUTO_FREE char *words = argument_words(c);
		if (*words)
			buf_addf(out,
				 "complete -c mntns -n '__fish_seen_subcommand_from %s' -f -a "
				 "'%s'\n",
				 c->name, words);
		for (const struct option *o = c->options; o->name; o++) {
			fish_option(c, o, "", out);
			if (o->flags & OPTION_NEGATABLE)
				fish_option(c, o, "no-", out);
		}
	}
}

int completion_print(const char *shell, struct buf *out)
{
	static const struct {
		const char *shell;
		void (*print)(struct buf *out);
	} rows[] = {{"bash", print_bash}, {"zsh", print_zsh}, {"fish", print_fish}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!strcmp(rows[i].shell, shell)) {
			rows[i].print(out);
			return 0;
		}
	}
	return -EINVAL;
}
