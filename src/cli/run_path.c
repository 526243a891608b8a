// SPDX-License-Identifier: Apache-2.0
/* Paths as the user writes them, made absolute and plain without looking at the file system. */
#include "base/mem.h"
#include "cli/run.h"

#include <errno.h>
#include <string.h>

/* Drops empty components and `.`; a `..` stays, as only the kernel knows what it leads to. */
static char *plain(const char *path)
{
	AUTO(strv) struct strv parts = {0};
	struct buf out = {0};

	strv_split(&parts, path, '/');
	for (size_t i = 0; i < parts.n; i++)
		if (*parts.v[i] && strcmp(parts.v[i], ".") != 0)
			buf_addf(&out, "/%s", parts.v[i]);
	if (!out.len)
		buf_addc(&out, '/');
	return buf_take(&out);
}

int run_absolute(const char *path, char **ret, struct err *err)
{
	AUTO_FREE char *here = NULL;
	AUTO_FREE char *joined = NULL;

	if (!*path)
		return err_say(err, EINVAL, "the path is empty");
	if (*path != '/') {
		here = getcwd(NULL, 0);
		if (!here)
			return err_set(err, errno,
				       "'%s' is relative, and the working directory is gone", path);
		joined = xasprintf("%s/%s", here, path);
	}
	*ret = plain(joined ? joined : path);
	return 0;
}

int run_inside(const char *path, char **ret, struct err *err)
{
	if (*path != '/')
		return err_say(err, EINVAL,
			       "'%s': expected an absolute path inside the box for the destination",
			       path);
	*ret = plain(path);
	return 0;
}
