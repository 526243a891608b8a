// SPDX-License-Identifier: Apache-2.0
/* The id map of one without privilege: what subuid(5) and subgid(5) grant him, or his own ids. */
#include "box/userns_parts.h"
#include "base/io.h"
#include "base/mem.h"

#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

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

char *userns_rootless_map(const struct spec *spec)
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
