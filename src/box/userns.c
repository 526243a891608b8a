// SPDX-License-Identifier: Apache-2.0
/* User namespace maps: the default ones, and writing them by hand or by newuidmap(1). */
#include "box/userns.h"
#include "base/io.h"
#include "base/mem.h"
#include "sys/calls.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define NEWUIDMAP "/usr/bin/newuidmap"
#define NEWGIDMAP "/usr/bin/newgidmap"

bool userns_is_privileged(void)
{
	return sys_has_cap(CAP_SYS_ADMIN) && geteuid() == 0;
}

int userns_is_initial(bool *ret, struct err *err)
{
	struct stat st;

	if (stat("/proc/self/ns/user", &st) < 0)
		return err_set(err, errno, "/proc/self/ns/user");
	*ret = st.st_ino == INITIAL_USER_NS;
	return 0;
}

/* The caller's name in /etc/passwd, read by hand: a static program cannot load NSS modules. */
static char *own_name(void)
{
	AUTO(buf) struct buf file = {0};
	AUTO(strv) struct strv lines = {0};
	AUTO_FREE char *uid = xasprintf("%u", geteuid());

	if (io_read_file(AT_FDCWD, "/etc/passwd", 1 << 20, &file, NULL) < 0)
		return NULL;
	strv_split(&lines, file.data, '\n');
	for (size_t i = 0; i < lines.n; i++) {
		AUTO(strv) struct strv field = {0};
		strv_split(&field, lines.v[i], ':');
		if (field.n >= 3 && !strcmp(field.v[2], uid))
			return xstrdup(field.v[0]);
	}
	return NULL;
}

/* The first range that subuid(5) or subgid(5) grants the caller, by name or number. */
static bool granted_range(const char *path, uint64_t *ret_first, uint64_t *ret_count)
{
	AUTO(buf) struct buf file = {0};
	AUTO(strv) struct strv lines = {0};
	AUTO_FREE char *name = own_name();
	AUTO_FREE char *uid = xasprintf("%u", geteuid());

	if (io_read_file(AT_FDCWD, path, 1 << 20, &file, NULL) < 0)
		return false;
	strv_split(&lines, file.data, '\n');
	for (size_t i = 0; i < lines.n; i++) {
		AUTO(strv) struct strv field = {0};
		strv_split(&field, lines.v[i], ':');
		if (field.n == 3 &&
		    (!strcmp(field.v[0], uid) || (name && !strcmp(field.v[0], name))) &&
		    str_to_u64(field.v[1], UINT32_MAX - 1, ret_first, NULL) == 0 &&
		    str_to_u64(field.v[2], UINT32_MAX - 1, ret_count, NULL) == 0 && *ret_count)
			return true;
	}
	return false;
}

/* The id that the caller's own one appears as: a lone number of --user, else 0. */
static uint64_t own_inside(const struct spec *spec, bool group)
{
	AUTO(strv) struct strv part = {0};
	uint64_t id = 0;

	if (spec->user)
		strv_split(&part, spec->user, ':');
	if (part.n > (group ? 1 : 0))
		str_to_u64(part.v[group ? 1 : 0], UINT32_MAX - 1, &id, NULL);
	return id;
}

static char *rootless_map(const struct spec *spec)
{
	uint64_t uid, uids, gid, gids;

	/* The helpers are set-user-ID programs. */
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0 && access(NEWUIDMAP, X_OK) == 0 &&
	    access(NEWGIDMAP, X_OK) == 0 && granted_range("/etc/subuid", &uid, &uids) &&
	    granted_range("/etc/subgid", &gid, &gids))
		return xasprintf("u:0:%u:1,u:1:%llu:%llu,g:0:%u:1,g:1:%llu:%llu", geteuid(),
				 (unsigned long long)uid, (unsigned long long)uids, getegid(),
				 (unsigned long long)gid, (unsigned long long)gids);
	return xasprintf("u:%llu:%u:1,g:%llu:%u:1", (unsigned long long)own_inside(spec, false),
			 geteuid(), (unsigned long long)own_inside(spec, true), getegid());
}

