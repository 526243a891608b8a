/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of mntns-oci, as engines and the users of crun and runc write it. */
#ifndef OCI_ARGS_H
#define OCI_ARGS_H

#include "base/str.h"

struct log;

struct args {
	const struct log *to; /* where warnings go */
	/* global */
	const char *root, *log, *log_format, *cgroup_manager, *rootless;
	bool debug, systemd_cgroup, help, version;
	/* of commands; what one does not take it refuses */
	const char *bundle, *file, *config, *pid_file, *console_socket, *format, *process, *cwd,
		*user;
	const char *resources, *preserve_fds, *apparmor, *label, *interval;
	bool force, all, detach, tty, no_new_privs, no_pivot, no_new_keyring, keep, quiet, stats;
	bool no_subreaper, rootless_spec, ignore_paused, regex;
	struct strv env, caps, groups, cgroups;
	const char *limits[16]; /* of update: its table has the names */
	unsigned given_fds; /* from 3 on, without a gap; what comes after is the runtime's own */
	/* words behind the options */
	char **words;
	int n_words;
};

struct arg {
	const char *name; /* NULL ends the table */
	char letter;
	char kind; /* s: text, f: flag, l: list */
	size_t field;
	const char *help;
};

#define ARG_TEXT(n, l, f, h)                                                                       \
	{                                                                                          \
		n, l, 's', offsetof(struct args, f), h                                             \
	}
#define ARG_FLAG(n, l, f, h)                                                                       \
	{                                                                                          \
		n, l, 'f', offsetof(struct args, f), h                                             \
	}
#define ARG_LIST(n, l, f, h)                                                                       \
	{                                                                                          \
		n, l, 'l', offsetof(struct args, f), h                                             \
	}

/*
 * Reads options into `args`, from argv[1] on. in_front: the first word that is none ends them;
 * otherwise they may stand anywhere before "--". What remains is args->words.
 */
int args_parse(const struct arg *rows, int argc, char **argv, bool in_front, struct args *args,
	       struct err *err);
/* --preserve-fds, 0: unsaid; so many were given, or the container would have descriptors of ours.
 */
int args_preserve_fds(const struct args *args, unsigned *ret, struct err *err);
void args_print_help(const struct arg *rows);
void args_done(struct args *args);

#endif
