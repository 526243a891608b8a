// SPDX-License-Identifier: Apache-2.0
/* linux.seccomp -> rules. */
#include "base/mem.h"
#include "oci/config.h"
#include "oci/filter.h"

#include <errno.h>
#include <seccomp.h>
#include <string.h>
#include <linux/seccomp.h>

static const struct {
	const char *name;
	uint32_t action;
	bool takes_errno;
} actions[] = {
	{"SCMP_ACT_KILL", SCMP_ACT_KILL_THREAD, false},
	{"SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD, false},
	{"SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS, false},
	{"SCMP_ACT_TRAP", SCMP_ACT_TRAP, false},
	{"SCMP_ACT_ERRNO", SCMP_ACT_ERRNO(0), true},
	{"SCMP_ACT_TRACE", SCMP_ACT_TRACE(0), true},
	{"SCMP_ACT_ALLOW", SCMP_ACT_ALLOW, false},
	{"SCMP_ACT_LOG", SCMP_ACT_LOG, false},
	{"SCMP_ACT_NOTIFY", SCMP_ACT_NOTIFY, false},
};

static int read_action(const struct place *up, const char *key, const char *errno_key,
		       uint32_t *ret, struct err *err)
{
	struct place p = place_in(up, key), code = place_in(up, errno_key);
	const char *name = place_text(&p, err);
	uint32_t number = EPERM;

	if (!name || place_u32(up, errno_key, &number, err) < 0)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++) {
		if (strcmp(actions[i].name, name))
			continue;
		if (place_is_there(&code) && !actions[i].takes_errno)
			return place_refuse(&code, err, "%s takes none", name);
		if (number > 4095)
			return place_refuse(&code, err, "expected a number up to 4095");
		*ret = actions[i].action | (actions[i].takes_errno ? number : 0);
		return 0;
	}
	return place_refuse(&p, err, "'%s' is no action of seccomp", name);
}

static int add_arch(const struct place *p, void *arg, struct err *err)
{
	struct filter *filter = arg;
	const char *name = place_text(p, err);
	char lower[32] = "";

	if (!name)
		return -EINVAL;
	const char *rest = str_starts(name, "SCMP_ARCH_") ? name + strlen("SCMP_ARCH_") : name;
	for (size_t i = 0; rest[i] && i < sizeof(lower) - 1; i++)
		lower[i] = (char)(rest[i] | (rest[i] >= 'A' && rest[i] <= 'Z' ? 0x20 : 0));
	uint32_t arch = seccomp_arch_resolve_name(lower);
	if (!arch)
		return place_refuse(p, err, "'%s' is no architecture of libseccomp", name);
	VEC_PUSH(filter->archs, filter->n_archs, arch);
	return 0;
}

static int read_u64(const struct place *up, const char *key, uint64_t *ret, struct err *err)
{
	struct place p = place_in(up, key);

	if (json_is_real(p.v) && json_real_value(p.v) >= 9.2e18)
		return place_refuse(
			&p, err,
			"expected an integer up to 2^63-1: more is not supported by this runtime");
	int64_t value = 0;
	int rc = place_int(up, key, 0, INT64_MAX, &value, err);
	*ret = (uint64_t)value;
	return rc;
}

struct args {
	struct scmp_arg_cmp v[6];
	unsigned n;
	bool repeats; /* an argument is named twice: then each is a rule of its own */
};

static int read_arg(const struct place *p, void *arg, struct err *err)
{
	static const struct {
		const char *name;
		enum scmp_compare op;
	} ops[] = {
		{"SCMP_CMP_NE", SCMP_CMP_NE},
		{"SCMP_CMP_LT", SCMP_CMP_LT},
		{"SCMP_CMP_LE", SCMP_CMP_LE},
		{"SCMP_CMP_EQ", SCMP_CMP_EQ},
		{"SCMP_CMP_GE", SCMP_CMP_GE},
		{"SCMP_CMP_GT", SCMP_CMP_GT},
		{"SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ},
	};
	struct args *args = arg;
	struct place op = place_in(p, "op");
	const char *name = place_is_object(p, err) < 0 ? NULL : place_text(&op, err);
	int64_t index = 0;
	size_t i = 0;

	if (!name || place_need(p, "index", err) < 0 || place_need(p, "value", err) < 0 ||
	    place_int(p, "index", 0, 5, &index, err) < 0)
		return -EINVAL;
	while (i < ARRAY_SIZE(ops) && strcmp(ops[i].name, name))
		i++;
	if (i == ARRAY_SIZE(ops))
		return place_refuse(&op, err, "'%s' is no comparison of seccomp", name);
	if (args->n == ARRAY_SIZE(args->v))
		return place_refuse(p, err, "a system call has at most six arguments");
	for (unsigned k = 0; k < args->n; k++)
		args->repeats |= args->v[k].arg == (unsigned)index;
	struct scmp_arg_cmp *cmp = &args->v[args->n++];
	*cmp = (struct scmp_arg_cmp){.arg = (unsigned)index, .op = ops[i].op};
	if (read_u64(p, "value", &cmp->datum_a, err) < 0 ||
	    read_u64(p, "valueTwo", &cmp->datum_b, err) < 0)
		return -EINVAL;
	return 0;
}

static void add_rule(struct filter *filter, const char *name, uint32_t action,
		     const struct args *args)
{
	struct filter_rule rule = {.action = action,
				   .number = seccomp_syscall_resolve_name(name),
				   .n = args->repeats ? 1 : args->n};

	/* Newer than the library, or of another machine: nothing can be said about it. */
	if (rule.number == __NR_SCMP_ERROR) {
		strv_add(&filter->unknown, name);
		return;
	}
	for (unsigned i = 0; i < (args->repeats ? args->n : 1); i++) {
		memcpy(rule.args, &args->v[i], rule.n * sizeof(*rule.args));
		VEC_PUSH(filter->rules, filter->n_rules, rule);
	}
}

static int add_syscall(const struct place *p, void *arg, struct err *err)
{
	struct filter *filter = arg;
	AUTO(strv) struct strv names = {0};
	struct place at = place_in(p, "names");
	struct args args = {0};
	uint32_t action;

	if (place_is_object(p, err) < 0 || place_need(p, "names", err) < 0 ||
	    place_strv(p, "names", &names, err) < 0 ||
	    read_action(p, "action", "errnoRet", &action, err) < 0 ||
	    place_each(p, "args", read_arg, &args, err) < 0)
		return -EINVAL;
	if (!names.n)
		return place_refuse(&at, err, "expected the name of a system call");
	filter->asks |= action == SCMP_ACT_NOTIFY;
	if (action == filter->default_action)
		return 0;
	for (size_t i = 0; i < names.n; i++)
		add_rule(filter, names.v[i], action, &args);
	return 0;
}

static int add_flag(const struct place *p, void *arg, struct err *err)
{
	static const struct {
		const char *name;
		unsigned flag;
	} flags[] = {
		{"SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG},
		{"SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW},
		{"SECCOMP_FILTER_FLAG_TSYNC", SECCOMP_FILTER_FLAG_TSYNC},
		{"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV},
	};
	const char *name = place_text(p, err);

	if (!name)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (!strcmp(flags[i].name, name)) {
			*(unsigned *)arg |= flags[i].flag;
			return 0;
		}
	return place_refuse(p, err, "'%s' is no flag of seccomp this runtime supports", name);
}

/* What the kernel wants together with a listener, or only then. */
static void set_listener_flags(const struct filter *filter, struct config *config)
{
	unsigned *flags = &config->spec.process->seccomp_flags;

	if (!filter->asks && *flags & SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV) {
		*flags &= ~(unsigned)SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
		strv_add(&config->warnings, "seccomp: SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV is "
					    "left out, as no action is SCMP_ACT_NOTIFY");
	}
	if (!filter->asks)
		return;
	if (*flags & SECCOMP_FILTER_FLAG_TSYNC)
		*flags |= SECCOMP_FILTER_FLAG_TSYNC_ESRCH;
	*flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
}

static int read_listener(const struct place *p, const struct filter *filter, struct config *config,
			 struct err *err)
{
	struct place path = place_in(p, "listenerPath"), data = place_in(p, "listenerMetadata");

	if (place_str(p, "listenerPath", &config->listener_path, err) < 0 ||
	    place_str(p, "listenerMetadata", &config->listener_metadata, err) < 0)
		return -EINVAL;
	bool there = config->listener_path && *config->listener_path;
	if (filter->asks && !there)
		return place_refuse(&path, err,
				    "is missing: somebody must answer for SCMP_ACT_NOTIFY");
	if (config->listener_metadata && *config->listener_metadata && !there)
		return place_refuse(&data, err, "needs a listenerPath");
	if (there && *config->listener_path != '/')
		return place_refuse(&path, err, "expected an absolute path, not '%s'",
				    config->listener_path);
	set_listener_flags(filter, config);
	return 0;
}

static void warn_unknown(const struct filter *filter, struct strv *warnings)
{
	AUTO(buf) struct buf names = {0};

	for (size_t i = 0; i < filter->unknown.n; i++)
		buf_addf(&names, " %s", filter->unknown.v[i]);
	if (names.len)
		strv_addf(warnings, "seccomp: system calls that are unknown here:%s", names.data);
}

static int read_filter(const struct place *p, struct filter *ret, struct config *config,
		       struct err *err)
{
	if (read_action(p, "defaultAction", "defaultErrnoRet", &ret->default_action, err) < 0)
		return -EINVAL;
	ret->asks = ret->default_action == SCMP_ACT_NOTIFY;
	if (place_each(p, "architectures", add_arch, ret, err) < 0 ||
	    place_each(p, "flags", add_flag, &config->spec.process->seccomp_flags, err) < 0 ||
	    place_each(p, "syscalls", add_syscall, ret, err) < 0 ||
	    read_listener(p, ret, config, err) < 0)
		return -EINVAL;
	warn_unknown(ret, &config->warnings);
	return 0;
}

int config_seccomp(const struct place *lin, struct config *config, struct err *err)
{
	struct filter filter = {0};
	struct place p;

	if (place_object(lin, "seccomp", &p, err) < 0)
		return -EINVAL;
	if (!place_is_there(&p))
		return 0;
	int rc = read_filter(&p, &filter, config, err);
	if (rc == 0)
		rc = filter_compile(&filter, config->kept, config->spec.process, err);
	filter_done(&filter);
	return rc;
}
