/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of mntns-oci: a row and a file each. */
#ifndef OCI_CMDS_H
#define OCI_CMDS_H

#include "oci/args.h"

struct oci_command {
	const char *name, *usage, *summary;
	const struct arg *args;
	bool in_front;		  /* what follows the first word is not ours */
	int min_words, max_words; /* -1: any number */
	/* The exit status; with err set it is 1, or what the program's would be. */
	int (*run)(struct args *args, struct err *err);
};

extern const struct oci_command oci_create, oci_run, oci_start, oci_state, oci_kill, oci_delete,
	oci_list, oci_exec, oci_ps, oci_pause, oci_resume, oci_update, oci_events, oci_spec,
	oci_features, oci_completion;

/* All of them, NULL at the end; and the options in front of them. */
extern const struct oci_command *const oci_commands[];
extern const struct arg oci_globals[];

#endif
