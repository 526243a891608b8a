// SPDX-License-Identifier: Apache-2.0
/* Where a container's cgroups are. No mount table is read. */
#include "oci/cgroups.h"
#include "base/io.h"
#include "base/mem.h"
#include "box/cgroup_parts.h"
#include "oci/cgroup_systemd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/vfs.h>
#include <linux/magic.h>

#define TOP "/sys/fs/cgroup"

/* One that cannot be asked for is not one that is not there: a container would lack it. */
static int version_of(const char *path)
{
	struct statfs fs;

	if (statfs(path, &fs) < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? CGROUP_NONE
									      : -errno;
	return fs.f_type == CGROUP2_SUPER_MAGIC	 ? CGROUP_V2
	       : fs.f_type == CGROUP_SUPER_MAGIC ? CGROUP_V1
						 : CGROUP_NONE;
}

static void add_v2(struct cgroups *cg, const char *mount, const char *path)
{
	struct hierarchy h = {.v2 = true, .mount = xstrdup(mount)};

	h.dir = xasprintf("%s%s", mount, path);
	cgroup_v2_controllers(mount, &h.controllers);
	VEC_PUSH(cg->v, cg->n, h);
}

static int add_v1(struct cgroups *cg, const char *names, const char *path)
{
	struct hierarchy h = {0};

	h.mount = xasprintf(TOP "/%s", str_starts(names, "name=") ? names + 5 : names);
	int version = version_of(h.mount);
	if (version != CGROUP_V1) {
		free(h.mount);
		return version < 0 ? version : 0;
	}
	h.dir = xasprintf("%s%s", h.mount, path);
	strv_split(&h.controllers, names, ',');
	VEC_PUSH(cg->v, cg->n, h);
	return 0;
}

/* A line of /proc/self/cgroup: ID:CONTROLLER[,…]:PATH, with v2 as 0::PATH. */
static int add_line(struct cgroups *cg, char *line, const char *path)
{
	char *names = strchr(line, ':');
	char *own = names ? strchr(names + 1, ':') : NULL;

	if (!own)
		return 0;
	*own = 0;
	names++;
	if (*names)
		return add_v1(cg, names, path);
	int version = version_of(TOP "/unified");
	if (version == CGROUP_V2)
		add_v2(cg, TOP "/unified", path);
	return version < 0 ? version : 0;
}

static int check_path(const char *path, struct err *err)
{
	AUTO(cgroup_unit) struct cgroup_unit unit = {0};

	if (str_has_component(path, ".."))
		return err_say(err, EINVAL, "linux.cgroupsPath: may not contain ..");
	if (*path == '/' || !strchr(path, ':'))
		return 0;
	return cgroup_systemd_name(path, false, &unit, err) < 0
		       ? -err->code
		       : err_say(err, EINVAL,
				 "linux.cgroupsPath: '%s' is a name of systemd's; it needs "
				 "--systemd-cgroup",
				 path);
}

int cgroups_plan(const char *said, const char *id, struct cgroups *ret, struct err *err)
{
	AUTO_FREE char *path = said && *said == '/' ? xstrdup(said)
			       : said && *said	    ? xasprintf(CGROUPS_OWN "%s", said)
						    : xasprintf(CGROUPS_OWN "%s", id);
	AUTO(buf) struct buf self = {0};
	AUTO(strv) struct strv lines = {0};
	int version = version_of(TOP), rc = version < 0 ? version : 0;
	struct cgroups cg = {.pure_v2 = version == CGROUP_V2};

	if (said && check_path(said, err) < 0)
		return -err->code;
	if (io_read_file(AT_FDCWD, "/proc/self/cgroup", 1 << 17, &self, err) < 0)
		return err_add(err, "cgroups");
	strv_split(&lines, self.data, '\n');
	if (cg.pure_v2)
		add_v2(&cg, TOP, path);
	for (size_t i = 0; i < lines.n && !cg.pure_v2 && rc == 0; i++)
		rc = add_line(&cg, lines.v[i], path);
	if (rc < 0) {
		cgroups_done(&cg);
		return err_set(err, -rc, "look for cgroups below " TOP);
	}
	*ret = cg;
	return 0;
}

/* A directory that a record may name: below a hierarchy, or where there is one only, below that. */
static bool is_below_top(const char *dir, bool pure_v2)
{
	if (!str_starts(dir, TOP "/") || strstr(dir, "/../"))
		return false;
	const char *name = dir + strlen(TOP "/");
	return pure_v2 ? *name != 0 : strchr(name, '/') != NULL;
}

/* The controllers of a v1 directory are told by its place, those of v2 by a file in it. */
static struct hierarchy recall(const char *dir, bool pure_v2)
{
	size_t top = strlen(TOP "/");
	struct hierarchy h = {.dir = xstrdup(dir), .made = true};

	h.v2 = pure_v2 || str_starts(dir + top, "unified/");
	h.mount = pure_v2 ? xstrdup(TOP) : xstrndup(dir, top + strcspn(dir + top, "/"));
	if (h.v2)
		cgroup_v2_controllers(dir, &h.controllers);
	else
		strv_split(&h.controllers, h.mount + top, ',');
	return h;
}

void cgroups_recall(const struct strv *dirs, struct cgroups *ret)
{
	*ret = (struct cgroups){.pure_v2 = version_of(TOP) == CGROUP_V2};
	for (size_t i = 0; i < dirs->n; i++)
		if (is_below_top(dirs->v[i], ret->pure_v2))
			VEC_PUSH(ret->v, ret->n, recall(dirs->v[i], ret->pure_v2));
}

void cgroups_done(struct cgroups *cg)
{
	for (size_t i = 0; i < cg->n; i++) {
		strv_done(&cg->v[i].controllers);
		free(cg->v[i].mount);
		free(cg->v[i].dir);
	}
	cgroups_done_begun(cg);
	free(cg->v);
	*cg = (struct cgroups){0};
}

void cgroups_dirs(const struct cgroups *cg, struct strv *ret)
{
	for (size_t i = 0; i < cg->n; i++)
		strv_add(ret, cg->v[i].dir);
}

const struct hierarchy *cgroups_with(const struct cgroups *cg, const char *controller)
{
	for (int v2 = 0; v2 <= 1; v2++)
		for (size_t i = 0; i < cg->n; i++)
			if (cg->v[i].v2 == v2 && strv_has(&cg->v[i].controllers, controller))
				return &cg->v[i];
	return NULL;
}

const struct hierarchy *cgroups_v2(const struct cgroups *cg)
{
	for (size_t i = 0; i < cg->n; i++)
		if (cg->v[i].v2)
			return &cg->v[i];
	return NULL;
}

void cgroups_into(const struct cgroups *cg, struct box_into *ret)
{
	for (size_t i = 0; i < cg->n; i++) {
		const struct hierarchy *h = &cg->v[i];
		if (h->made && !h->v2)
			strv_add(&ret->v1, h->dir);
		else if (h->made)
			ret->v2 = xstrdup(h->dir);
	}
}
