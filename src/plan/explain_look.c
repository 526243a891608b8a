// SPDX-License-Identifier: Apache-2.0
/* What is at a path, as a process of the namespace sees it. No server is asked: it may be dead. */
#include "base/mem.h"
#include "plan/explain_parts.h"
#include "sys/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool may_hang(const struct explain_ask *ask, uint32_t ns, const char *path)
{
	static const char *const types[] = {"nfs", "cifs", "smb", "fuse",   "ceph",
					    "9p",  "afs",  "ncp", "autofs", "virtiofs"};
	struct explain_ask there = *ask;
	struct explain_at at;
	bool hangs = false;

	there.ns = ns;
	if (explain_at_init(&at, &there, path, NULL) < 0)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		hangs |= str_starts(explain_mount(&at)->fstype, types[i]);
	explain_at_done(&at);
	return hangs;
}

static int open_root(const struct explain_ask *ask, uint32_t ns)
{
	const struct mnt_world *world = ask->world;
	char root[32] = "/";

	if (!ask->is_live || ns == MAP_NONE || (ns != world->self && !world->ns[ns].n_procs))
		return -1;
	if (ns != world->self)
		snprintf(root, sizeof(root), "/proc/%d/root",
			 world->procs[world->ns[ns].procs[0]].pid);
	return open(root, O_PATH | O_CLOEXEC);
}

enum explain_there explain_look(const struct explain_ask *ask, uint32_t ns, const char *path)
{
	AUTO_FD int root = open_root(ask, ns);
	struct stat st;

	if (root < 0 || may_hang(ask, ns, path))
		return EXPLAIN_UNKNOWN;
	AUTO_FD int fd = sys_openat2(root, path, O_PATH | O_NOFOLLOW, RESOLVE_IN_ROOT);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? EXPLAIN_MISSING : EXPLAIN_UNKNOWN;
	if (fstat(fd, &st) < 0)
		return EXPLAIN_UNKNOWN;
	if (S_ISLNK(st.st_mode))
		return EXPLAIN_LINK;
	return S_ISDIR(st.st_mode) ? EXPLAIN_DIR : EXPLAIN_FILE;
}
