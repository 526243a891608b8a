// SPDX-License-Identifier: Apache-2.0
/* The runtime directory: where it is, and whether it is safe to trust what is in it. */
#include "base/mem.h"
#include "box/journal.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* What the environment says counts only where it is the caller's own: not after set-user-ID. */
static const char *environment(const char *name)
{
	const char *value = secure_getenv(name);

	return value && *value ? value : NULL;
}

static int choose(char **ret, struct err *err)
{
	const char *given = environment("MNTNS_RUNTIME_DIR");
	const char *xdg = environment("XDG_RUNTIME_DIR");
	size_t len = given ? strlen(given) : 0;

	if (given && given[0] != '/')
		return err_say(err, EINVAL,
			       "MNTNS_RUNTIME_DIR '%s' is not absolute; expected a path that "
			       "begins with /",
			       given);
	/* With a slash at its end a symbolic link would be followed. */
	while (len > 1 && given[len - 1] == '/')
		len--;
	*ret = given		    ? xstrndup(given, len)
	       : geteuid() == 0	    ? xstrdup("/run/mntns")
	       : xdg && *xdg == '/' ? xasprintf("%s/mntns", xdg)
				    : xasprintf("/tmp/mntns-%u", geteuid());
	return 0;
}

static int check(const char *dir, struct err *err)
{
	struct stat st;

	if (lstat(dir, &st) < 0)
		return err_set(err, errno, "runtime directory %s", dir);
	if (!S_ISDIR(st.st_mode))
		return err_say(err, ENOTDIR,
			       "runtime directory %s is %s, expected a directory; remove it, or "
			       "set MNTNS_RUNTIME_DIR",
			       dir, S_ISLNK(st.st_mode) ? "a symbolic link" : "not a directory");
	if (st.st_uid != geteuid())
		return err_say(err, EPERM,
			       "runtime directory %s belongs to user %u, expected the caller (%u); "
			       "set MNTNS_RUNTIME_DIR to a directory of your own",
			       dir, st.st_uid, geteuid());
	if (st.st_mode & 022)
		return err_say(err, EPERM,
			       "runtime directory %s can be written by others (mode %04o); "
			       "expected 0700: chmod 700 %s",
			       dir, st.st_mode & 07777, dir);
	return 0;
}

int runtime_dir(bool create, char **ret, struct err *err)
{
	AUTO_FREE char *dir = NULL;
	int rc = choose(&dir, err);

	if (rc < 0)
		return rc;
	if (create && mkdir(dir, 0700) < 0 && errno != EEXIST)
		return err_set(err, errno, "make the runtime directory %s", dir);
	rc = check(dir, err);
	if (rc == 0)
		*ret = TAKE_PTR(dir);
	return rc;
}
