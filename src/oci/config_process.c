// SPDX-License-Identifier: Apache-2.0
/* "process": of config.json, and of the file that exec --process names. */
#include "base/mem.h"
#include "box/identity.h"
#include "oci/config.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

static const struct {
	const char *name;
	int resource;
} limits[] = {
	{"RLIMIT_AS", RLIMIT_AS},
	{"RLIMIT_CORE", RLIMIT_CORE},
	{"RLIMIT_CPU", RLIMIT_CPU},
	{"RLIMIT_DATA", RLIMIT_DATA},
	{"RLIMIT_FSIZE", RLIMIT_FSIZE},
	{"RLIMIT_LOCKS", RLIMIT_LOCKS},
	{"RLIMIT_MEMLOCK", RLIMIT_MEMLOCK},
	{"RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE},
	{"RLIMIT_NICE", RLIMIT_NICE},
	{"RLIMIT_NOFILE", RLIMIT_NOFILE},
	{"RLIMIT_NPROC", RLIMIT_NPROC},
	{"RLIMIT_RSS", RLIMIT_RSS},
	{"RLIMIT_RTPRIO", RLIMIT_RTPRIO},
	{"RLIMIT_RTTIME", RLIMIT_RTTIME},
	{"RLIMIT_SIGPENDING", RLIMIT_SIGPENDING},
	{"RLIMIT_STACK", RLIMIT_STACK},
};

/* Engines write "unlimited" as 2^64-1, which JSON libraries of 63 bits give as a real number. */
static int read_amount(const struct place *up, const char *key, uint64_t *ret, struct err *err)
{
	struct place p = place_in(up, key);

	if (json_is_real(p.v) && json_real_value(p.v) >= 9.2e18 &&
	    json_real_value(p.v) <= 18446744073709551616.0) {
		*ret = RLIM64_INFINITY;
		return 0;
	}
	if (!json_is_integer(p.v) || json_integer_value(p.v) < 0)
		return place_refuse(&p, err, "expected an integer from 0 to 2^64-1");
	*ret = (uint64_t)json_integer_value(p.v);
	return 0;
}

static int read_rlimit(const struct place *p, void *arg, struct err *err)
{
	struct spec_process *process = arg;
	struct spec_rlimit limit = {0};
	struct place type = place_in(p, "type");
	const char *name = place_is_object(p, err) < 0 ? NULL : place_text(&type, err);
	size_t i = 0;

	if (!name)
		return -EINVAL;
	while (i < ARRAY_SIZE(limits) && strcmp(limits[i].name, name))
		i++;
	if (i == ARRAY_SIZE(limits))
		return place_refuse(&type, err, "'%s' is no resource limit of Linux", name);
	limit.resource = limits[i].resource;
	for (i = 0; i < process->n_rlimits; i++)
		if (process->rlimits[i].resource == limit.resource)
			return place_refuse(&type, err, "%s is there twice", name);
	if (read_amount(p, "soft", &limit.soft, err) < 0 ||
	    read_amount(p, "hard", &limit.hard, err) < 0)
		return -err->code;
	if (limit.soft > limit.hard)
		return place_refuse(p, err, "the soft limit is above the hard one");
	VEC_PUSH(process->rlimits, process->n_rlimits, limit);
	return 0;
}

struct caps {
	uint64_t *set;
	struct strv *warnings;
};

static int read_cap(const struct place *p, void *arg, struct err *err)
{
	struct caps *caps = arg;
	const char *name = place_text(p, err);

	if (!name)
		return -EINVAL;
	uint64_t bits = strcasecmp(name, "all") ? identity_cap_bits(name) : 0;
	if (!bits)
		strv_addf(caps->warnings, "capability '%s' is unknown here and not given", name);
	*caps->set |= bits;
	return 0;
}

static int read_caps(const struct place *process, struct spec_process *ret, struct strv *warnings,
		     struct err *err)
{
	static const char *const keys[SPEC_CAPS_MAX] = {
		[SPEC_CAPS_BOUNDING] = "bounding",	 [SPEC_CAPS_EFFECTIVE] = "effective",
		[SPEC_CAPS_INHERITABLE] = "inheritable", [SPEC_CAPS_PERMITTED] = "permitted",
		[SPEC_CAPS_AMBIENT] = "ambient",
	};
	struct place sets;

	if (place_object(process, "capabilities", &sets, err) < 0)
		return -err->code;
	for (size_t i = 0; i < SPEC_CAPS_MAX; i++) {
		struct caps caps = {&ret->caps[i], warnings};
		if (place_each(&sets, keys[i], read_cap, &caps, err) < 0)
			return -err->code;
	}
	return 0;
}

static int read_gid(const struct place *p, void *arg, struct err *err)
{
	struct spec_process *process = arg;
	json_int_t gid = json_integer_value(p->v);

	if (!json_is_integer(p->v) || gid < 0 || gid > UINT32_MAX - 1)
		return place_refuse(p, err, "expected a group id");
	VEC_PUSH(process->groups, process->n_groups, (gid_t)gid);
	return 0;
}

static int read_user(const struct place *process, struct spec_process *ret, struct spec *spec,
		     struct err *err)
{
	int64_t mask = 022, uid = 0, gid = 0, most = UINT32_MAX - 1;
	struct place user;

	if (place_object(process, "user", &user, err) < 0 ||
	    place_int(&user, "uid", 0, most, &uid, err) < 0 ||
	    place_int(&user, "gid", 0, most, &gid, err) < 0 ||
	    place_int(&user, "umask", 0, 0777, &mask, err) < 0 ||
	    place_each(&user, "additionalGids", read_gid, ret, err) < 0)
		return -err->code;
	/* 2^32-1 is no id: setresuid(2) would leave what the process has. */
	ret->uid = (uid_t)uid;
	ret->gid = (gid_t)gid;
	ret->umask = (mode_t)mask;
	spec->user = xasprintf("%u:%u", ret->uid, ret->gid);
	return 0;
}

static int read_console_size(const struct place *process, struct spec_process *ret, struct err *err)
{
	int64_t height = 0, width = 0;
	struct place size;

	if (place_object(process, "consoleSize", &size, err) < 0)
		return -err->code;
	if (!place_is_there(&size))
		return 0;
	if (place_need(&size, "height", err) < 0 || place_need(&size, "width", err) < 0 ||
	    place_int(&size, "height", 0, UINT16_MAX, &height, err) < 0 ||
	    place_int(&size, "width", 0, UINT16_MAX, &width, err) < 0)
		return -err->code;
	ret->rows = (unsigned short)height;
	ret->columns = (unsigned short)width;
	return 0;
}

static int read_oom(const struct place *process, struct spec_process *ret, struct err *err)
{
	struct place p = place_in(process, "oomScoreAdj");
	int64_t value = 0;

	if (place_int(process, "oomScoreAdj", -1000, 1000, &value, err) < 0)
		return -err->code;
	ret->has_oom_score_adj = place_is_there(&p);
	ret->oom_score_adj = (int)value;
	return 0;
}

/* An empty label is none. */
static int read_label(const struct place *process, const char *key, char **ret, struct err *err)
{
	struct place p = place_in(process, key);

	if (place_str(process, key, ret, err) < 0)
		return -err->code;
	if (*ret && strchr(*ret, '\n'))
		return place_refuse(&p, err, "expected one line");
	if (*ret && !**ret) {
		free(*ret);
		*ret = NULL;
	}
	return 0;
}

static int read_env(const struct place *p, void *arg, struct err *err)
{
	const char *text = place_text(p, err);

	if (!text)
		return -EINVAL;
	if (!strchr(text, '=') || *text == '=')
		return place_refuse(p, err, "expected NAME=VALUE, not '%s'", text);
	strv_add(arg, text);
	return 0;
}

int config_process(const struct place *process, struct spec *spec, struct strv *warnings,
		   struct err *err)
{
	struct place cwd = place_in(process, "cwd"), args = place_in(process, "args");
	struct spec_process *ret = xcalloc(1, sizeof(*ret));

	spec->process = ret;
	spec->detach = true;
	if (read_label(process, "apparmorProfile", &ret->apparmor, err) < 0 ||
	    read_label(process, "selinuxLabel", &ret->selinux, err) < 0 ||
	    config_scheduling(process, ret, err) < 0 ||
	    place_bool(process, "terminal", &spec->tty, err) < 0 ||
	    read_console_size(process, ret, err) < 0 || place_need(process, "cwd", err) < 0 ||
	    place_str(process, "cwd", &spec->workdir, err) < 0 ||
	    place_each(process, "env", read_env, &spec->env, err) < 0 ||
	    place_need(process, "args", err) < 0 ||
	    place_strv(process, "args", &spec->argv, err) < 0 ||
	    place_each(process, "rlimits", read_rlimit, ret, err) < 0 ||
	    read_caps(process, ret, warnings, err) < 0 || read_user(process, ret, spec, err) < 0 ||
	    read_oom(process, ret, err) < 0 ||
	    place_bool(process, "noNewPrivileges", &ret->set_no_new_privs, err) < 0)
		return -err->code;
	if (*spec->workdir != '/')
		return place_refuse(&cwd, err, "expected an absolute path, not '%s'",
				    spec->workdir);
	struct place program = {&args, NULL, 0, json_array_get(args.v, 0)};
	if (!spec->argv.n || !*spec->argv.v[0])
		return place_refuse(spec->argv.n ? &program : &args, err, "expected a program");
	return 0;
}
