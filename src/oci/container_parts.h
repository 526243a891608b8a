/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of container*.c share. */
#ifndef OCI_CONTAINER_PARTS_H
#define OCI_CONTAINER_PARTS_H

#include "oci/container.h"

/* --- container_cgroups.c --- */
/* Makes and writes down those that the configuration and the arguments want. */
int container_make_cgroups(struct container *c, const struct args *args, struct err *err);
/*
 * Without a record: where it was asked for, or where it is by default. Where nothing is known of
 * the machine's cgroups it may be in some, and must not be forgotten.
 */
int container_guess_cgroups(struct container *c, struct err *err);
/* By this its unit is told from that of another container of that id, whose record is elsewhere. */
char *container_unit_owner(const struct state *state);

#endif
