// SPDX-License-Identifier: Apache-2.0
/* What can be said about a spec before anything is tried. */
#include "box/spec.h"
#include "base/mem.h"
#include "box/layers.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

void spec_mount_done(struct spec_mount *mount)
{
	free(mount->type);
	free(mount->source);
	free(mount->target);
	free(mount->said);
	strv_done(&mount->words);
}

static void process_done(struct spec_process *process)
{
	if (!process)
		return;
	free(process->groups);
	free(process->rlimits);
	free(process->seccomp);
	free(process->apparmor);
	free(process->selinux);
	free(process);
}

const char *spec_joined(const struct spec *spec, uint64_t kind)
{
	for (size_t i = 0; i < spec->n_joins; i++)
		if (spec->joins[i].kind == kind)
			return spec->joins[i].path;
	return NULL;
}

bool spec_has_namespace(const struct spec *spec, uint64_t kind)
{
	return spec->unshare & kind || spec_joined(spec, kind);
}

static void container_done(struct spec *spec)
{
	for (size_t i = 0; i < spec->n_joins; i++)
		free(spec->joins[i].path);
	for (size_t i = 0; i < spec->n_devices; i++)
		free(spec->devices[i].path);
	free(spec->joins);
	free(spec->devices);
	free(spec->domainname);
	free(spec->mount_label);
	free(spec->time_offsets);
	strv_done(&spec->links);
	strv_done(&spec->masked);
	strv_done(&spec->protected);
	strv_done(&spec->sysctl);
	process_done(spec->process);
}

void spec_done(struct spec *spec)
{
	char *strings[] = {spec->root,	  spec->upper,	  spec->work, spec->idmap,
			   spec->workdir, spec->hostname, spec->user, spec->name};

	container_done(spec);

	for (size_t i = 0; i < ARRAY_SIZE(strings); i++)
		free(strings[i]);
	for (size_t i = 0; i < spec->n_mounts; i++)
		spec_mount_done(&spec->mounts[i]);
	free(spec->mounts);
	strv_done(&spec->layers);
	strv_done(&spec->argv);
	strv_done(&spec->env);
	strv_done(&spec->cap_add);
	strv_done(&spec->cap_drop);
	*spec = (struct spec){0};
}

struct spec_mount *spec_add_mount(struct spec *spec, struct spec_mount mount)
{
	return VEC_PUSH(spec->mounts, spec->n_mounts, mount);
}

bool spec_is_host_root(const struct spec *spec)
{
	return !strcmp(spec->root, "/") && !layers_wanted(spec);
}

static int check_target(const struct spec_mount *m, struct err *err)
{
	if (!m->target || *m->target != '/')
		return err_say(err, EINVAL,
			       "%s: the destination is an absolute path inside the box", m->said);
	if (!m->target[strspn(m->target, "/")])
		return err_say(
			err, EINVAL,
			"%s: the destination cannot be /; give the directory as ROOT instead",
			m->said);
	if (str_has_component(m->target, "..") || str_has_component(m->target, "."))
		return err_say(err, EINVAL, "%s: the destination may not contain . or ..", m->said);
	return 0;
}

static int check_mounts(const struct spec *spec, struct err *err)
{
	for (size_t i = 0; i < spec->n_mounts; i++) {
		const struct spec_mount *m = &spec->mounts[i];
		if (check_target(m, err) < 0)
			return -err->code;
		if (strv_has(&m->words, "idmap") && !(spec->unshare & CLONE_NEWUSER))
			return err_say(
				err, EINVAL,
				"%s: a bare idmap means the box's own id map; it needs --unshare "
				"user, or give one: idmap=ON-DISK:SHOWN:LENGTH",
				m->said);
	}
	return 0;
}

/* True if what is mounted at `outer` hides `inner`. */
static bool hides(const char *outer, const char *inner)
{
	size_t len = strlen(outer);

	while (len > 1 && outer[len - 1] == '/')
		len--;
	return !strncmp(outer, inner, len) && (!inner[len] || inner[len] == '/');
}

static void warn_hidden(const struct spec *spec, struct strv *warnings)
{
	for (size_t i = 0; i < spec->n_mounts; i++)
		for (size_t k = i + 1; k < spec->n_mounts; k++)
			if (hides(spec->mounts[k].target, spec->mounts[i].target))
				strv_addf(warnings,
					  "%s is hidden by the later %s; give it after that one",
					  spec->mounts[i].said, spec->mounts[k].said);
}

int spec_check(const struct spec *spec, struct strv *warnings, struct err *err)
{
	const struct {
		bool wrong;
		const char *sentence;
	} rules[] = {
		{!spec->root,
		 "ROOT is missing: expected a directory, or / for the host's own tree"},
		{!spec->argv.n, "COMMAND is missing"},
		{spec->argv.n && !*spec->argv.v[0], "COMMAND is empty"},
		{spec->overlay && spec->upper,
		 "--overlay throws writes away, --upper keeps them: give one of them"},
		{spec->work && !spec->upper, "--work is of use only with --upper"},
		{spec->tty && spec->detach, "-t needs somebody at the terminal: not with --detach"},
		{spec->tty && !spec->dev && spec->root && !spec_is_host_root(spec),
		 "-t needs a terminal device in the box: leave --dev on"},
		{spec->init && !(spec->unshare & CLONE_NEWPID), "--init needs --unshare pid"},
		{spec->hostname && !(spec->unshare & CLONE_NEWUTS),
		 "--hostname needs --unshare uts"},
		{spec->idmap && !(spec->unshare & CLONE_NEWUSER),
		 "--uidmap and --gidmap need --unshare user"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		if (rules[i].wrong)
			return err_say(err, EINVAL, "%s", rules[i].sentence);
	if (check_mounts(spec, err) < 0)
		return -err->code;
	warn_hidden(spec, warnings);
	if (spec->upper && spec->read_only)
		strv_add(warnings, "--upper keeps nothing with --read-only");
	return 0;
}
