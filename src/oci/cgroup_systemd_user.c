// SPDX-License-Identifier: Apache-2.0
/* The systemd manager of an ordinary user, and of whom root of a user namespace is outside it. */
#include "oci/cgroup_systemd.h"
#include "base/io.h"
#include "base/mem.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Root of a user namespace may have a whole machine in it, with a manager of that, or be a user of
 * one, as below podman: then what the system's manager runs by is not root's.
 */
bool cgroup_systemd_is_users(void)
{
	struct stat st;

	return geteuid() != 0 || (stat("/run/systemd/system", &st) == 0 && st.st_uid != 0);
}

/* The user that this one is outside the user namespace, if it is in one. */
static unsigned outer_uid(void)
{
	AUTO(buf) struct buf text = {0};
	unsigned inside, outside, length, uid = geteuid();

	io_read_file(AT_FDCWD, "/proc/self/uid_map", 1 << 16, &text, NULL);
	for (const char *line = text.data; line && *line; line += strcspn(line, "\n") + 1)
		if (sscanf(line, "%u %u %u", &inside, &outside, &length) == 3 && uid >= inside &&
		    uid - inside < length)
			return outside + (uid - inside);
	return uid;
}

/* Where the system's manager has put it, for want of an answer. */
static char *usual_place(void)
{
	unsigned uid = outer_uid();

	return xasprintf("/user.slice/user-%u.slice/user@%u.service", uid, uid);
}

void cgroup_systemd_place(struct cgroup_unit *unit)
{
	AUTO(buf) struct buf answer = {0};
	AUTO(err) struct err ignored = {0};

	if (!cgroup_systemd_is_users())
		return;
	int rc = cgroup_systemd_ask((const char *[]){0, 0, "place", NULL}, &answer, &ignored);
	AUTO_FREE char *place = rc == 0 ? xstrdup(answer.data) : usual_place();
	char *path = xasprintf("%s%s", place, unit->path);
	free(unit->path);
	unit->path = path;
}

/* The kernel asks that what is common to both, from the top, be writable. */
static bool may_enter(const struct hierarchy *to)
{
	AUTO_FREE char *from = cgroups_of(to, getpid()), *common = xstrdup(to->dir);
	size_t n = 0;

	for (size_t i = 0; from && common[i] && common[i] == from[i]; i++)
		if (!common[i + 1] || common[i + 1] == '/')
			n = from[i + 1] && from[i + 1] != '/' ? n : i + 1;
	common[n] = 0;
	AUTO_FREE char *procs = xasprintf("%s/cgroup.procs", common);
	return access(procs, W_OK) == 0;
}

int cgroup_systemd_come(const struct cgroups *cg, struct err *err)
{
	AUTO(buf) struct buf answer = {0};
	const struct hierarchy *v2 = cgroups_v2(cg);

	if (!v2 || !cgroup_systemd_is_users() || may_enter(v2))
		return 0;
	AUTO_FREE char *unit = xasprintf("mntns-oci.%d.scope", getpid());
	AUTO_FREE char *pid = xasprintf("%d", getpid());
	const char *argv[] = {0, 0, "start", "user.slice", unit, pid, "mntns-oci", NULL};
	return cgroup_systemd_ask(argv, &answer, err);
}
