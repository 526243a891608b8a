/* SPDX-License-Identifier: Apache-2.0 */
/* Which devices a container may use; the parts of cgroup_devices*.c. */
#ifndef OCI_CGROUP_DEVICES_H
#define OCI_CGROUP_DEVICES_H

#include "oci/cgroups.h"

int cgroup_devices_apply(const struct hierarchy *h, const struct resources *resources,
			 struct err *err);

/* What every container has, whatever the rules say: behind them. */
#define DEVICE_RULES_USUAL 10
extern const struct device_rule device_rules_usual[DEVICE_RULES_USUAL];
/* It is about every device. */
bool device_rule_of_all(const struct device_rule *rule);

/* The rules and the usual ones, for the cgroup `dir`. */
int cgroup_devices_v1(const char *dir, const struct resources *resources, struct err *err);
int cgroup_devices_v2(const char *dir, const struct resources *resources, struct err *err);

#endif
