// SPDX-License-Identifier: Apache-2.0
/* Reading and writing whole small files. */
#include "base/io.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

int io_read_file(int dirfd, const char *path, size_t max, struct buf *ret, struct err *err)
{
	/* O_NONBLOCK: a FIFO planted in a root file system must not stall us. */
	AUTO_FD int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	AUTO(buf) struct buf b = {0};
	char chunk[4096];

	if (fd < 0)
		return err_set(err, errno, "open %s", path);
	for (;;) {
		ssize_t n = read(fd, chunk, sizeof(chunk));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(err, errno, "read %s", path);
		if (n == 0)
			break;
		if (b.len + (size_t)n > max)
			return err_say(err, EFBIG, "%s is larger than %zu bytes", path, max);
		buf_add(&b, chunk, (size_t)n);
	}
	buf_add(&b, "", 0);
	*ret = b;
	b = (struct buf){0};
	return 0;
}

DIR *io_open_dir(int dirfd, const char *path)
{
	AUTO_FD int fd = openat(dirfd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (dir)
		fd = -1;
	return dir;
}

int io_write_file(int dirfd, const char *path, const char *text, struct err *err)
{
	AUTO_FD int fd = openat(dirfd, path, O_WRONLY | O_CLOEXEC);
	size_t len = strlen(text);

	if (fd < 0)
		return err_set(err, errno, "open %s", path);
	if (write(fd, text, len) != (ssize_t)len)
		return err_set(err, errno, "write %s", path);
	return 0;
}

int io_write_all(int fd, const void *data, size_t len)
{
	const char *p = data;

	while (len) {
		ssize_t n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

void io_fix_standard_fds(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

/* A failed write is forgotten by the stream, but for a flag. */
int io_flush_stdout(struct err *err)
{
	int code = fflush(stdout) ? errno : ferror(stdout) ? EIO : 0;

	return code ? err_set(err, code, "standard output") : 0;
}
