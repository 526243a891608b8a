/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks of config.json that run in the caller's namespaces. */
#ifndef OCI_HOOKS_H
#define OCI_HOOKS_H

#include "oci/config.h"

/* All of one kind, in order; stops at the first that fails. `state`: JSON for their stdin. */
int hooks_run(const struct config *config, enum hook_kind kind, const char *state, struct err *err);
bool hooks_has(const struct config *config, enum hook_kind kind);

#endif
