/* SPDX-License-Identifier: Apache-2.0 */
/* What box/journal*.c share. */
#ifndef BOX_JOURNAL_PARTS_H
#define BOX_JOURNAL_PARTS_H

#include "box/journal.h"

/* A record not yet complete has a name that no box can have. */
#define JOURNAL_DRAFT '.'

/* RUNTIME/boxes, to be closed by the caller. */
int journal_dir(bool create, struct err *err);
/*
 * Removes the record of a dead box and what it names. 0: it is gone; -EWOULDBLOCK: somebody
 * holds it; -EBUSY: something of the box will not die; -ESTALE: its cgroups are out of sight.
 */
int journal_bury(int dirfd, const char *id);

#endif
