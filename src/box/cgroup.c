// SPDX-License-Identifier: Apache-2.0
/* The life of a box's cgroups: made with their limits, joined, removed. All by descriptors. */
#include "base/io.h"
#include "base/mem.h"
#include "box/cgroup_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* A killed process is gone in a moment, unless it waits for a device or a network file system. */
#define PATIENCE_MS 2000

static const char *name_of(const char *path)
{
	return strrchr(path, '/') + 1;
}

static int open_parent(const char *path)
{
	AUTO_FREE char *parent = xstrndup(path, (size_t)(name_of(path) - path));

	return open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static int cannot_make(const char *dir, const struct spec_limits *limits, int code, struct err *err)
{
	AUTO_FREE char *words = cgroup_limits_words(limits);

	if (code == EACCES || code == EPERM || code == EROFS)
		return err_say(err, code,
			       "%s: permission denied: cannot make the cgroup %s; without root a "
			       "limit needs a delegated cgroup, as made by: systemd-run --user "
			       "--scope -p Delegate=yes mntns …",
			       words, dir);
	if (code == EEXIST)
		return err_say(err, code,
			       "%s: the cgroup %s is in use by something this runtime directory "
			       "does not know; give the box another name",
			       words, dir);
	return err_set(err, code, "%s: cannot make the cgroup %s", words, dir);
}

static int make_dir(struct cgroup *cg, size_t at, const struct spec_limits *limits, struct err *err)
{
	const char *dir = cg->dirs.v[at], *name = name_of(dir);
	int parent = open_parent(dir);

	if (parent < 0)
		return cannot_make(dir, limits, errno, err);
	cg->parents[at] = parent;
	if (cgroup_version_of(parent) == CGROUP_NONE)
		return err_say(err, ENOTSUP,
			       "cannot make the cgroup %s: something else is mounted over the "
			       "cgroup file system there",
			       dir);
	int rc = mkdirat(parent, name, 0755);
	/* An empty one is what is left of a box whose record was lost. */
	if (rc < 0 && errno == EEXIST && unlinkat(parent, name, AT_REMOVEDIR) == 0)
		rc = mkdirat(parent, name, 0755);
	else if (rc < 0 && errno == EBUSY)
		errno = EEXIST;
	if (rc < 0)
		return cannot_make(dir, limits, errno, err);
	cg->fds[at] = openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (cg->fds[at] >= 0)
		return 0;
	rc = err_set(err, errno, "open the cgroup %s", dir);
	unlinkat(parent, name, AT_REMOVEDIR);
	return rc;
}

static void init(struct cgroup *cg, const struct strv *dirs)
{
	*cg = (struct cgroup){
		.dirs = strv_copy(dirs),
		.fds = xcalloc(dirs->n, sizeof(int)),
		.parents = xcalloc(dirs->n, sizeof(int)),
	};
	for (size_t i = 0; i < dirs->n; i++)
		cg->fds[i] = cg->parents[i] = -1;
}

int cgroup_create(struct cgroup *cg, const struct strv *dirs, const struct spec_limits *limits,
		  struct err *err)
{
	int rc = cgroup_limits_check(limits, err);

	if (rc < 0)
		return rc;
	init(cg, dirs);
	for (size_t i = 0; rc == 0 && i < dirs->n; i++)
		rc = make_dir(cg, i, limits, err);
	if (rc == 0)
		rc = cgroup_limits_apply(cg, limits, err);
	if (rc < 0) {
		cgroup_remove(cg);
		cgroup_done(cg);
	}
	return rc;
}

int cgroup_add(const struct cgroup *cg, pid_t pid, struct err *err)
{
	AUTO_FREE char *text = xasprintf("%d", pid);

	for (size_t i = 0; i < cg->dirs.n; i++) {
		AUTO(err) struct err why = {0};
		int rc = io_write_file(cg->fds[i], "cgroup.procs", text, &why);
		if (rc == -EACCES || rc == -EPERM)
			return err_say(err, -rc,
				       "permission denied: cannot move a process into the cgroup "
				       "%s; the cgroup above it must be delegated as well",
				       cg->dirs.v[i]);
		if (rc < 0)
			return err_set(err, -rc, "put process %d into the cgroup %s", pid,
				       cg->dirs.v[i]);
	}
	return 0;
}

int cgroup_remove(struct cgroup *cg)
{
	int64_t deadline = cgroup_deadline(PATIENCE_MS);
	int failed = 0;

	for (size_t i = 0; i < cg->dirs.n; i++) {
		/* Without a descriptor it was not made, or not by us. */
		int rc = cg->fds[i] < 0
				 ? 0
				 : cgroup_kill(cg->parents[i], name_of(cg->dirs.v[i]), deadline);
		failed = rc < 0 ? rc : failed;
	}
	return failed;
}

/*
 * Is a directory that cannot be opened really gone? Only where the nearest one above it that is
 * there shows a cgroup file system; elsewhere (in a box, say) nothing is known about it.
 */
static bool is_in_sight(const char *path)
{
	AUTO_FREE char *above = xstrdup(path);
	char *slash;

	while ((slash = strrchr(above, '/')) && slash != above) {
		*slash = 0;
		AUTO_FD int fd = open(above, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0)
			return cgroup_version_of(fd) != CGROUP_NONE;
	}
	return false;
}

static int remove_by_path(const char *path, int64_t deadline)
{
	/* A record that was tampered with must not kill what is not a box's. */
	if (path[0] != '/' || !str_starts(name_of(path), CGROUP_PREFIX))
		return 0;
	AUTO_FD int parent = open_parent(path);
	if (!is_in_sight(path))
		return -ESTALE;
	return parent < 0 ? 0 : cgroup_kill(parent, name_of(path), deadline);
}

int cgroup_remove_dirs(const struct strv *dirs)
{
	int64_t deadline = cgroup_deadline(PATIENCE_MS);
	int failed = 0;

	for (size_t i = 0; i < dirs->n; i++) {
		int rc = remove_by_path(dirs->v[i], deadline);
		failed = rc < 0 ? rc : failed;
	}
	return failed;
}

void cgroup_done(struct cgroup *cg)
{
	for (size_t i = 0; i < cg->dirs.n; i++) {
		auto_close(&cg->fds[i]);
		auto_close(&cg->parents[i]);
	}
	free(cg->fds);
	free(cg->parents);
	strv_done(&cg->dirs);
	*cg = (struct cgroup){0};
}
