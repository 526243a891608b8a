/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of container*.c share. */
#ifndef OCI_CONTAINER_PARTS_H
#define OCI_CONTAINER_PARTS_H

#include "oci/container.h"

/* --- container_cgroups.c --- */
/* Makes and writes down those that the configuration and the arguments want. */
int container_make_cgroups(struct container *c, const struct args *args, struct err *err);
/* Without a record: where it was asked for, or where it is by default. */
void container_guess_cgroups(struct container *c);
/* By this its unit is told from that of another container of that id, whose record is elsewhere. */
char *container_unit_owner(const struct state *state);

#endif
