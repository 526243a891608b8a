// SPDX-License-Identifier: Apache-2.0
/*
 * What is taken away in a container. No mount point can be renamed or removed in its own namespace:
 * with the directory that holds it open, its name there stays its name.
 */
#include "base/mem.h"
#include "box/graft_parts.h"
#include "sys/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#define PLAINLY (RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS)

bool graft_is_root(const char *path)
{
	for (size_t n; *path; path += n) {
		path += strspn(path, "/");
		n = strcspn(path, "/");
		if (n > 1 || (n == 1 && *path != '.'))
			return false;
	}
	return true;
}

static int open_parent(const char *path, const char **ret_name)
{
	const char *name = strrchr(path, '/') + 1;
	AUTO_FREE char *dir = xstrndup(path, (size_t)(name - path));
	int fd = sys_openat2(AT_FDCWD, dir, O_PATH | O_DIRECTORY, PLAINLY);

	*ret_name = name;
	return fd < 0 ? -errno : fd;
}

static int mount_of(int dirfd, const char *name, int flags, struct statx *ret)
{
	flags |= AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC;
	return statx(dirfd, name, flags, STATX_MNT_ID, ret) < 0 ? -errno : 0;
}

/* -EINVAL: it is none. */
static int is_mount_point(int dir, const char *name, int fd)
{
	struct statx top, own;
	int rc = mount_of(dir, name, 0, &top);

	if (rc == 0 && !(top.stx_attributes & STATX_ATTR_MOUNT_ROOT))
		rc = -EINVAL;
	if (rc == 0 && fd >= 0)
		rc = mount_of(fd, "", AT_EMPTY_PATH, &own);
	return rc == 0 && fd >= 0 && own.stx_mnt_id != top.stx_mnt_id ? -ESTALE : rc;
}

static int look(const char *path)
{
	const char *name;
	AUTO_FD int dir = open_parent(path, &name);

	return dir < 0 ? dir : is_mount_point(dir, name, -1);
}

int graft_detach(const char *path, int fd)
{
	const char *name;
	AUTO_FD int dir = open_parent(path, &name);
	int rc = dir < 0 ? dir : is_mount_point(dir, name, fd);

	if (rc < 0)
		return rc;
	if (fchdir(dir) < 0)
		return -errno;
	return umount2(name, MNT_DETACH | UMOUNT_NOFOLLOW) < 0 ? -errno : 0;
}

static int refuse(const struct spec_mount *m, int code, struct err *err)
{
	if (code == EINVAL)
		return err_say(err, code, "%s: %s is no mount point in the container", m->said,
			       m->target);
	err_set(err, code, "%s: %s", m->said, m->target);
	if (code == ELOOP || code == ENOTDIR)
		err_hint(err, "in a container that lives no part of a destination may be a "
			      "symbolic link: give the path it leads to");
	return -code;
}

static int check_all(const struct spec *spec, struct err *err)
{
	for (size_t i = 0; i < spec->n_mounts; i++) {
		int rc = look(spec->mounts[i].target);
		if (rc < 0)
			return refuse(&spec->mounts[i], -rc, err);
	}
	return 0;
}

/* What is a mount point no more went with one that it was on. */
static int detach(const struct spec_mount *m, struct err *err)
{
	int rc = graft_detach(m->target, -1);

	if (rc == -EINVAL && look(m->target) == 0)
		return err_say(err, EPERM,
			       "%s: %s is locked: it came with the namespace, from another user "
			       "namespace",
			       m->said, m->target);
	return rc < 0 && rc != -EINVAL && rc != -ENOENT ? refuse(m, -rc, err) : 0;
}

static int remove_all(struct graft *g, struct err *err)
{
	if ((g->rootless && graft_enter_user(g, err) < 0) || graft_enter(g, err) < 0 ||
	    check_all(g->spec, err) < 0)
		return -err->code;
	for (size_t i = g->spec->n_mounts; i--;)
		if (detach(&g->spec->mounts[i], err) < 0)
			return -err->code;
	return 0;
}

int box_mounts_remove(const struct box_graft *order, struct err *err)
{
	struct graft g = {.spec = order->spec, .pidfd = order->pidfd};

	exec_init(&g.exec);
	for (size_t i = 0; i < g.spec->n_mounts; i++)
		if (graft_is_root(g.spec->mounts[i].target))
			return err_say(err, EINVAL, "%s: the container's root stays",
				       g.spec->mounts[i].said);
	int rc = graft_run(&g, remove_all, err);
	exec_done(&g.exec);
	return rc;
}
