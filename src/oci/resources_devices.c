// SPDX-License-Identifier: Apache-2.0
/* linux.resources.devices: who may use what, in order. */
#include "base/mem.h"
#include "oci/resources_parts.h"

#include <errno.h>
#include <string.h>

static int read_rule(const struct place *p, void *arg, struct err *err)
{
	struct resources *r = arg;
	struct device_rule rule = {.type = 'a', .major = -1, .minor = -1};
	AUTO_FREE char *type = NULL;
	AUTO_FREE char *access = NULL;
	struct place at = place_in(p, "type"), how = place_in(p, "access");

	if (place_is_object(p, err) < 0 || place_need(p, "allow", err) < 0 ||
	    place_bool(p, "allow", &rule.allow, err) < 0 || place_str(p, "type", &type, err) < 0 ||
	    place_str(p, "access", &access, err) < 0 ||
	    place_int(p, "major", -1, 4095, &rule.major, err) < 0 ||
	    place_int(p, "minor", -1, 1048575, &rule.minor, err) < 0)
		return -EINVAL;
	if (type && *type && (strlen(type) != 1 || !strchr("abc", *type)))
		return place_refuse(&at, err, "expected a, b or c, not '%s'", type);
	if (access && (strlen(access) > 3 || strspn(access, "rwm") != strlen(access)))
		return place_refuse(&how, err, "expected some of r, w and m, not '%s'", access);
	rule.type = type && *type ? *type : 'a';
	strcpy(rule.access, access && *access ? access : "rwm");
	VEC_PUSH(r->rules, r->n_rules, rule);
	return 0;
}

int resources_devices(const struct place *resources, struct resources *r, struct err *err)
{
	return place_each(resources, "devices", read_rule, r, err);
}
