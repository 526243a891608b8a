// SPDX-License-Identifier: Apache-2.0
/* Where a container's cgroups are, their making and their end. No mount table is read. */
#include "oci/cgroups.h"
#include "base/io.h"
#include "base/mem.h"
#include "box/cgroup_parts.h"
#include "oci/cgroup_systemd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <linux/magic.h>

#define TOP	    "/sys/fs/cgroup"
#define OWN	    "/mntns-oci-" /* in front of the id of those that are told no place */
#define PATIENCE_MS 5000

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
	AUTO_FREE char *file = xasprintf("%s/cgroup.controllers", mount);
	AUTO(buf) struct buf text = {0};
	struct hierarchy h = {.v2 = true, .mount = xstrdup(mount)};

	h.dir = xasprintf("%s%s", mount, path);
	if (io_read_file(AT_FDCWD, file, 4096, &text, NULL) == 0) {
		text.data[strcspn(text.data, "\n")] = 0;
		strv_split(&h.controllers, text.data, ' ');
	}
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
	AUTO(strv) struct strv parts = {0};

	strv_split(&parts, path, '/');
	if (strv_has(&parts, ".."))
		return err_say(err, EINVAL, "linux.cgroupsPath: may not contain ..");
	AUTO(cgroup_unit) struct cgroup_unit unit = {0};
	if (*path == '/' || !strchr(path, ':'))
		return 0;
	return cgroup_systemd_name(path, &unit, err) < 0
		       ? -err->code
		       : err_say(err, EINVAL,
				 "linux.cgroupsPath: '%s' is a name of systemd's; it needs "
				 "--systemd-cgroup",
				 path);
}

int cgroups_plan(const char *said, const char *id, struct cgroups *ret, struct err *err)
{
	AUTO_FREE char *path = said && *said == '/' ? xstrdup(said)
			       : said && *said	    ? xasprintf(OWN "%s", said)
						    : xasprintf(OWN "%s", id);
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

/* The controllers of a v1 directory are told by its place, those of v2 by a file in it. */
void cgroups_recall(const struct strv *dirs, struct cgroups *ret)
{
	*ret = (struct cgroups){.pure_v2 = version_of(TOP) == CGROUP_V2};
	for (size_t i = 0; i < dirs->n; i++) {
		const char *dir = dirs->v[i], *name = dir + strlen(TOP "/");
		struct hierarchy h = {.dir = xstrdup(dir), .made = true};
		if (!str_starts(dir, TOP "/") || (!ret->pure_v2 && !strchr(name, '/')) || !*name ||
		    strstr(dir, "/../")) {
			free(h.dir);
			continue;
		}
		h.v2 = ret->pure_v2 || str_starts(name, "unified/");
		h.mount = ret->pure_v2 ? xstrdup(TOP)
				       : xstrndup(dir, strlen(TOP "/") + strcspn(name, "/"));
		if (h.v2) {
			AUTO_FREE char *file = xasprintf("%s/cgroup.controllers", dir);
			AUTO(buf) struct buf text = {0};
			if (io_read_file(AT_FDCWD, file, 4096, &text, NULL) == 0) {
				text.data[strcspn(text.data, "\n")] = 0;
				strv_split(&h.controllers, text.data, ' ');
			}
		} else {
			strv_split(&h.controllers, h.mount + strlen(TOP "/"), ',');
		}
		VEC_PUSH(ret->v, ret->n, h);
	}
}

void cgroups_done(struct cgroups *cg)
{
	for (size_t i = 0; i < cg->n; i++) {
		strv_done(&cg->v[i].controllers);
		free(cg->v[i].mount);
		free(cg->v[i].dir);
	}
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

static int make_one(struct hierarchy *h, bool by_systemd)
{
	AUTO_FREE char *path = xstrdup(h->dir);
	bool cpuset = strv_has(&h->controllers, "cpuset") && !h->v2;

	/* What systemd made has what it passes on. */
	if (by_systemd && h->v2 && access(path, F_OK) == 0)
		return 0;
	/* Mostly that is all. */
	if (!h->v2 && mkdir(path, 0755) == 0) {
		if (cpuset)
			fill_cpuset(path);
		return 0;
	}
	for (char *end = path + strlen(h->mount); *end;) {
		if (h->v2) {
			*end = 0;
			pass_on(h, path);
			*end = '/';
		}
		end += strspn(end, "/");
		end += strcspn(end, "/");
		char saved = *end;
		*end = 0;
		if (mkdir(path, 0755) == 0) {
			if (cpuset)
				fill_cpuset(path);
		} else if (errno != EEXIST) {
			return -errno;
		}
		*end = saved;
		if (!end[strspn(end, "/")])
			break;
	}
	return 0;
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

/* Directories above that nobody but this runtime makes go with the last container below. */
static void remove_own_above(const struct hierarchy *h)
{
	AUTO_FREE char *dir = xstrdup(h->dir);
	size_t top = strlen(h->mount);

	if (!str_starts(dir + top, OWN))
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
	if (cgroups_is_frozen(cg))
		cgroups_freeze(cg, false, NULL);
	return cgroup_kill(parent, slash + 1, deadline);
}

int cgroups_remove(const struct cgroups *cg)
{
	int64_t deadline = cgroup_deadline(PATIENCE_MS);
	int failed = 0;

	for (size_t i = 0; i < cg->n; i++) {
		int rc = remove_one(cg, &cg->v[i], deadline);
		if (rc == 0)
			remove_own_above(&cg->v[i]);
		failed = rc < 0 ? rc : failed;
	}
	return failed;
}

static void read_pids(int dir, struct pids *ret, int depth)
{
	AUTO(buf) struct buf text = {0};
	DIR *stream = io_open_dir(dir, ".");
	struct dirent *entry;

	if (io_read_file(dir, "cgroup.procs", 64 << 20, &text, NULL) == 0)
		for (char *line = text.data; line && *line; line = strchr(line, '\n') + 1) {
			pid_t pid = (pid_t)strtol(line, NULL, 10);
			bool seen = pid <= 0;
			for (size_t i = 0; i < ret->n && !seen; i++)
				seen = ret->v[i] == pid;
			if (!seen)
				VEC_PUSH(ret->v, ret->n, pid);
		}
	while (stream && depth < 32 && (entry = readdir(stream))) {
		if (entry->d_type != DT_DIR || *entry->d_name == '.')
			continue;
		AUTO_FD int below = openat(dir, entry->d_name, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (below >= 0)
			read_pids(below, ret, depth + 1);
	}
	if (stream)
		closedir(stream);
}

int cgroups_pids(const struct cgroups *cg, struct pids *ret, struct err *err)
{
	for (size_t i = 0; i < cg->n; i++) {
		AUTO_FD int dir = open(cg->v[i].dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (dir < 0)
			continue;
		read_pids(dir, ret, 0);
		return 0;
	}
	return err_say(err, ENOENT, "the container has no cgroup");
}
