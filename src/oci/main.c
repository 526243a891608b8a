// SPDX-License-Identifier: Apache-2.0
/* The program mntns-oci: global options, the command, and its error as engines read it. */
#include "base/io.h"
#include "base/mem.h"
#include "box/ahead.h"
#include "box/userns.h"
#include "oci/cmds.h"
#include "oci/config.h"
#include "oci/log.h"
#include "oci/self.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/auxv.h>

const struct arg oci_globals[] = {
	ARG_TEXT("root", 0, root,
		 "directory of the containers' states; default: /run/mntns-oci, or below "
		 "XDG_RUNTIME_DIR"),
	ARG_TEXT("log", 0, log, "file for log lines; default: standard error"),
	ARG_TEXT("log-format", 0, log_format, "text or json"),
	ARG_FLAG("debug", 0, debug, "log the mount operations of a new container"),
	ARG_FLAG("systemd-cgroup", 0, systemd_cgroup, "a scope of systemd holds the container"),
	ARG_TEXT("cgroup-manager", 0, cgroup_manager, "cgroupfs, systemd or disabled"),
	ARG_TEXT("rootless", 0, rootless, "accepted: it is found out"),
	ARG_FLAG("version", 'v', version, "print the version"),
	ARG_FLAG("help", 'h', help, "print this help"),
	{0},
};

const struct oci_command *const oci_commands[] = {
	&oci_create, &oci_start,  &oci_run,    &oci_state,	&oci_kill,   &oci_delete,
	&oci_list,   &oci_ps,	  &oci_pause,  &oci_resume,	&oci_spec,   &oci_features,
	&oci_exec,   &oci_update, &oci_events, &oci_completion, &oci_mounts, NULL,
};

static const struct oci_command *find(const char *name)
{
	for (const struct oci_command *const *c = oci_commands; *c; c++)
		if (!strcmp((*c)->name, name))
			return *c;
	return NULL;
}

static int print_help(void)
{
	printf("Usage: mntns-oci [OPTIONS] COMMAND ...\n\nCommands:\n");
	for (const struct oci_command *const *c = oci_commands; *c; c++)
		printf("  %-12s %s\n", (*c)->name, (*c)->summary);
	printf("\nOptions:\n");
	args_print_help(oci_globals);
	return 0;
}

/* The first line, "spec:" and the line of +FEATURES are what engines look for. */
static int print_version(void)
{
	printf("mntns-oci version %s\nspec: %s\n+CAP +SECCOMP +EBPF +CGROUPFS +SYSTEMD\n",
	       MNTNS_VERSION, OCI_VERSION);
	return 0;
}

static int check_globals(const struct args *args, struct err *err)
{
	const char *manager = args->cgroup_manager;

	if (manager && strcmp(manager, "cgroupfs") && strcmp(manager, "systemd") &&
	    strcmp(manager, "disabled"))
		return err_say(err, EINVAL,
			       "--cgroup-manager: expected cgroupfs, systemd or disabled");
	if (args->systemd_cgroup && manager && strcmp(manager, "systemd"))
		return err_say(err, EINVAL,
			       "--systemd-cgroup and --cgroup-manager %s exclude "
			       "each other",
			       manager);
	return 0;
}

static int check_self(struct err *err)
{
	if (!self_is_exposed())
		return 0;
	return err_say(err, EPERM,
		       "a container could overwrite this program through /proc/PID/exe: neither an "
		       "overlay of its directory nor a read-only mount of its file could be made; "
		       "it has to be "
		       "on a file system that is mounted in this mount namespace");
}

static bool asks_help(const struct oci_command *command, char **words)
{
	for (words++; *words && strcmp(*words, "--"); words++)
		if (!strcmp(*words, "--help") || !strcmp(*words, "-h"))
			return true;
		else if (command->in_front && **words != '-')
			break;
	return false;
}

static int run(const struct oci_command *command, struct args *args, struct err *err)
{
	if (asks_help(command, args->words)) {
		printf("Usage: mntns-oci %s\n\n%s\n\n", command->usage, command->summary);
		args_print_help(command->args);
		return 0;
	}
	if (args_parse(command->args, args->n_words, args->words, command->in_front, args, err) < 0)
		return 1;
	if (args->n_words < command->min_words ||
	    (command->max_words >= 0 && args->n_words > command->max_words))
		return err_say(err, EINVAL, "usage: mntns-oci %s", command->usage), 1;
	return command->run(args, err);
}

/* As crun and runc have it: root of a user namespace is an ordinary user of the machine. */
static char *default_root(struct err *err)
{
	const char *xdg = getenv("XDG_RUNTIME_DIR");
	bool has_xdg = xdg && *xdg == '/', initial = true;

	if (has_xdg && userns_is_initial(&initial, err) < 0)
		return NULL;
	if (geteuid() == 0 && initial)
		return xstrdup("/run/mntns-oci");
	return has_xdg ? xasprintf("%s/mntns-oci", xdg) : xasprintf("/tmp/mntns-oci-%u", geteuid());
}

static int dispatch(int argc, char **argv, struct args *args, struct log *log, struct err *err)
{
	const struct oci_command *command;
	AUTO_FREE char *root = NULL;

	if (args_parse(oci_globals, argc, argv, true, args, err) < 0 ||
	    log_open(log, args->log, args->log_format, err) < 0)
		return 1;
	if (args->version)
		return print_version();
	if (args->help || !args->n_words)
		return print_help(), args->help ? 0 : 1;
	if (!args->root)
		args->root = root = default_root(err);
	if (!args->root)
		return 1;
	if (!strcmp(args->words[0], "checkpoint") || !strcmp(args->words[0], "restore"))
		return err_say(err, ENOTSUP, "%s is not supported: this runtime has no CRIU",
			       args->words[0]),
		       1;
	args->to = log;
	command = find(args->words[0]);
	if (!command)
		return err_say(err, EINVAL, "there is no command '%s'; --help lists them",
			       args->words[0]),
		       1;
	if (check_globals(args, err) < 0 || check_self(err) < 0)
		return 1;
	int status = run(command, args, err);
	return err->msg && status == 0 ? 1 : status;
}

/* Before the first of ours is opened. */
static unsigned count_given(void)
{
	unsigned n = 0;

	while (fcntl(STDERR_FILENO + 1 + (int)n, F_GETFD) >= 0)
		n++;
	return n;
}

int main(int argc, char **argv)
{
	AUTO(err) struct err err = {0};
	AUTO(log) struct log log = {.fd = -1};
	struct args args = {0};

	io_fix_standard_fds();
	/* Where it is ignored a child's end is told to nobody, and its PID is another's at once. */
	signal(SIGCHLD, SIG_DFL);
	args.given_fds = count_given();
	if (getauxval(AT_SECURE)) {
		fprintf(stderr, "mntns-oci: refuses to run setuid or with file capabilities\n");
		return 1;
	}
	/* All times are UTC, and no file is read to know that. */
	setenv("TZ", "UTC0", true);
	size_t seed;
	memcpy(&seed, (const void *)getauxval(AT_RANDOM), sizeof(seed));
	json_object_seed(1 | seed);
	/* In one piece, so that it is known why it could not be written. */
	setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
	int status = dispatch(argc, argv, &args, &log, &err);
	if (!err.msg && io_flush_stdout(&err) < 0)
		status = 1;
	if (err.msg)
		log_error(&log, &err);
	args_done(&args);
	ahead_done();
	return status;
}
