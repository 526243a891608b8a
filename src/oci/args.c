// SPDX-License-Identifier: Apache-2.0
/* Option rows by getopt_long(3). */
#include "oci/args.h"
#include "base/mem.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FIRST 1000

static void apply(const struct arg *row, struct args *args, const char *value)
{
	void *field = (char *)args + row->field;

	if (row->kind == 'f')
		*(bool *)field = true;
	else if (row->kind == 's')
		*(const char **)field = value;
	else
		strv_add(field, value);
}

static const struct arg *find(const struct arg *rows, int code)
{
	if (code >= FIRST)
		return &rows[code - FIRST];
	for (; rows->name; rows++)
		if (rows->letter && rows->letter == code)
			return rows;
	return NULL;
}

int args_parse(const struct arg *rows, int argc, char **argv, bool in_front, struct args *args,
	       struct err *err)
{
	struct option options[48] = {{0}};
	AUTO(buf) struct buf letters = {0};
	int code;

	buf_adds(&letters, in_front ? "+:" : ":");
	for (int i = 0; rows[i].name && i < 47; i++) {
		options[i] =
			(struct option){rows[i].name, rows[i].kind == 'f' ? 0 : 1, NULL, FIRST + i};
		if (rows[i].letter)
			buf_addf(&letters, "%c%s", rows[i].letter, rows[i].kind == 'f' ? "" : ":");
	}
	opterr = 0;
	optind = 0;
	while ((code = getopt_long(argc, argv, letters.data, options, NULL)) != -1) {
		const struct arg *row = code == '?' || code == ':' ? NULL : find(rows, code);
		if (!row)
			return err_say(err, EINVAL,
				       code == ':'
					       ? "option '%s' needs a value"
					       : "there is no option '%s' here; --help lists them",
				       argv[optind - 1]);
		apply(row, args, optarg);
	}
	args->words = argv + optind;
	args->n_words = argc - optind;
	return 0;
}

int args_preserve_fds(const struct args *args, unsigned *ret, struct err *err)
{
	uint64_t n = 0;

	if (args->preserve_fds && str_to_u64(args->preserve_fds, 1024, &n, err) < 0)
		return err_add(err, "--preserve-fds");
	if (n > args->given_fds)
		return err_say(err, EBADF, "--preserve-fds %s: descriptor %u is not open",
			       args->preserve_fds, args->given_fds + STDERR_FILENO + 1);
	*ret = (unsigned)n;
	return 0;
}

void args_print_help(const struct arg *rows)
{
	for (; rows->name; rows++) {
		AUTO_FREE char *name =
			xasprintf("--%s%s", rows->name, rows->kind == 'f' ? "" : " VALUE");
		if (rows->letter)
			printf("  -%c, %-26s %s\n", rows->letter, name, rows->help);
		else
			printf("      %-26s %s\n", name, rows->help);
	}
}

void args_done(struct args *args)
{
	strv_done(&args->env);
	strv_done(&args->caps);
	strv_done(&args->groups);
	strv_done(&args->cgroups);
}
