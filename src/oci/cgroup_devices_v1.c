// SPDX-License-Identifier: Apache-2.0
/* Device rules for v1: each a line in devices.allow or devices.deny. */
#include "base/mem.h"
#include "oci/cgroup_devices.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void add_number(struct buf *out, int64_t number)
{
	if (number < 0)
		buf_addc(out, '*');
	else
		buf_addf(out, "%lld", (long long)number);
}

/* devices.deny and devices.allow, opened once they are needed; a rule is a write of its own. */
struct v1 {
	const char *dir;
	int fds[2];
};

static int open_v1(struct v1 *v1, bool allow, struct err *err)
{
	AUTO_FREE char *path = xasprintf("%s/devices.%s", v1->dir, allow ? "allow" : "deny");

	if (v1->fds[allow] < 0)
		v1->fds[allow] = open(path, O_WRONLY | O_CLOEXEC);
	return v1->fds[allow] < 0 ? err_set(err, errno, "open %s", path) : 0;
}

static int write_v1(struct v1 *v1, const struct device_rule *rule, struct err *err)
{
	AUTO(buf) struct buf text = {0};

	buf_addc(&text, rule->type);
	if (rule->type != 'a') {
		buf_addc(&text, ' ');
		add_number(&text, rule->major);
		buf_addc(&text, ':');
		add_number(&text, rule->minor);
		buf_addf(&text, " %s", rule->access);
	}
	if (open_v1(v1, rule->allow, err) < 0)
		return err_add(err, "linux.resources.devices");
	if (write(v1->fds[rule->allow], text.data, text.len) < 0)
		return err_set(err, errno, "linux.resources.devices: write '%s' in %s", text.data,
			       v1->dir);
	return 0;
}

/* "a" is all in v1: a rule for both kinds with numbers is two. */
static int write_rule(struct v1 *v1, const struct device_rule *rule, struct err *err)
{
	struct device_rule each = *rule;

	if (rule->type != 'a' || (device_rule_of_all(rule) && strlen(rule->access) == 3))
		return write_v1(v1, rule, err);
	each.type = 'b';
	if (write_v1(v1, &each, err) < 0)
		return -err->code;
	each.type = 'c';
	return write_v1(v1, &each, err);
}

static bool covers(const struct device_rule *wide, const struct device_rule *rule)
{
	return (wide->type == 'a' || wide->type == rule->type) &&
	       (wide->major < 0 || wide->major == rule->major) &&
	       (wide->minor < 0 || wide->minor == rule->minor) &&
	       strpbrk(wide->access, rule->access);
}

/*
 * v1 keeps a list of exceptions, and takes from it only what has the very same numbers: so a wider
 * rule is written for each of them too, and a narrower denial would silently deny nothing.
 */
static int write_in_list(struct v1 *v1, const struct resources *r, size_t at, struct err *err)
{
	const struct device_rule *rule = &r->rules[at];
	size_t first = at;

	while (first > 0 && !device_rule_of_all(&r->rules[first - 1]))
		first--;
	bool denied = first > 0 && !r->rules[first - 1].allow;
	for (size_t i = first; i < at && !device_rule_of_all(rule); i++) {
		struct device_rule same = r->rules[i];
		if (same.allow == rule->allow)
			continue;
		if (denied && !rule->allow && covers(&same, rule) && !covers(rule, &same))
			return err_say(err, ENOTSUP,
				       "linux.resources.devices[%zu]: cgroup v1 cannot deny a part "
				       "of what devices[%zu] allows",
				       at, i);
		if (!covers(rule, &same))
			continue;
		same.allow = rule->allow;
		strcpy(same.access, rule->access);
		if (write_rule(v1, &same, err) < 0)
			return -err->code;
	}
	return write_rule(v1, rule, err);
}

int cgroup_devices_v1(const char *dir, const struct resources *r, struct err *err)
{
	struct v1 v1 = {dir, {-1, -1}};
	int rc = 0;

	for (size_t i = 0; i < r->n_rules && rc == 0; i++)
		rc = write_in_list(&v1, r, i, err);
	for (size_t i = 0; i < DEVICE_RULES_USUAL && rc == 0; i++)
		rc = write_rule(&v1, &device_rules_usual[i], err);
	auto_close(&v1.fds[0]);
	auto_close(&v1.fds[1]);
	return rc;
}
