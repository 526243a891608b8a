// SPDX-License-Identifier: Apache-2.0
/* The making of a container's cgroups: directories, and what they need before a process may enter.
 */
#include "base/io.h"
#include "base/mem.h"
#include "oci/cgroups.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const cpuset_files[] = {"cpuset.cpus", "cpuset.mems"};

static void cpuset_paths(const char *dir, size_t i, char **ret_from, char **ret_to)
{
	*ret_from = xasprintf("%.*s/%s", (int)(strrchr(dir, '/') - dir), dir, cpuset_files[i]);
	*ret_to = xasprintf("%s/%s", dir, cpuset_files[i]);
}

/* A new cpuset of v1 is empty, and takes no process before it has something. */
static void fill_cpuset(const char *dir)
{
	for (size_t i = 0; i < ARRAY_SIZE(cpuset_files); i++) {
		AUTO_FREE char *from = NULL, *to = NULL;
		AUTO(buf) struct buf text = {0};
		cpuset_paths(dir, i, &from, &to);
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

/* Without privilege there may be none at all; who needs one says so later. */
static int is_made(struct hierarchy *h, int rc, struct err *err)
{
	h->made = rc == 0;
	h->why_not = -rc;
	if (rc < 0 && rc != -EACCES && rc != -EPERM && rc != -EROFS && rc != -ENOENT)
		return err_set(err, -rc, "make the cgroup %s", h->dir);
	return 0;
}

int cgroups_make(struct cgroups *cg, struct err *err)
{
	for (size_t i = 0; i < cg->n; i++) {
		struct hierarchy *h = &cg->v[i];
		if (!h->v2 && cg->begun)
			continue;
		int rc = cg->pure_v2 && cg->holder ? make_below_unit(h, cg->holder)
						   : make_one(h, cg->by_systemd);
		if (is_made(h, rc, err) < 0)
			return -err->code;
	}
	return 0;
}

void cgroups_done_begun(struct cgroups *cg)
{
	if (cg->begun)
		ahead_await_dirs();
	for (size_t i = 0; cg->begun && i < cg->n; i++)
		for (size_t k = 0; k < ARRAY_SIZE(cpuset_files); k++) {
			free(cg->begun[i].from[k]);
			free(cg->begun[i].to[k]);
		}
	free(cg->begun);
	cg->begun = NULL;
}

void cgroups_begin(struct cgroups *cg)
{
	size_t n = 0;

	cg->begun = xcalloc(cg->n, sizeof(*cg->begun));
	for (size_t i = 0; i < cg->n; i++) {
		const struct hierarchy *h = &cg->v[i];
		struct ahead_dir *dir = &cg->begun[n];
		if (h->v2)
			continue;
		dir->path = h->dir;
		if (strv_has(&h->controllers, "cpuset"))
			for (size_t k = 0; k < ARRAY_SIZE(cpuset_files); k++)
				cpuset_paths(h->dir, k, &dir->from[k], &dir->to[k]);
		n++;
	}
	/* Which are made is told by as many bits; see cgroups_await. */
	if (!n || n > 32 || !ahead_make_dirs(cg->begun, n))
		cgroups_done_begun(cg);
	for (size_t i = 0; cg->begun && i < cg->n; i++)
		cg->v[i].made = !cg->v[i].v2;
}

int cgroups_await(struct cgroups *cg, uint32_t *ret_made, struct err *err)
{
	size_t n = 0;

	*ret_made = UINT32_MAX;
	if (!cg->begun)
		return 0;
	ahead_await_dirs();
	for (size_t i = 0; i < cg->n; i++) {
		struct hierarchy *h = &cg->v[i];
		if (h->v2)
			continue;
		/* Mostly the last level is all. */
		int rc = cg->begun[n].code ? make_path(h) : 0;
		if (!cg->begun[n].code && !cg->begun[n].is_filled)
			fill_cpuset(h->dir);
		if (is_made(h, rc, err) < 0)
			return -err->code;
		*ret_made &= ~((uint32_t)!h->made << n++);
	}
	return 0;
}
