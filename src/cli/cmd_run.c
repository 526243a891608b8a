// SPDX-License-Identifier: Apache-2.0
/* run: from the command line to a spec, and from there to a running program. */
#include "base/mem.h"
#include "box/box.h"
#include "box/userns.h"
#include "cli/cmds.h"
#include "cli/run.h"
#include "cli/text.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

extern char **environ;

static int dry_run(const struct run_args *args, struct err *err)
{
	AUTO(ops) struct ops ops = {0};

	if (box_plan(&args->spec, &ops, err) < 0 || text_print_ops(&ops, args->json, err) < 0)
		return BOX_EXIT_FAILED;
	return EXIT_OK;
}

static int detach(const struct spec *spec, struct err *err)
{
	AUTO(buf) struct buf out = {0};
	pid_t pid;
	int status = box_detach(spec, &pid, err);

	if (status != 0)
		return status;
	buf_addf(&out, "%d\n", pid);
	return text_print(&out, err) < 0 ? BOX_EXIT_FAILED : EXIT_OK;
}

/*
 * [--] ROOT [--] COMMAND…; ROOT only where a profile has not given it. As docker does, options
 * are expected in front of ROOT: what follows COMMAND is COMMAND's.
 */
static int take_words(struct run_args *args, char **words, struct err *err)
{
	bool literal = *words && !strcmp(*words, "--");

	words += literal;
	if (*words && !args->spec.root) {
		if (run_absolute(*words, &args->spec.root, err) < 0)
			return err_add(err, "ROOT");
		words++;
		literal = *words && !strcmp(*words, "--");
		words += literal;
	}
	if (*words && **words == '-' && !literal)
		return err_say(err, EINVAL,
			       "option '%s' stands behind ROOT; options come before it, and a "
			       "command that starts with - behind --",
			       *words);
	if (*words)
		strv_done(&args->spec.argv);
	for (; *words; words++)
		strv_add(&args->spec.argv, *words);
	return 0;
}

static void print_warnings(const struct strv *warnings)
{
	for (size_t i = 0; i < warnings->n; i++) {
		AUTO_FREE char *text = str_printable(warnings->v[i]);
		fprintf(stderr, "mntns run: warning: %s\n", text);
	}
}

static int run(struct run_args *args, struct err *err)
{
	AUTO(strv) struct strv warnings = {0};

	run_finish(args, environ);
	if (args->json && !args->dry_run)
		return err_say(err, EINVAL, "--json is about what --dry-run prints: give both"),
		       EXIT_USAGE;
	if (args->share & CLONE_NEWUSER && !userns_is_privileged())
		return err_say(err, EPERM,
			       "--share user: without privilege nothing can be mounted but in a "
			       "user namespace of the box's own; run as root, or leave it out"),
		       BOX_EXIT_FAILED;
	if (spec_check(&args->spec, &warnings, err) < 0)
		return EXIT_USAGE;
	print_warnings(&warnings);
	run_settle_private_tmp(&args->spec);
	if (args->dry_run)
		return dry_run(args, err);
	return args->spec.detach ? detach(&args->spec, err) : box_run(&args->spec, err);
}

static int cmd_run(const struct command *self, char **argv, struct err *err)
{
	struct run_args args = {.spec = {.propagation = mnt_propagation_parse("private")}};
	int used = options_parse(self->options, &args, argv, err);
	int status = EXIT_USAGE;

	if (used >= 0 && take_words(&args, argv + used, err) == 0)
		status = run(&args, err);
	run_args_done(&args);
	return status;
}

const struct command command_run = {
	.name = "run",
	.usage = "mntns run [OPTIONS] ROOT [--] COMMAND [ARGUMENT...]",
	.summary = "run a program with exactly the file-system view it declares",
	.manual = "mntns-run(1)",
	.words = "dir",
	.options = run_options,
	.run = cmd_run,
};
