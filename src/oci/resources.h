/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linux.resources as what is to be written into cgroup files: pure, the same for start and update.
 */
#ifndef OCI_RESOURCES_H
#define OCI_RESOURCES_H

#include "oci/place.h"

struct cgroup_write {
	char *controller; /* "memory"; "" for unified's files, which name theirs */
	char *file[2];	  /* in v1, in v2; NULL: that version has no such file */
	char *value[2];
	bool usual; /* where there is no such file nothing is lost */
	char *said; /* "linux.resources.memory.limit" */
};

struct device_rule {
	bool allow;
	char type;	      /* a, b, c */
	int64_t major, minor; /* -1: all */
	char access[4];	      /* of r w m */
};

struct resources {
	struct cgroup_write *writes;
	size_t n_writes;
	struct device_rule *rules;
	size_t n_rules;
};

int resources_parse(const struct place *resources, struct resources *ret, struct err *err);
void resources_done(struct resources *r);

#endif
