// SPDX-License-Identifier: Apache-2.0
/* linux.seccomp -> a program for the kernel, by libseccomp. */
#include "base/io.h"
#include "base/mem.h"
#include "oci/config.h"

#include <errno.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

struct filter {
	scmp_filter_ctx ctx;
	uint32_t default_action;
	struct strv *warnings;
	struct strv unknown; /* system calls */
	bool asks;	     /* an action is notify */
};

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
	int rc = seccomp_arch_add(filter->ctx, arch);
	return rc < 0 && rc != -EEXIST ? place_refuse(p, err, "%s", strerror(-rc)) : 0;
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

static int add_rule(struct filter *filter, const struct place *p, const char *name, uint32_t action,
		    const struct args *args, struct err *err)
{
	int number = seccomp_syscall_resolve_name(name), rc = 0;

	/* Newer than the library, or of another machine: nothing can be said about it. */
	if (number == __NR_SCMP_ERROR)
		return strv_add(&filter->unknown, name), 0;
	if (!args->repeats)
		rc = seccomp_rule_add_array(filter->ctx, action, number, args->n, args->v);
	for (unsigned i = 0; args->repeats && rc >= 0 && i < args->n; i++)
		rc = seccomp_rule_add_array(filter->ctx, action, number, 1, &args->v[i]);
	return rc < 0 && rc != -EEXIST ? place_refuse(p, err, "%s: %s", name, strerror(-rc)) : 0;
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
		if (add_rule(filter, p, names.v[i], action, &args, err) < 0)
			return -EINVAL;
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

static int export(scmp_filter_ctx ctx, struct spec_process *process, struct err *err)
{
	AUTO_FD int fd = memfd_create("seccomp", MFD_CLOEXEC);
	int rc = fd < 0 ? -errno : seccomp_export_bpf(ctx, fd);
	off_t size = rc < 0 ? 0 : lseek(fd, 0, SEEK_END);

	if (rc < 0 || size <= 0)
		return err_set(err, rc < 0 ? -rc : EIO, "linux.seccomp: compile the filter");
	process->seccomp = xcalloc((size_t)size, 1);
	process->seccomp_len = (size_t)size / sizeof(struct sock_filter);
	if (process->seccomp_len > BPF_MAXINSNS)
		return err_say(err, E2BIG, "linux.seccomp: the filter has more than %d steps",
			       BPF_MAXINSNS);
	return pread(fd, process->seccomp, (size_t)size, 0) == size
		       ? 0
		       : err_set(err, EIO, "linux.seccomp: read the filter");
}

static int build(const struct place *p, struct filter *filter, struct spec_process *process,
		 struct err *err)
{
	/* The kernel's own default for what is of no architecture of the list stays: kill. */
	seccomp_attr_set(filter->ctx, SCMP_FLTATR_CTL_NNP, 0);
	seccomp_attr_set(filter->ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (place_each(p, "architectures", add_arch, filter, err) < 0 ||
	    place_each(p, "flags", add_flag, &process->seccomp_flags, err) < 0 ||
	    place_each(p, "syscalls", add_syscall, filter, err) < 0)
		return -EINVAL;
	return export(filter->ctx, process, err);
}

/* What the kernel wants together with a listener, or only then. */
static void set_listener_flags(const struct filter *filter, unsigned *flags)
{
	if (!filter->asks && *flags & SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV) {
		*flags &= ~(unsigned)SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
		strv_add(filter->warnings, "seccomp: SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV is "
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
	set_listener_flags(filter, &config->spec.process->seccomp_flags);
	return 0;
}

static void warn_unknown(struct filter *filter)
{
	AUTO(buf) struct buf names = {0};

	for (size_t i = 0; i < filter->unknown.n; i++)
		buf_addf(&names, " %s", filter->unknown.v[i]);
	if (names.len)
		strv_addf(filter->warnings, "seccomp: system calls that are unknown here:%s",
			  names.data);
	strv_done(&filter->unknown);
}

int config_seccomp(const struct place *lin, struct config *config, struct err *err)
{
	struct filter filter = {.warnings = &config->warnings};
	struct place p;

	if (place_object(lin, "seccomp", &p, err) < 0)
		return -EINVAL;
	if (!place_is_there(&p))
		return 0;
	if (read_action(&p, "defaultAction", "defaultErrnoRet", &filter.default_action, err) < 0)
		return -EINVAL;
	filter.asks = filter.default_action == SCMP_ACT_NOTIFY;
	filter.ctx = seccomp_init(filter.default_action);
	if (!filter.ctx)
		return err_set(err, ENOMEM, "linux.seccomp");
	int rc = build(&p, &filter, config->spec.process, err);
	warn_unknown(&filter);
	seccomp_release(filter.ctx);
	return rc < 0 ? rc : read_listener(&p, &filter, config, err);
}
