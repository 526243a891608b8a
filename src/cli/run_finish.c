// SPDX-License-Identifier: Apache-2.0
/* What the user left unsaid: the defaults, which depend on ROOT. */
#include "base/mem.h"
#include "box/compile.h"
#include "cli/run.h"

#include <sched.h>
#include <string.h>

#define CLEAN_PATH "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* A default mount gives way to a mount of the user's at the same place. */
static bool is_on(enum tristate said, bool by_default, const struct spec *spec, const char *target)
{
	for (size_t i = 0; i < spec->n_mounts; i++)
		if (!strcmp(spec->mounts[i].target, target))
			return false;
	return said == UNSAID ? by_default : said == YES;
}

static bool has_variable(const struct strv *env, const char *variable)
{
	size_t len = strcspn(variable, "=");

	for (size_t i = 0; i < env->n; i++)
		if (!strncmp(env->v[i], variable, len) && env->v[i][len] == '=')
			return true;
	return false;
}

static const char *value_of(char *const *environment, const char *name)
{
	size_t len = strlen(name);

	for (; environment && *environment; environment++)
		if (!strncmp(*environment, name, len) && (*environment)[len] == '=')
			return *environment + len + 1;
	return NULL;
}

/* HOME is the box's matter: it comes from its /etc/passwd. */
static void complete_env(struct spec *spec, bool keep, char *const *environment)
{
	struct strv *env = &spec->env;
	const char *term = value_of(environment, "TERM");

	for (char *const *e = environment; keep && e && *e; e++)
		if (!has_variable(env, *e))
			strv_add(env, *e);
	if (keep)
		return;
	if (!has_variable(env, "PATH"))
		strv_add(env, CLEAN_PATH);
	if (spec->tty && !has_variable(env, "TERM"))
		strv_addf(env, "TERM=%s", term ? term : "xterm");
}

void run_finish(struct run_args *args, char *const *environment)
{
	struct spec *spec = &args->spec;
	/* An overlay of the host's root is a directory like any other. */
	bool host = spec->root && spec_is_host_root(spec);
	uint64_t usual = host ? 0 : CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;

	spec->unshare = (usual | args->unshare) & ~args->share;
	spec->proc = is_on(args->proc, !host || spec->unshare & CLONE_NEWPID, spec, "/proc");
	spec->dev = is_on(args->dev, !host, spec, "/dev");
	spec->sys = is_on(args->sys, !host, spec, "/sys");
	spec->mask = args->mask == UNSAID ? !host : args->mask == YES;
	spec->caps_all = host;
	if (args->idmap.len)
		spec->idmap = buf_take(&args->idmap);
	complete_env(spec, args->keep_env == UNSAID ? host : args->keep_env == YES, environment);
}

void run_args_done(struct run_args *args)
{
	spec_done(&args->spec);
	buf_done(&args->idmap);
}
