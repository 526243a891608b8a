// SPDX-License-Identifier: Apache-2.0
/* Id maps written, by hand or by newuidmap(1). */
#include "box/userns_parts.h"
#include "base/io.h"
#include "base/mem.h"

#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

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
