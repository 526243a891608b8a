// SPDX-License-Identifier: Apache-2.0
/*
 * After killed boxes: a record that can be locked has no mntns any more. Whoever has the lock,
 * and sees that the name still means the file that is locked, may remove what is in it; nobody
 * else removes a record, so that between the two no name can be taken from its holder.
 */
#include "base/mem.h"
#include "box/cgroup.h"
#include "box/journal_parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

static int remove_cgroups(int fd, const char *id)
{
	__attribute__((cleanup(record_done))) struct record record = {0};
	AUTO(strv) struct strv guessed = {0};
	int rc = 0;

	if (record_read(fd, id, &record) < 0) {
		cgroup_guess(id, &guessed);
		rc = cgroup_remove_dirs(&guessed);
	}
	int rc2 = cgroup_remove_dirs(&record.cgroups);
	return rc2 < 0 ? rc2 : rc;
}

/* Opens and locks the file that has this name now. -ENOENT: there is none (any more). */
static int lock_record(int dirfd, const char *name, struct stat *ret)
{
	AUTO_FD int fd =
		openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat named;

	if (fd < 0 || fstat(fd, ret) < 0)
		return -errno;
	if (!S_ISREG(ret->st_mode) || ret->st_uid != geteuid())
		return -EINVAL;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return -errno;
	/* Its holder or another cleaner may have removed it before we had the lock. */
	if (fstatat(dirfd, name, &named, AT_SYMLINK_NOFOLLOW) < 0 || named.st_ino != ret->st_ino ||
	    named.st_dev != ret->st_dev || fstat(fd, ret) < 0)
		return -ENOENT;
	return TAKE_FD(fd);
}

int journal_bury(int dirfd, const char *id)
{
	struct stat st;
	AUTO_FD int fd = lock_record(dirfd, id, &st);

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	int rc = remove_cgroups(fd, id);
	if (rc < 0)
		return rc;
	return unlinkat(dirfd, id, 0) < 0 && errno != ENOENT ? -errno : 0;
}

/* Its maker may not have locked it yet, and then makes another. */
static void remove_draft(int dirfd, const char *name)
{
	struct stat st;
	AUTO_FD int fd = lock_record(dirfd, name, &st);

	if (fd >= 0)
		unlinkat(dirfd, name, 0);
}

void journal_clean(void)
{
	int dirfd = journal_dir(false, NULL);
	DIR *stream = dirfd >= 0 ? fdopendir(dirfd) : NULL;
	struct dirent *entry;

	if (!stream)
		return;
	while ((entry = readdir(stream))) {
		const char *name = entry->d_name;
		if (journal_name_is_valid(name))
			journal_bury(dirfd, name);
		else if (name[0] == JOURNAL_DRAFT && strcmp(name, ".") && strcmp(name, ".."))
			remove_draft(dirfd, name);
	}
	closedir(stream);
}
