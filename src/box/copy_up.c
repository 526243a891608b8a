// SPDX-License-Identifier: Apache-2.0
/*
 * A copy of a tree below descriptors. The source is a container's: links are copied, never
 * followed, and what is no file, directory or link (a device, a socket) stays behind.
 */
#include "box/copy_up.h"
#include "base/io.h"
#include "base/mem.h"
#include "sys/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#define DEPTH_MAX 64

static int copy_entries(int from, int to, int depth, struct err *err);

/* Owner before mode: a change of owner clears set-user-ID. */
static int copy_meta(int fd, const struct stat *st)
{
	struct timespec times[2] = {st->st_atim, st->st_mtim};

	if (fchown(fd, st->st_uid, st->st_gid) < 0 || fchmod(fd, st->st_mode & 07777) < 0)
		return -errno;
	return futimens(fd, times) < 0 ? -errno : 0;
}

static int copy_file(int from, int to, const char *name, const struct stat *st)
{
	AUTO_FD int in = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	AUTO_FD int out =
		openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	ssize_t n;

	if (in < 0 || out < 0)
		return -errno;
	while ((n = sendfile(out, in, NULL, 1 << 20)) > 0)
		;
	return n < 0 ? -errno : copy_meta(out, st);
}

static int copy_link(int from, int to, const char *name, const struct stat *st)
{
	char text[PATH_MAX];
	ssize_t n = readlinkat(from, name, text, sizeof(text) - 1);

	if (n < 0)
		return -errno;
	text[n] = 0;
	if (symlinkat(text, to, name) < 0)
		return -errno;
	return fchownat(to, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

static int copy_dir(int from, int to, const char *name, const struct stat *st, int depth,
		    struct err *err)
{
	AUTO_FD int in = openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (in < 0 || mkdirat(to, name, 0700) < 0)
		return -errno;
	AUTO_FD int out = openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (out < 0)
		return -errno;
	int rc = copy_entries(in, out, depth + 1, err);
	return rc < 0 ? rc : copy_meta(out, st);
}

static int copy_entry(int from, int to, const char *name, int depth, struct err *err)
{
	struct stat st;
	int rc = 0;

	if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_set(err, errno, "%s", name);
	if (S_ISREG(st.st_mode))
		rc = copy_file(from, to, name, &st);
	else if (S_ISLNK(st.st_mode))
		rc = copy_link(from, to, name, &st);
	else if (S_ISDIR(st.st_mode))
		rc = copy_dir(from, to, name, &st, depth, err);
	return rc < 0 && !(err && err->msg) ? err_set(err, -rc, "%s", name) : rc;
}

static int copy_entries(int from, int to, int depth, struct err *err)
{
	DIR *dir = io_open_dir(from, ".");
	struct dirent *entry;
	int rc = 0;

	if (!dir)
		return err_set(err, errno, "open a directory");
	if (depth > DEPTH_MAX)
		rc = err_set(err, ELOOP, "more than %d directories deep", DEPTH_MAX);
	while (rc == 0 && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			rc = copy_entry(from, to, entry->d_name, depth, err);
	closedir(dir);
	return rc;
}

int copy_up(const char *path, int to, struct err *err)
{
	AUTO_FD int from =
		sys_openat2(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, RESOLVE_NO_MAGICLINKS);
	AUTO_FD int into = openat(to, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	if (from < 0)
		return errno == ENOENT ? 0 : err_set(err, errno, "tmpcopyup %s", path);
	if (into < 0 || fstat(from, &st) < 0)
		return err_set(err, errno, "tmpcopyup %s", path);
	if (copy_entries(from, into, 0, err) < 0)
		return err_add(err, "tmpcopyup %s", path);
	return copy_meta(into, &st) < 0 ? err_set(err, errno, "tmpcopyup %s", path) : 0;
}
