// SPDX-License-Identifier: Apache-2.0
/* The end of a container's cgroups: what is in them is killed, and the directories go. */
#include "base/mem.h"
#include "box/cgroup_parts.h"
#include "oci/cgroups.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_MS 5000

/* Directories above that nobody but this runtime makes go with the last container below. */
static void remove_own_above(const struct hierarchy *h)
{
	AUTO_FREE char *dir = xstrdup(h->dir);
	size_t top = strlen(h->mount);

	if (!str_starts(dir + top, CGROUPS_OWN))
		return;
	for (char *slash; (slash = strrchr(dir + top + 1, '/'));) {
		*slash = 0;
		if (rmdir(dir) < 0 && errno != ENOENT)
			return;
	}
}

static int remove_one(const struct cgroups *cg, const struct hierarchy *h, int64_t deadline)
{
	const char *slash = strrchr(h->dir, '/');
	AUTO_FREE char *above = xstrndup(h->dir, (size_t)(slash - h->dir));

	/* Mostly it is empty. */
	if (strlen(above) < strlen(h->mount) || rmdir(h->dir) == 0 || errno == ENOENT)
		return 0;
	/* Read-only comes before not there. */
	if (errno == EROFS && access(h->dir, F_OK) < 0 && errno == ENOENT)
		return 0;
	AUTO_FD int parent = open(above, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (parent < 0)
		return errno == ENOENT ? 0 : -errno;
	/* What is frozen does not die. */
	if (cgroups_is_frozen(cg, NULL) != 0)
		cgroups_freeze(cg, false, NULL);
	return cgroup_kill(parent, slash + 1, deadline);
}

int cgroups_remove(const struct cgroups *cg)
{
	int64_t deadline = cgroup_deadline(PATIENCE_MS);
	int failed = 0;

	if (cg->begun)
		ahead_await_dirs();
	for (size_t i = 0; i < cg->n; i++) {
		int rc = remove_one(cg, &cg->v[i], deadline);
		if (rc == 0)
			remove_own_above(&cg->v[i]);
		failed = rc < 0 ? rc : failed;
	}
	return failed;
}
