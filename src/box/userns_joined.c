// SPDX-License-Identifier: Apache-2.0
/* The id map of a user namespace that is joined, which somebody in it has to read. */
#include "box/userns_parts.h"
#include "base/io.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int add_ranges(pid_t pid, char kind, struct buf *map, struct err *err)
{
	AUTO_FREE char *path = xasprintf("/proc/%d/%cid_map", pid, kind);
	AUTO(buf) struct buf text = {0};
	unsigned inside, outside, count;

	if (io_read_file(AT_FDCWD, path, 1 << 16, &text, err) < 0)
		return -err->code;
	for (char *line = text.data; line && *line; line += strcspn(line, "\n"), line += !!*line)
		if (sscanf(line, "%u %u %u", &inside, &outside, &count) == 3)
			buf_addf(map, "%s%c:%u:%u:%u", map->len ? "," : "", kind, inside, outside,
				 count);
	return 0;
}

/* Somebody must be in there for it to be read: he waits at the end of a pipe. */
static int read_map_of(int ns, int ready[2], struct buf *map, struct err *err)
{
	char byte;
	pid_t pid = fork();

	if (pid < 0)
		return err_set(err, errno, "fork");
	if (pid == 0) {
		close(ready[0]);
		if (userns_enter(ns, NULL) == 0 && write(ready[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	close(TAKE_FD(ready[1]));
	int rc = read(ready[0], &byte, 1) == 1
			 ? 0
			 : err_say(err, EPERM, "it cannot be entered by this user");
	if (rc == 0)
		rc = add_ranges(pid, 'u', map, err);
	if (rc == 0)
		rc = add_ranges(pid, 'g', map, err);
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return rc;
}

/* The same ranges, in whatever order they are said. */
static bool is_same(const char *a, const char *b)
{
	AUTO(strv) struct strv all = {0}, said = {0};

	strv_split(&all, a, ',');
	strv_split(&said, b, ',');
	for (size_t i = 0; i < said.n; i++)
		if (!strv_has(&all, said.v[i]))
			return false;
	return all.n == said.n;
}

int userns_joined_map(const struct spec *spec, char **ret, struct err *err)
{
	const char *path = spec_joined(spec, CLONE_NEWUSER), *said = spec->idmap;
	AUTO_FD int ns = -1;
	AUTO(buf) struct buf map = {0};
	int ready[2];

	if (userns_open(spec, &ns, err) < 0)
		return -err->code;
	if (ns < 0)
		return 0;
	if (pipe2(ready, O_CLOEXEC) < 0)
		return err_set(err, errno, "pipe");
	int rc = read_map_of(ns, ready, &map, err);
	auto_close(&ready[0]);
	auto_close(&ready[1]);
	if (rc < 0)
		return err_add(err, "linux.namespaces: user: %s", path);
	if (!map.len)
		return err_say(err, EINVAL, "linux.namespaces: user: %s has no id map yet", path);
	if (said && !is_same(map.data, said))
		return err_say(err, EINVAL, "linux.namespaces: user: %s: its map is %s, not %s",
			       path, map.data, said);
	*ret = buf_take(&map);
	return 0;
}
