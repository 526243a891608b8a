// SPDX-License-Identifier: Apache-2.0
/* The processes in a container's cgroups. */
#include "base/io.h"
#include "base/mem.h"
#include "oci/cgroups.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void add_pid(struct pids *pids, pid_t pid)
{
	for (size_t i = 0; i < pids->n; i++)
		if (pids->v[i] == pid)
			return;
	if (pid > 0)
		VEC_PUSH(pids->v, pids->n, pid);
}

static void read_pids(int dir, struct pids *ret, int depth)
{
	AUTO(buf) struct buf text = {0};
	DIR *stream = io_open_dir(dir, ".");
	struct dirent *entry;

	if (io_read_file(dir, "cgroup.procs", 64 << 20, &text, NULL) == 0)
		for (char *line = text.data; line && *line; line = strchr(line, '\n') + 1)
			add_pid(ret, (pid_t)strtol(line, NULL, 10));
	while (stream && depth < 32 && (entry = readdir(stream))) {
		if (entry->d_type != DT_DIR || *entry->d_name == '.')
			continue;
		AUTO_FD int below = openat(dir, entry->d_name, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (below >= 0)
			read_pids(below, ret, depth + 1);
	}
	if (stream)
		closedir(stream);
}

int cgroups_pids(const struct cgroups *cg, struct pids *ret, struct err *err)
{
	for (size_t i = 0; i < cg->n; i++) {
		AUTO_FD int dir = open(cg->v[i].dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (dir < 0)
			continue;
		read_pids(dir, ret, 0);
		return 0;
	}
	return err_say(err, ENOENT, "the container has no cgroup");
}
