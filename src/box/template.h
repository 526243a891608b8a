/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The template: a mount namespace that holds one empty read-only root, pinned once per boot at
 * RUNTIME/template. A start that enters it before it unshares copies that one mount instead of
 * the host's table (docs/architecture.md, "Starting").
 */
#ifndef BOX_TEMPLATE_H
#define BOX_TEMPLATE_H

#include "base/err.h"

/*
 * Path of the pinned template, made if it is missing. NULL where there can be none (no privilege,
 * the kernel refuses the pin): the classic way is taken then, which takes longer and is no error.
 */
char *template_get(void);
/* Removes the pin. 1: there was one. */
int template_unpin(struct err *err);

#endif
