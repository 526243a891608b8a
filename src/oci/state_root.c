// SPDX-License-Identifier: Apache-2.0
/* The directory of all containers. */
#include "oci/state_parts.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int state_check_id(const char *id, struct err *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_+.-";
	size_t len = strlen(id);

	if (!len || len > 255 || strspn(id, allowed) != len || *id == '.' || *id == '-')
		return err_say(err, EINVAL,
			       "'%s' cannot be a container's id: expected up to 255 of A-Z a-z "
			       "0-9 _ + - and dot, the last two not first",
			       id);
	return 0;
}

static int open_directory(const char *root, bool create)
{
	AUTO_FREE char *path = xstrdup(root);
	int fd = open(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	create &= fd < 0 && errno == ENOENT;
	if (!create)
		return fd < 0 ? -errno : fd;
	for (char *at = path; (at = strchr(at + 1, '/'));) {
		*at = 0;
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			return -errno;
		*at = '/';
	}
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = open(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Whoever else may write there says which processes are ended. */
static int check(int fd, const char *root, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_set(err, errno, "state directory %s", root);
	if (st.st_uid != geteuid() || st.st_mode & (S_IWGRP | S_IWOTH))
		return err_say(err, EPERM,
			       "state directory %s: it must be owned by user %u, and no other may "
			       "write there",
			       root, geteuid());
	return 0;
}

int state_open_root(const char *root, bool create, int *ret, struct err *err)
{
	AUTO_FD int fd = open_directory(root, create);

	if (fd < 0)
		return err_set(err, -fd, "state directory %s", root);
	int rc = check(fd, root, err);
	if (rc == 0)
		*ret = TAKE_FD(fd);
	return rc;
}

int state_list(const char *root, struct strv *ret, struct err *err)
{
	struct dirent **names;
	int n = scandir(root, &names, NULL, alphasort);

	if (n < 0)
		return errno == ENOENT ? 0 : err_set(err, errno, "state directory %s", root);
	for (int i = 0; i < n; i++) {
		if (state_check_id(names[i]->d_name, NULL) == 0)
			strv_add(ret, names[i]->d_name);
		free(names[i]);
	}
	free(names);
	return 0;
}
