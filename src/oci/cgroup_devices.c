// SPDX-License-Identifier: Apache-2.0
/* Which devices a container may use: files in v1, a BPF program in v2. */
#include "oci/cgroup_devices.h"

const struct device_rule device_rules_usual[DEVICE_RULES_USUAL] = {
	{true, 'c', -1, -1, "m"},    {true, 'b', -1, -1, "m"}, {true, 'c', 1, 3, "rwm"},
	{true, 'c', 1, 5, "rwm"},    {true, 'c', 1, 7, "rwm"}, {true, 'c', 1, 8, "rwm"},
	{true, 'c', 1, 9, "rwm"},    {true, 'c', 5, 0, "rwm"}, {true, 'c', 5, 2, "rwm"},
	{true, 'c', 136, -1, "rwm"},
};

bool device_rule_of_all(const struct device_rule *rule)
{
	return rule->type == 'a' && rule->major < 0 && rule->minor < 0;
}

int cgroup_devices_apply(const struct hierarchy *h, const struct resources *r, struct err *err)
{
	return (h->v2 ? cgroup_devices_v2 : cgroup_devices_v1)(h->dir, r, err);
}
