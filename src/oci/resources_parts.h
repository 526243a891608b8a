/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of resources*.c share: how a write is added, and the parts, each of one file. */
#ifndef OCI_RESOURCES_PARTS_H
#define OCI_RESOURCES_PARTS_H

#include "oci/resources.h"

/* One more write; takes over `value`, which both versions get. `said`: "memory.limit". */
struct cgroup_write *resources_add(struct resources *r, const char *controller, const char *v1,
				   const char *v2, char *value, const char *said, ...) FORMAT(6, 7);
/* v2 gets this value, which is taken over. */
void resources_in_v2(struct cgroup_write *w, char *value);
/* In decimal, to be freed. */
char *resources_number(int64_t number);

int resources_scales(const struct place *resources, struct resources *r, struct err *err);
int resources_block(const struct place *resources, struct resources *r, struct err *err);
int resources_lists(const struct place *resources, struct resources *r, struct err *err);
int resources_devices(const struct place *resources, struct resources *r, struct err *err);

#endif
