// SPDX-License-Identifier: Apache-2.0
/*
 * The end of a cgroup: everything in it and below it is killed, the directories are removed from
 * the leaves up. Works on descriptors only, since the paths may be out of sight by then.
 */
#include "base/io.h"
#include "base/mem.h"
#include "box/cgroup_parts.h"
#include "box/pids.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/vfs.h>
#include <time.h>
#include <linux/magic.h>

#define PROCS_MAX (64 << 20)

enum cgroup_version cgroup_version_of(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return CGROUP_NONE;
	return fs.f_type == CGROUP2_SUPER_MAGIC	 ? CGROUP_V2
	       : fs.f_type == CGROUP_SUPER_MAGIC ? CGROUP_V1
						 : CGROUP_NONE;
}

int64_t cgroup_deadline(int64_t ms)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000 + ms;
}

static int list(const void *dir, struct pids *ret, struct err *err)
{
	AUTO(buf) struct buf procs = {0};
	int rc = io_read_file(*(const int *)dir, "cgroup.procs", PROCS_MAX, &procs, err);

	pids_parse(procs.data, ret);
	pids_sort(ret);
	return rc;
}

static void kill_processes(int dir)
{
	AUTO(err) struct err ignored = {0};

	if (io_write_file(dir, "cgroup.kill", "1", NULL) == 0)
		return;
	/* v1, and before Linux 5.14. Nothing may be born faster than it is killed. */
	io_write_file(dir, "pids.max", "0", NULL);
	pids_signal(list, &dir, SIGKILL, &ignored);
}

/* The name of one directory in `dir`; NULL: there is none. */
static char *any_child(int dir)
{
	AUTO_FD int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	char *name = NULL;

	if (!stream)
		return NULL;
	fd = -1;
	while (!name && (entry = readdir(stream)))
		if (entry->d_type == DT_DIR && strcmp(entry->d_name, ".") &&
		    strcmp(entry->d_name, ".."))
			name = xstrdup(entry->d_name);
	closedir(stream);
	return name;
}

/*
 * Goes down to a leaf, killing on the way, and removes it. Two descriptors however deep it is:
 * a box can have made more levels than we may have files open. 1: parent/name itself is gone.
 */
static int remove_leaf(int parent, const char *name)
{
	AUTO_FD int above = fcntl(parent, F_DUPFD_CLOEXEC, 0);
	AUTO_FREE char *leaf = xstrdup(name);
	bool is_top = true;

	for (;;) {
		AUTO_FD int dir =
			openat(above, leaf, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (dir < 0)
			break;
		kill_processes(dir);
		char *child = any_child(dir);
		if (!child)
			break;
		free(leaf);
		leaf = child;
		close(above);
		above = TAKE_FD(dir);
		is_top = false;
	}
	if (unlinkat(above, leaf, AT_REMOVEDIR) < 0 && errno != ENOENT)
		return -errno;
	return is_top;
}

int cgroup_kill(int parent, const char *name, int64_t deadline)
{
	struct timespec nap = {.tv_nsec = 200000};

	/* Most often it is empty. What cannot be a name was never made. */
	if (unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT || errno == ENAMETOOLONG)
		return 0;
	for (;;) {
		int rc = remove_leaf(parent, name);
		if (rc == 1)
			return 0;
		if (rc < 0 && rc != -EBUSY)
			return rc;
		if (cgroup_deadline(0) > deadline)
			return -EBUSY;
		if (rc == 0)
			continue;
		nanosleep(&nap, NULL);
		if (nap.tv_nsec < 20000000)
			nap.tv_nsec *= 2;
	}
}
