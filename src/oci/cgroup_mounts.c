// SPDX-License-Identifier: Apache-2.0
/*
 * A mount of type cgroup is what the machine has: the one tree of v2, or a directory with a mount
 * for each v1 hierarchy. These are binds of the container's directories: in its cgroup namespace
 * they are the roots, and a new mount of a v1 hierarchy waits for all that are on their way out.
 * Only where the container has no directory of its own in v2 it is a new mount.
 */
#include "base/mem.h"
#include "oci/cgroups.h"

#include <sched.h>
#include <string.h>

static const char *name_of(const struct hierarchy *h)
{
	return strrchr(h->mount, '/') + 1;
}

static struct spec_mount one(const struct spec_mount *from, const struct hierarchy *h,
			     const char *target)
{
	return (struct spec_mount){
		.type = xstrdup(h->made ? "bind" : "cgroup2"),
		.source = xstrdup(h->made ? h->dir : "cgroup"),
		.target = xstrdup(target),
		.said = xstrdup(from->said),
		.words = strv_copy(&from->words),
		.optional = true,
	};
}

/* The directory that holds the v1 mounts: read-only, if at all, once they are there. */
static struct spec_mount holder(const struct spec_mount *from)
{
	struct spec_mount m = {
		.type = xstrdup("tmpfs"),
		.source = xstrdup("tmpfs"),
		.target = xstrdup(from->target),
		.said = xstrdup(from->said),
	};

	for (size_t i = 0; i < from->words.n; i++) {
		if (strcmp(from->words.v[i], "ro"))
			strv_add(&m.words, from->words.v[i]);
		else
			m.close_later = true;
	}
	strv_add(&m.words, "sb:mode=755");
	strv_add(&m.words, "sb:size=64k");
	return m;
}

static void add_links(const struct hierarchy *h, const char *target, struct spec *spec)
{
	for (size_t i = 0; h->controllers.n > 1 && i < h->controllers.n; i++)
		strv_addf(&spec->links, "%s=%s/%s", name_of(h), target, h->controllers.v[i]);
}

static void expand(const struct cgroups *cg, const struct spec_mount *from, struct spec *spec)
{
	bool own_view = spec->unshare & CLONE_NEWCGROUP;

	if (cg->pure_v2 || !strcmp(from->type, "cgroup2")) {
		for (size_t i = 0; i < cg->n; i++)
			if (cg->v[i].v2 && (own_view || cg->v[i].made))
				spec_add_mount(spec, one(from, &cg->v[i], from->target));
		return;
	}
	spec_add_mount(spec, holder(from));
	for (size_t i = 0; i < cg->n; i++) {
		const struct hierarchy *h = &cg->v[i];
		AUTO_FREE char *target = xasprintf("%s/%s", from->target, name_of(h));
		if (h->v2 || !h->made)
			continue;
		spec_add_mount(spec, one(from, h, target));
		add_links(h, from->target, spec);
	}
}

void cgroups_expand_mounts(const struct cgroups *cg, struct spec *spec)
{
	struct spec_mount *before = spec->mounts;
	size_t n = spec->n_mounts;

	spec->mounts = NULL;
	spec->n_mounts = 0;
	for (size_t i = 0; i < n; i++) {
		struct spec_mount *m = &before[i];
		if (strcmp(m->type, "cgroup") && strcmp(m->type, "cgroup2")) {
			spec_add_mount(spec, *m);
			continue;
		}
		expand(cg, m, spec);
		spec_mount_done(m);
	}
	free(before);
}