static bool is_own(int fd)
{
	struct stat there, here;

	return fstat(fd, &there) == 0 && stat("/proc/self/ns/user", &here) == 0 &&
	       there.st_ino == here.st_ino && there.st_dev == here.st_dev;
}

int userns_enter(int fd, struct err *err)
{
	/* Who is root in there may not look into one that came with more than he has. */
	if (userns_is_privileged() && prctl(PR_SET_DUMPABLE, 0) < 0)
		return err_set(err, errno, "dumpable");
	if (setns(fd, CLONE_NEWUSER) < 0)
		return err_set(err, errno, "linux.namespaces: enter the user namespace");
	return 0;
}

int userns_open(const struct spec *spec, int *ret, struct err *err)
{
	const char *path = spec_joined(spec, CLONE_NEWUSER);
	AUTO_FD int fd = -1;

	if (!path)
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(err, errno, "linux.namespaces: user: %s", path);
	if (!is_own(fd))
		*ret = TAKE_FD(fd);
	return 0;
}

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

static int joined_map(const struct spec *spec, char **ret, struct err *err)
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

int userns_map(const struct spec *spec, char **ret, struct err *err)
{
	bool privileged = userns_is_privileged();

	*ret = NULL;
	if (spec->idmap && mnt_idmap_check(spec->idmap, err) < 0)
		return err_add(err, "id map of the user namespace");
	bool joins = spec_joined(spec, CLONE_NEWUSER);
	if (joins && joined_map(spec, ret, err) < 0)
		return -err->code;
	if (joins || (privileged && !(spec->unshare & CLONE_NEWUSER)))
		return 0;
	if (spec->idmap)
		*ret = xstrdup(spec->idmap);
	else
		*ret = privileged ? xstrdup("0:0:4294967295") : rootless_map(spec);
	return 0;
}

static int write_lines(int procfd, pid_t pid, const char *file, const char *text, struct err *err)
{
	AUTO_FREE char *path = xasprintf("%d/%s", pid, file);

	return io_write_file(procfd, path, text, err);
}

/* newuidmap PID INSIDE OUTSIDE LENGTH…: needs the host's tree and /proc, which the caller has. */
static int run_helper(const char *helper, pid_t pid, const char *lines, struct err *err)
{
	static char *const environment[] = {(char *)"PATH=/usr/bin:/bin", NULL};
	AUTO(strv) struct strv args = {0};
	AUTO_FREE char *text = xstrdup(lines);
	int status;
	pid_t child;

	strv_add(&args, helper);
	strv_addf(&args, "%d", pid);
	for (char *save = NULL, *word = strtok_r(text, " \n", &save); word;
	     word = strtok_r(NULL, " \n", &save))
		strv_add(&args, word);
	int rc = posix_spawn(&child, helper, NULL, NULL, args.v, environment);
	if (rc)
		return err_set(err, rc, "run %s", helper);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (status)
		return err_say(err, EPERM, "%s refused the id map; see /etc/subuid and /etc/subgid",
			       helper);
	return 0;
}

/* One id, the caller's own: the only map that needs no privilege. */
static bool is_single(const char *map)
{
	const char *comma = strchr(map, ',');

	return comma && !strchr(comma + 1, ',');
}

int userns_write_map(int procfd, pid_t pid, const char *map, struct err *err)
{
	AUTO_FREE char *u = mnt_idmap_lines(map, 'u');
	AUTO_FREE char *g = mnt_idmap_lines(map, 'g');
	bool privileged = userns_is_privileged();

	if (!privileged && !is_single(map))
		return run_helper(NEWUIDMAP, pid, u, err) < 0 ? -err->code
							      : run_helper(NEWGIDMAP, pid, g, err);
	if (!privileged && write_lines(procfd, pid, "setgroups", "deny", err) < 0)
		return -err->code;
	if (write_lines(procfd, pid, "uid_map", u, err) < 0 ||
	    write_lines(procfd, pid, "gid_map", g, err) < 0)
		return err_hint(
			err,
			"without privilege only the caller's own id can be mapped, or ranges of "
			"/etc/subuid and /etc/subgid by newuidmap (package uidmap)");
	return 0;
}
