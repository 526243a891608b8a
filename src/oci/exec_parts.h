/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the command exec. */
#ifndef OCI_EXEC_PARTS_H
#define OCI_EXEC_PARTS_H

#include "oci/args.h"
#include "oci/cgroups.h"

/* --- exec_process.c --- */
int exec_read_spec(const struct args *args, const struct config *config, struct spec *spec,
		   struct strv *warnings, struct err *err);

/* --- exec_cgroups.c --- */
/* Those said by "CONTROLLER:PATH" or "PATH", below the container's, take the place of these. */
int exec_choose_cgroups(struct cgroups *cg, const struct strv *said, struct err *err);

#endif
