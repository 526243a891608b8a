/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OCI_RECLAIM_H
#define OCI_RECLAIM_H

#include "oci/container.h"

/* True: a container of that name had been left half-made, and is no more. */
bool reclaim(const struct args *args, const char *id);

#endif
