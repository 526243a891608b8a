// SPDX-License-Identifier: Apache-2.0
/* User namespaces: who is privileged, the way into one, and the id map of a new one. */
#include "box/userns_parts.h"
#include "base/mem.h"
#include "sys/calls.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

bool userns_is_privileged(void)
{
	return sys_has_cap(CAP_SYS_ADMIN) && geteuid() == 0;
}

int userns_is_initial(bool *ret, struct err *err)
{
	struct stat st;

	if (stat("/proc/self/ns/user", &st) < 0)
		return err_set(err, errno, "/proc/self/ns/user");
	*ret = st.st_ino == INITIAL_USER_NS;
	return 0;
}

static bool is_own(int fd)
{
	struct stat there, here;

	return fstat(fd, &there) == 0 && stat("/proc/self/ns/user", &here) == 0 &&
	       there.st_ino == here.st_ino && there.st_dev == here.st_dev;
}

int userns_enter(int fd, struct err *err)
{
	/* Who is root in there may not look into one that came with more than he has. */
	if (userns_is_privileged() && prctl(PR_SET_DUMPABLE, 0) < 0)
		return err_set(err, errno, "dumpable");
	if (setns(fd, CLONE_NEWUSER) < 0)
		return err_set(err, errno, "linux.namespaces: enter the user namespace");
	return 0;
}

int userns_open(const struct spec *spec, int *ret, struct err *err)
{
	const char *path = spec_joined(spec, CLONE_NEWUSER);
	AUTO_FD int fd = -1;

	if (!path)
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(err, errno, "linux.namespaces: user: %s", path);
	if (!is_own(fd))
		*ret = TAKE_FD(fd);
	return 0;
}

int userns_map(const struct spec *spec, bool rootless, char **ret, struct err *err)
{
	*ret = NULL;
	if (spec->idmap && mnt_idmap_check(spec->idmap, err) < 0)
		return err_add(err, "id map of the user namespace");
	bool joins = spec_joined(spec, CLONE_NEWUSER);
	if (joins && userns_joined_map(spec, ret, err) < 0)
		return -err->code;
	if (joins || (!rootless && !(spec->unshare & CLONE_NEWUSER)))
		return 0;
	if (spec->idmap)
		*ret = xstrdup(spec->idmap);
	else
		*ret = rootless ? userns_rootless_map(spec) : xstrdup("0:0:4294967295");
	return 0;
}
