// SPDX-License-Identifier: Apache-2.0
#include "box/sysctl.h"
#include "base/io.h"
#include "base/mem.h"
#include "box/birth.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>

static const struct sysctl_kind kinds[SYSCTL_KINDS] = {
	{CLONE_NEWNET, "net", "network", {"net."}},
	{CLONE_NEWIPC, "ipc", "ipc", {"kernel.msg", "kernel.sem", "kernel.shm", "fs.mqueue."}},
	{CLONE_NEWUTS, "uts", "uts", {"kernel.domainname", "kernel.hostname"}},
};

/* Both separators are in use. */
static bool begins(const char *name, const char *prefix)
{
	for (; *prefix; name++, prefix++)
		if (*name != *prefix && !(*prefix == '.' && *name == '/'))
			return false;
	return true;
}

const struct sysctl_kind *sysctl_kind(const char *name)
{
	for (size_t i = 0; i < SYSCTL_KINDS; i++)
		for (const char *const *p = kinds[i].prefixes; *p; p++)
			if (begins(name, *p))
				return &kinds[i];
	return NULL;
}

static int look(const struct box *box, const struct sysctl_kind *kind, struct stat *ret,
		struct err *err)
{
	AUTO_FREE char *path = xasprintf("self/ns/%s", kind->ns);

	if (fstatat(box->procfd, path, ret, 0) < 0)
		return err_set(err, errno, "/proc/%s", path);
	return 0;
}

int sysctl_note_callers(const struct box *box, struct sysctl_callers *ret, struct err *err)
{
	for (size_t i = 0; i < SYSCTL_KINDS && box->spec->sysctl.n; i++)
		if (spec_joined(box->spec, kinds[i].kind) &&
		    look(box, &kinds[i], &ret->ns[i], err) < 0)
			return -err->code;
	return 0;
}

int sysctl_check_joined(const struct box *box, const struct sysctl_callers *callers,
			struct err *err)
{
	for (size_t i = 0; i < box->spec->sysctl.n; i++) {
		const struct sysctl_kind *kind = sysctl_kind(box->spec->sysctl.v[i]);
		struct stat now;
		if (!spec_joined(box->spec, kind->kind))
			continue;
		if (look(box, kind, &now, err) < 0)
			return -err->code;
		if (now.st_ino == callers->ns[kind - kinds].st_ino)
			return err_say(err, EINVAL,
				       "linux.sysctl: %s: the %s namespace of this container is "
				       "the host's: give it one of its own",
				       box->spec->sysctl.v[i], kind->name);
	}
	return 0;
}

/* By the caller's /proc: the container's may be read-only, or not there. */
int sysctl_set(struct box *box, struct err *err)
{
	for (size_t i = 0; i < box->spec->sysctl.n; i++) {
		AUTO_FREE char *path = xasprintf("sys/%s", box->spec->sysctl.v[i]);
		char *value = strchr(path, '=');
		*value++ = 0;
		if (io_write_file(box->procfd, path, value, err) < 0)
			return err_add(err, "linux.sysctl");
	}
	return 0;
}
