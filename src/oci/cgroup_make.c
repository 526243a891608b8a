// SPDX-License-Identifier: Apache-2.0
/* The making of a container's cgroups: directories, and what they need before a process may enter.
 */
#include "base/io.h"
#include "base/mem.h"
#include "oci/cgroups.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A new cpuset of v1 is empty, and takes no process before it has something. */
static void fill_cpuset(const char *dir)
{
	static const char *const files[] = {"cpuset.cpus", "cpuset.mems"};
	AUTO_FREE char *parent = xstrndup(dir, (size_t)(strrchr(dir, '/') - dir));

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		AUTO_FREE char *from = xasprintf("%s/%s", parent, files[i]);
		AUTO_FREE char *to = xasprintf("%s/%s", dir, files[i]);
		AUTO(buf) struct buf text = {0};
		if (io_read_file(AT_FDCWD, from, 65536, &text, NULL) == 0 && text.len)
			io_write_file(AT_FDCWD, to, text.data, NULL);
	}
}

/* v2 has a controller only where the cgroup above passes it on. */
static void pass_on(const struct hierarchy *h, const char *parent)
{
	AUTO_FREE char *file = xasprintf("%s/cgroup.subtree_control", parent);

	for (size_t i = 0; i < h->controllers.n; i++) {
		AUTO_FREE char *word = xasprintf("+%s", h->controllers.v[i]);
		io_write_file(AT_FDCWD, file, word, NULL);
	}
}

static int make_dir(const struct hierarchy *h, const char *path)
{
	if (mkdir(path, 0755) < 0)
		return -errno;
	if (!h->v2 && strv_has(&h->controllers, "cpuset"))
		fill_cpuset(path);
	return 0;
}

/* Level by level, from below the mount down. */
static int make_path(const struct hierarchy *h)
{
	AUTO_FREE char *path = xstrdup(h->dir);

	for (char *end = path + strlen(h->mount); end[strspn(end, "/")];) {
		if (h->v2) {
			*end = 0;
			pass_on(h, path);
			*end = '/';
		}
		end += strspn(end, "/");
		end += strcspn(end, "/");
		char saved = *end;
		*end = 0;
		int rc = make_dir(h, path);
		if (rc < 0 && rc != -EEXIST)
			return rc;
		*end = saved;
	}
	return 0;
}

static int make_one(const struct hierarchy *h, bool by_systemd)
{
	/* What systemd made has what it passes on. */
	if (by_systemd && h->v2 && access(h->dir, F_OK) == 0)
		return 0;
	/* Mostly the last level is all. */
	return !h->v2 && make_dir(h, h->dir) == 0 ? 0 : make_path(h);
}

/* In systemd's one below the unit's; that may pass nothing on while there is a process in it. */
static int make_below_unit(const struct hierarchy *h, pid_t holder)
{
	AUTO_FREE char *unit = xstrndup(h->dir, (size_t)(strrchr(h->dir, '/') - h->dir));
	AUTO_FREE char *procs = xasprintf("%s/cgroup.procs", h->dir);
	AUTO_FREE char *pid = xasprintf("%d", holder);

	if (mkdir(h->dir, 0755) < 0 && errno != EEXIST)
		return -errno;
	int rc = io_write_file(AT_FDCWD, procs, pid, NULL);
	pass_on(h, unit);
	return rc;
}

int cgroups_make(struct cgroups *cg, struct err *err)
{
	for (size_t i = 0; i < cg->n; i++) {
		struct hierarchy *h = &cg->v[i];
		int rc = cg->pure_v2 && cg->holder ? make_below_unit(h, cg->holder)
						   : make_one(h, cg->by_systemd);
		h->made = rc == 0;
		h->why_not = -rc;
		/* Without privilege there may be none at all; who needs one says so later. */
		if (rc < 0 && rc != -EACCES && rc != -EPERM && rc != -EROFS && rc != -ENOENT)
			return err_set(err, -rc, "make the cgroup %s", h->dir);
	}
	return 0;
}
