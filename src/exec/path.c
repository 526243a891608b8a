// SPDX-License-Identifier: Apache-2.0
/*
 * Path resolution of ops. Inside a handle's tree by RESOLVE_IN_ROOT, otherwise from the root of
 * the process, which a box has switched by then. Missing parts are made one component at a time
 * below a descriptor, so that no symbolic link, not even a dangling one, is ever created through.
 */
#include "exec/path.h"
#include "base/mem.h"
#include "exec/handle.h"
#include "sys/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* Opens `path` of the target's tree; an error is -errno. */
static int open_in(const struct exec *ex, int handle, const char *path, unsigned flags)
{
	uint64_t resolve = RESOLVE_NO_MAGICLINKS;
	int dirfd = AT_FDCWD;

	if (handle) {
		dirfd = exec_handle(ex, handle);
		resolve |= RESOLVE_IN_ROOT;
	}
	if (flags & OP_NOSYMLINKS)
		resolve |= RESOLVE_NO_SYMLINKS;
	int fd = sys_openat2(dirfd, path, O_PATH, resolve);
	return fd < 0 ? -errno : fd;
}

int exec_resolve(const struct exec *ex, const struct op_target *target, unsigned flags)
{
	if (!target->path) {
		int fd = fcntl(exec_handle(ex, target->handle), F_DUPFD_CLOEXEC, 3);
		return fd < 0 ? -errno : fd;
	}
	return open_in(ex, target->handle, target->path, flags);
}

struct exec_at exec_at(const struct exec *ex, const struct op_target *target, unsigned flags)
{
	if (!target->path)
		return (struct exec_at){exec_handle(ex, target->handle), false};
	return (struct exec_at){open_in(ex, target->handle, target->path, flags), true};
}

void exec_at_done(struct exec_at *at)
{
	if (at->opened && at->fd >= 0)
		close(at->fd);
}

/* "/a/b" -> "/a/", "b"; NULL: there is no last name. */
static char *split(const char *path, const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	if (!*name || !strcmp(name, ".") || !strcmp(name, ".."))
		return NULL;
	*ret_name = name;
	return slash ? xstrndup(path, (size_t)(name - path)) : xstrdup(".");
}

int exec_open_parent(const struct exec *ex, const struct op_target *target, const char **ret_name)
{
	AUTO_FREE char *dir = split(target->path, ret_name);

	return dir ? open_in(ex, target->handle, dir, 0) : -EINVAL;
}

void exec_forget_parent(struct exec *ex)
{
	if (ex->parent.path && !ex->parent.shared)
		close(ex->parent.fd);
	free(ex->parent.path);
	ex->parent = (struct exec_parent){0};
}

static bool is_parent(const struct exec_parent *p, int handle, const char *dir, unsigned flags)
{
	return p->path && p->handle == handle && p->flags == (flags & OP_NOSYMLINKS) &&
	       !strcmp(p->path, dir);
}

bool exec_made_beside(const struct exec *ex, const struct op_target *target, unsigned flags)
{
	const char *name;
	AUTO_FREE char *dir = split(target->path, &name);

	return dir && ex->parent.shared && is_parent(&ex->parent, target->handle, dir, flags);
}

int exec_parent(struct exec *ex, const struct op_target *target, unsigned flags,
		const char **ret_name)
{
	AUTO_FREE char *dir = split(target->path, ret_name);
	struct exec_parent *p = &ex->parent;

	flags &= OP_NOSYMLINKS;
	if (!dir)
		return -EINVAL;
	if (is_parent(p, target->handle, dir, flags))
		return p->fd;
	exec_forget_parent(ex);
	int fd = open_in(ex, target->handle, dir, flags);
	if (fd >= 0)
		*p = (struct exec_parent){xstrdup(dir), target->handle, flags, fd, false};
	return fd;
}

/* Makes one component below dir, whose descriptor `made` takes. */
static int create(struct exec *ex, int dir, const char *name, bool is_dir)
{
	AUTO_FD int made = -1;

	if (!strcmp(name, ".."))
		return -EINVAL;
	if (is_dir) {
		if (mkdirat(dir, name, 0755) < 0)
			return -errno;
	} else {
		made = openat(dir, name, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC,
			      0644);
		if (made < 0)
			return -errno;
	}
	VEC_PUSH(ex->made, ex->n_made, (struct exec_made){dir, xstrdup(name), is_dir});
	return 0;
}

static int open_made(int dir, const char *name)
{
	int fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static bool is_made_in(const struct exec *ex, int dir)
{
	return ex->n_made && ex->made[ex->n_made - 1].dirfd == dir;
}

/*
 * Walks the prefixes of the path until one is missing, then makes the rest. A dangling symbolic
 * link is an EEXIST of mkdirat: reported as it is, never followed.
 */
static int make_all(struct exec *ex, const struct op_target *target, bool is_dir, unsigned flags)
{
	AUTO_FREE char *path = xstrdup(target->path);
	int dir = open_in(ex, target->handle, "/", 0);
	bool making = false;
	char *end = path;

	while (dir >= 0) {
		char *name = end + strspn(end, "/");
		end = name + strcspn(name, "/");
		bool last = !end[strspn(end, "/")];
		char saved = *end;
		*end = 0;
		int next = making ? -ENOENT : open_in(ex, target->handle, path, flags);
		making = next == -ENOENT && *name;
		if (making)
			next = create(ex, dir, name, !last || is_dir);
		if (making && next == 0)
			next = open_made(dir, name);
		if (!is_made_in(ex, dir))
			close(dir);
		*end = saved;
		dir = next;
		if (last)
			break;
	}
	return dir;
}

/* Where it is, too: mostly it is the last component alone. */
struct exec_point exec_make(struct exec *ex, const struct op_target *target, bool is_dir,
			    unsigned flags)
{
	const char *name;
	int dir = exec_parent(ex, target, flags, &name);

	if (dir < 0)
		return (struct exec_point){make_all(ex, target, is_dir, flags), NULL};
	int rc = create(ex, dir, name, is_dir);
	ex->parent.shared |= is_made_in(ex, dir);
	return (struct exec_point){rc < 0 ? rc : dir, name};
}

int exec_resolve_or_make(struct exec *ex, const struct op_target *target, bool is_dir,
			 unsigned flags)
{
	int fd = exec_resolve(ex, target, flags);

	if (fd != -ENOENT || !target->path)
		return fd;
	struct exec_point point = exec_make(ex, target, is_dir, flags);
	return point.fd < 0 || !point.name ? point.fd : open_made(point.fd, point.name);
}
