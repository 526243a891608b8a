// SPDX-License-Identifier: Apache-2.0
/* completion: of commands and options, for three shells, from the rows that they are read by. */
#include "base/mem.h"
#include "oci/cmds.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What may follow: ids where there are any, else files. */
#define IDS "mntns-oci list --quiet 2>/dev/null"

static void print_options(const struct arg *rows)
{
	for (; rows->name; rows++)
		printf(" --%s", rows->name);
}

static void print_bash(void)
{
	printf("_mntns_oci() {\n"
	       "	local word=${COMP_WORDS[COMP_CWORD]} command= i words\n"
	       "	for ((i = 1; i < COMP_CWORD; i++)); do\n"
	       "		case ${COMP_WORDS[i]} in\n");
	for (const struct oci_command *const *c = oci_commands; *c; c++)
		printf("%s%s", c == oci_commands ? "		" : "|", (*c)->name);
	printf(") command=${COMP_WORDS[i]}; break ;;\n		esac\n	done\n	case $command "
	       "in\n");
	for (const struct oci_command *const *c = oci_commands; *c; c++) {
		printf("	%s) words='", (*c)->name);
		print_options((*c)->args);
		printf(" --help' ;;\n");
	}
	printf("	*) words='");
	print_options(oci_globals);
	for (const struct oci_command *const *c = oci_commands; *c; c++)
		printf(" %s", (*c)->name);
	printf("' ;;\n	esac\n"
	       "	[ -z \"$command\" ] || [[ $word = -* ]] || words=$(" IDS ")\n"
	       "	COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
	       "}\n"
	       "complete -o default -F _mntns_oci mntns-oci\n");
}

/* In single quotes, where a colon and brackets have a meaning. */
static void print_quoted(const char *text, const char *special)
{
	for (; *text; text++) {
		if (*text == '\'')
			printf("'\\'");
		else if (strchr(special, *text))
			putchar('\\');
		putchar(*text);
	}
}

static void print_zsh_options(const struct arg *rows)
{
	for (; rows->name; rows++) {
		printf(" \\\n		'%s--%s%s[", rows->kind == 'l' ? "*" : "", rows->name,
		       rows->kind == 'f' ? "" : "=");
		print_quoted(rows->help, "[]:\\");
		printf("]%s'", rows->kind == 'f' ? "" : ":value:_files");
	}
}

static void print_zsh(void)
{
	printf("#compdef mntns-oci\n_mntns_oci() {\n	local state line\n	_arguments -C");
	print_zsh_options(oci_globals);
	printf(" \\\n		'1:command:((");
	for (const struct oci_command *const *c = oci_commands; *c; c++) {
		printf("%s\\:\"", (*c)->name);
		print_quoted((*c)->summary, "\"\\:");
		printf("\" ");
	}
	printf("))' '*::words:->words'\n	case $line[1] in\n");
	for (const struct oci_command *const *c = oci_commands; *c; c++) {
		printf("	%s) _arguments", (*c)->name);
		print_zsh_options((*c)->args);
		printf(" \\\n		'*:id:($(" IDS "))' ;;\n");
	}
	printf("	esac\n}\n_mntns_oci \"$@\"\n");
}

static void print_fish_options(const struct arg *rows, const char *condition)
{
	for (; rows->name; rows++) {
		printf("complete -c mntns-oci -n '%s' -l %s%s -d '", condition, rows->name,
		       rows->kind == 'f' ? "" : " -r");
		print_quoted(rows->help, "\\");
		printf("'\n");
	}
}

static void print_fish(void)
{
	print_fish_options(oci_globals, "__fish_use_subcommand");
	for (const struct oci_command *const *c = oci_commands; *c; c++) {
		AUTO_FREE char *seen = xasprintf("__fish_seen_subcommand_from %s", (*c)->name);
		printf("complete -c mntns-oci -n __fish_use_subcommand -a %s -d '", (*c)->name);
		print_quoted((*c)->summary, "\\");
		printf("'\n");
		print_fish_options((*c)->args, seen);
		printf("complete -c mntns-oci -n '%s' -a '(" IDS ")'\n", seen);
	}
}

static int completion(struct args *args, struct err *err)
{
	static const struct {
		const char *shell;
		void (*print)(void);
	} shells[] = {{"bash", print_bash}, {"zsh", print_zsh}, {"fish", print_fish}};

	for (size_t i = 0; i < ARRAY_SIZE(shells); i++)
		if (!strcmp(args->words[0], shells[i].shell)) {
			shells[i].print();
			return 0;
		}
	return err_say(err, EINVAL, "'%s': expected bash, zsh or fish", args->words[0]), 1;
}

const struct oci_command oci_completion = {
	.name = "completion",
	.usage = "completion SHELL",
	.summary = "print what bash, zsh or fish complete by",
	.args = (const struct arg[]){{0}},
	.min_words = 1,
	.max_words = 1,
	.run = completion,
};
