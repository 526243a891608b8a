/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A filter of system calls as its rules, and the program that libseccomp(3) makes of them. That
 * takes longer than all the rest of a start, so programs are kept below the state directory, each
 * with the rules it was made of: one is used for the very same rules only.
 */
#ifndef OCI_FILTER_H
#define OCI_FILTER_H

#include "box/spec.h"

#include <seccomp.h>

struct filter_rule {
	uint32_t action;
	int number; /* of the system call, as libseccomp numbers it on this machine */
	unsigned n;
	struct scmp_arg_cmp args[6];
};

struct filter {
	uint32_t default_action;
	uint32_t *archs; /* besides this machine's own */
	size_t n_archs;
	struct filter_rule *rules;
	size_t n_rules;
	bool asks;	     /* an action is notify */
	struct strv unknown; /* system calls */
};

void filter_done(struct filter *filter);
/* kept: directory of the containers' states, or NULL. Into process->seccomp and ->seccomp_len. */
int filter_compile(const struct filter *filter, const char *kept, struct spec_process *process,
		   struct err *err);

#endif
