// SPDX-License-Identifier: Apache-2.0
/*
 * A container whose cgroups are mounted writable in a namespace of its own may divide its cgroup:
 * it is given to the user of its process, with the files that the kernel says belong to it. Its
 * limits are not among them. Of v2 alone, as the specification wants; v1 has no safe delegation.
 */
#include "base/io.h"
#include "base/mem.h"
#include "mnt/attr.h"
#include "oci/cgroups.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool is_writable(const struct spec *spec)
{
	for (size_t i = 0; i < spec->n_mounts; i++) {
		const struct spec_mount *m = &spec->mounts[i];
		if (!strcmp(m->type, "cgroup") || !strcmp(m->type, "cgroup2"))
			return !strv_has(&m->words, "ro") && !strv_has(&m->words, "rro");
	}
	return false;
}

/* The host's id of a user in the container; -1, which chown(2) takes for no change: it has none. */
static uid_t outside(const char *map, uid_t uid)
{
	AUTO_FREE char *lines = map ? mnt_idmap_lines(map, 'u') : NULL;
	unsigned inside, first, length;

	for (const char *line = lines; line && *line; line += strcspn(line, "\n") + 1)
		if (sscanf(line, "%u %u %u", &inside, &first, &length) == 3 && uid >= inside &&
		    uid - inside < length)
			return first + (uid - inside);
	return map ? (uid_t)-1 : uid;
}

static void give(const char *dir, uid_t uid)
{
	AUTO(buf) struct buf text = {0};
	AUTO(strv) struct strv files = {0};

	/* Without privilege it is the caller's already, or cannot be another's. */
	if (chown(dir, uid, (gid_t)-1) < 0 ||
	    io_read_file(AT_FDCWD, "/sys/kernel/cgroup/delegate", 4096, &text, NULL) < 0)
		return;
	strv_split(&files, text.data, '\n');
	for (size_t i = 0; i < files.n; i++) {
		AUTO_FREE char *path = xasprintf("%s/%s", dir, files.v[i]);
		/* Some are of controllers that this cgroup does not have. */
		if (*files.v[i] && chown(path, uid, (gid_t)-1) < 0)
			continue;
	}
}

void cgroups_give(const struct cgroups *cg, const struct spec *spec)
{
	uid_t uid = spec->process ? outside(spec->idmap, spec->process->uid) : (uid_t)-1;

	if (!cg->pure_v2 || !(spec->unshare & CLONE_NEWCGROUP) || !is_writable(spec) || uid == 0)
		return;
	for (size_t i = 0; i < cg->n; i++)
		if (cg->v[i].made)
			give(cg->v[i].dir, uid);
}
