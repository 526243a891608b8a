// SPDX-License-Identifier: Apache-2.0
/* The values that options of run take, checked; each error says what would be right. */
#include "cli/run_values.h"
#include "base/mem.h"
#include "op/op.h"

#include <errno.h>
#include <string.h>

#define CPU_PERIOD_US 100000
#define CPU_LEAST_US  1000    /* the kernel's */
#define PIDS_MOST     4194304 /* PID_MAX_LIMIT */

int run_parse_propagation(const char *value, uint64_t *ret, struct err *err)
{
	const char *word = *value == 'r' ? value + 1 : value;
	uint64_t type = mnt_propagation_parse(word);

	/* Nothing of a root that is unbindable could be bound, not even by the box itself. */
	if ((!type && strcmp(value, "unchanged") != 0) || !strcmp(word, "unbindable"))
		return err_say(err, EINVAL, "expected private, slave, shared or unchanged");
	*ret = type;
	return 0;
}

int run_parse_namespaces(const char *value, uint64_t *ret, struct err *err)
{
	AUTO(strv) struct strv names = {0};
	uint64_t set = 0;

	strv_split(&names, value, ',');
	if (!names.n)
		return err_say(err, EINVAL, "the argument is empty");
	for (size_t i = 0; i < names.n; i++) {
		uint64_t flag = op_namespace_parse(names.v[i]);
		if (!strcmp(names.v[i], "mnt"))
			return err_say(err, EINVAL, "the mount namespace is always new");
		if (!flag)
			return err_say(err, EINVAL,
				       "'%s': expected pid, net, ipc, uts, cgroup, user or time",
				       names.v[i]);
		set |= flag;
	}
	*ret = set;
	return 0;
}

int run_parse_memory(const char *value, uint64_t *ret, struct err *err)
{
	uint64_t bytes;

	if (str_to_size(value, &bytes, err) < 0)
		return -EINVAL;
	if (!bytes)
		return err_say(err, EINVAL, "nothing runs with no memory at all");
	*ret = bytes;
	return 0;
}

static bool is_digits(const char *s)
{
	return strspn(s, "0123456789") == strlen(s);
}

int run_parse_cpus(const char *value, uint64_t *ret, struct err *err)
{
	const char *point = strchrnul(value, '.'), *digit = *point ? point + 1 : point;
	AUTO_FREE char *whole = xstrndup(value, (size_t)(point - value));
	uint64_t cpus = 0, us;

	if ((!*whole && !*digit) || !is_digits(whole) || !is_digits(digit) ||
	    (*whole && str_to_u64(whole, 1 << 20, &cpus, NULL) < 0))
		return err_say(err, EINVAL, "expected a number of processors like 2 or 0.5");
	us = cpus * CPU_PERIOD_US;
	for (uint64_t scale = CPU_PERIOD_US / 10; *digit && scale; digit++, scale /= 10)
		us += (uint64_t)(*digit - '0') * scale;
	if (us < CPU_LEAST_US)
		return err_say(err, EINVAL, "the kernel's least is 0.01");
	*ret = us;
	return 0;
}

int run_parse_pids(const char *value, uint64_t *ret, struct err *err)
{
	uint64_t pids;

	if (str_to_u64(value, PIDS_MOST, &pids, err) < 0)
		return -EINVAL;
	if (!pids)
		return err_say(err, EINVAL, "nothing runs without a process");
	*ret = pids;
	return 0;
}

int run_check_user(const char *value, struct err *err)
{
	size_t user = strcspn(value, ":");
	const char *group = value[user] ? value + user + 1 : "0";

	if (!user || strchr("+-", *value) || !*group || strchr(group, ':') ||
	    strpbrk(value, " \t\n,"))
		return err_say(err, EINVAL, "expected UID[:GID] or NAME[:GROUP]");
	return 0;
}

int run_set_variable(struct strv *env, const char *value, struct err *err)
{
	size_t name = strcspn(value, "=");
	const char *callers = value[name] ? NULL : getenv(value);
	char *text;

	if (!name)
		return err_say(err, EINVAL, "expected NAME=VALUE, or NAME to copy the caller's");
	if (!value[name] && !callers)
		return 0;
	text = callers ? xasprintf("%s=%s", value, callers) : xstrdup(value);
	for (size_t i = 0; i < env->n; i++) {
		if (strncmp(env->v[i], text, name + 1) != 0)
			continue;
		free(env->v[i]);
		env->v[i] = text;
		return 0;
	}
	strv_add(env, text);
	free(text);
	return 0;
}
