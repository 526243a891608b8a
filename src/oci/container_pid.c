// SPDX-License-Identifier: Apache-2.0
/* --pid-file. */
#include "base/io.h"
#include "base/mem.h"
#include "oci/container.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Only a file is replaced: not the machine's /dev/null, nor a pipe that somebody reads. */
static int write_in_place(const char *path, const char *text)
{
	AUTO_FD int fd = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	return fd < 0 || io_write_all(fd, text, strlen(text)) < 0 ? -errno : 0;
}

int container_write_pid(const char *path, pid_t pid, struct err *err)
{
	AUTO_FREE char *fresh = NULL;
	AUTO_FREE char *text = xasprintf("%d", pid);
	const char *slash = path ? strrchr(path, '/') : NULL;
	struct stat st;

	if (!path)
		return 0;
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		int rc = write_in_place(path, text);
		return rc < 0 ? err_set(err, -rc, "--pid-file %s", path) : 0;
	}
	fresh = xasprintf("%.*s.%s.tmp", slash ? (int)(slash - path + 1) : 0, path,
			  slash ? slash + 1 : path);
	AUTO_FD int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || io_write_all(fd, text, strlen(text)) < 0 || rename(fresh, path) < 0)
		return err_set(err, errno, "--pid-file %s", path);
	return 0;
}
