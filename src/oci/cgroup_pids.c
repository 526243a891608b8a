// SPDX-License-Identifier: Apache-2.0
/* The processes in a container's cgroups. */
#include "base/io.h"
#include "base/mem.h"
#include "oci/cgroups.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int read_own_pids(int dir, struct pids *ret)
{
	AUTO(buf) struct buf text = {0};
	int rc = io_read_file(dir, "cgroup.procs", 64 << 20, &text, NULL);

	pids_parse(text.data, ret);
	/* The processes of a threaded one are told by the one above it. */
	return rc == -EOPNOTSUPP ? 0 : rc;
}

static bool is_removed(int code)
{
	return code == -ENOENT || code == -ENODEV;
}

static int read_pids(int dir, struct pids *ret, int depth);

static int read_pids_below(int dir, const char *name, struct pids *ret, int depth)
{
	AUTO_FD int below = openat(dir, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int rc = below < 0 ? -errno : read_pids(below, ret, depth);

	return is_removed(rc) ? 0 : rc;
}

/* -errno: there may be more. */
static int read_pids(int dir, struct pids *ret, int depth)
{
	int rc = read_own_pids(dir, ret);
	DIR *stream = rc == 0 ? io_open_dir(dir, ".") : NULL;
	struct dirent *entry;

	if (!stream)
		return rc < 0 ? rc : -errno;
	do {
		errno = 0;
		entry = readdir(stream);
		if (!entry)
			rc = -errno;
		else if (entry->d_type == DT_DIR && *entry->d_name != '.' && depth < 32)
			rc = read_pids_below(dir, entry->d_name, ret, depth + 1);
	} while (entry && rc == 0);
	closedir(stream);
	return rc;
}

int cgroups_pids(const struct cgroups *cg, struct pids *ret, struct err *err)
{
	for (size_t i = 0; i < cg->n; i++) {
		AUTO_FD int dir = open(cg->v[i].dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (dir < 0)
			continue;
		struct pids pids = {0};
		int rc = read_pids(dir, &pids, 0);
		if (rc < 0 && !is_removed(rc)) {
			free(pids.v);
			return err_set(err, -rc, "read the processes of %s", cg->v[i].dir);
		}
		pids_sort(&pids);
		*ret = pids;
		return 0;
	}
	return err_say(err, ENOENT, "the container has no cgroup");
}
