// SPDX-License-Identifier: Apache-2.0
/* exec --cgroup: where in the container's cgroups a process goes. */
#include "base/mem.h"
#include "oci/exec_parts.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* "memory:/a" or "/a", which is of every hierarchy: those are no longer the container's own. */
static int choose_cgroup(struct cgroups *cg, const char *said, struct err *err)
{
	const char *colon = strchr(said, ':'), *path = colon ? colon + 1 : said;
	AUTO_FREE char *name = colon ? xstrndup(said, (size_t)(colon - said)) : NULL;
	size_t chosen = 0;

	if (str_has_component(path, ".."))
		return err_say(err, EINVAL, "--cgroup %s: may not contain ..", said);
	for (size_t i = 0; i < cg->n; i++) {
		struct hierarchy *h = &cg->v[i];
		if (name && (*name ? !strv_has(&h->controllers, name) || h->v2 : !h->v2))
			continue;
		AUTO_FREE char *dir = xasprintf("%s/%s", h->dir, path + strspn(path, "/"));
		if (access(dir, F_OK) < 0)
			return err_set(err, errno,
				       "--cgroup %s: expected a cgroup below the container's: %s",
				       said, dir);
		free(h->dir);
		h->dir = TAKE_PTR(dir);
		chosen++;
	}
	return chosen ? 0
		      : err_say(err, EINVAL, "--cgroup %s: the container has no %s hierarchy", said,
				name && *name ? name : "such");
}

int exec_choose_cgroups(struct cgroups *cg, const struct strv *said, struct err *err)
{
	for (size_t i = 0; i < said->n; i++)
		if (choose_cgroup(cg, said->v[i], err) < 0)
			return -err->code;
	return 0;
}
