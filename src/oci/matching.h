/* SPDX-License-Identifier: Apache-2.0 */
/* One container by its id, or with --regex every one whose id an expression matches. */
#ifndef OCI_MATCHING_H
#define OCI_MATCHING_H

#include "oci/args.h"

#define ARG_REGEX(h) ARG_FLAG("regex", 'r', regex, h)

/* What is done to one; 0, or 1 with an error. */
typedef int matching_act(struct args *args, const char *id, struct err *err);

/*
 * Does it to all that args->words[0] names. With --regex a failure is told at once, with the id,
 * and the others follow. 1: something failed.
 */
int matching_each(struct args *args, matching_act *act, struct err *err);

#endif
