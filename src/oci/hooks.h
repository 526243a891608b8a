/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks of config.json. */
#ifndef OCI_HOOKS_H
#define OCI_HOOKS_H

#include "oci/config.h"

/*
 * All of one kind, in order; stops at the first that fails. `state`: JSON for their stdin; `root`:
 * descriptor of the root in which their paths are, -1: that of the caller.
 */
int hooks_run(const struct config *config, enum hook_kind kind, const char *state, int root,
	      struct err *err);
bool hooks_has(const struct config *config, enum hook_kind kind);

#endif
