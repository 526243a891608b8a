/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of state*.c share. */
#ifndef OCI_STATE_PARTS_H
#define OCI_STATE_PARTS_H

#include "oci/state.h"

/* --- state_root.c --- */
/* A root that others may write to is refused. -ENOENT: there is none. */
int state_open_root(const char *root, bool create, int *ret, struct err *err);

/* --- state_record.c --- */
/* A damaged record says nothing, as one that is missing: the container can still be deleted. */
void state_read_record(struct state *state);

#endif
