// SPDX-License-Identifier: Apache-2.0
/* Whether a container runs is asked of the kernel, never of a record. */
#include "base/io.h"
#include "base/mem.h"
#include "oci/cgroups.h"
#include "oci/state.h"
#include "sys/calls.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/un.h>

#define SOCKET "start"

uint64_t process_born(pid_t pid)
{
	AUTO_FREE char *path = xasprintf("/proc/%d/stat", pid);
	AUTO(buf) struct buf text = {0};
	unsigned long long born = 0;
	char state = 'X';

	if (pid <= 0 || io_read_file(AT_FDCWD, path, 4096, &text, NULL) < 0)
		return 0;
	/* The name, in brackets, may have anything in it. */
	const char *end = strrchr(text.data, ')');
	if (!end || sscanf(end + 1,
			   " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
			   "%*s %*s %llu",
			   &state, &born) != 2)
		return 0;
	if (state == 'Z' || state == 'X')
		return 0;
	AUTO_FD int fd = sys_pidfd_open(pid);
	struct statfs fs;
	struct stat st;
	/* One answer and later the other would be two processes. */
	if (fd < 0 || fstatfs(fd, &fs) < 0 || fstat(fd, &st) < 0)
		return 0;
	return fs.f_type == PID_FS_MAGIC ? st.st_ino : born;
}

int state_pidfd(const struct state *state)
{
	AUTO_FD int fd = state->pid > 0 ? sys_pidfd_open(state->pid) : -1;

	/* Looked at behind the descriptor: it is this process's, or of one that is gone. */
	if (fd < 0 || process_born(state->pid) != state->born) {
		errno = ESRCH;
		return -1;
	}
	return TAKE_FD(fd);
}

/* A short way to the socket: the directory's own path may be too long for sun_path. */
static void address(const struct state *state, struct sockaddr_un *ret)
{
	*ret = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(ret->sun_path, sizeof(ret->sun_path), "/proc/self/fd/%d/" SOCKET, state->dir);
}

int state_listen(const struct state *state, struct err *err)
{
	AUTO_FD int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct sockaddr_un to;

	address(state, &to);
	if (fd < 0 || bind(fd, (struct sockaddr *)&to, sizeof(to)) < 0 || listen(fd, 16) < 0)
		return err_set(err, errno, "the socket to start container %s by", state->id);
	return TAKE_FD(fd);
}

int state_connect(const struct state *state)
{
	AUTO_FD int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct sockaddr_un to;

	address(state, &to);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		return errno == ENOENT ? -ECONNREFUSED : -errno;
	return TAKE_FD(fd);
}

static bool waits(const struct state *state)
{
	AUTO_FD int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un to;

	address(state, &to);
	return connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 || errno == EAGAIN;
}

enum status state_status(const struct state *state)
{
	struct cgroups cg;

	if (!state->pid)
		return STATUS_CREATING;
	uint64_t born = process_born(state->pid);
	if (!born || born != state->born)
		return STATUS_STOPPED;
	if (waits(state))
		return STATUS_CREATED;
	cgroups_recall(&state->cgroups, &cg);
	bool frozen = cgroups_is_frozen(&cg);
	cgroups_done(&cg);
	return frozen ? STATUS_PAUSED : STATUS_RUNNING;
}

const char *status_name(enum status status)
{
	static const char *const names[] = {
		[STATUS_CREATING] = "creating", [STATUS_CREATED] = "created",
		[STATUS_RUNNING] = "running",	[STATUS_PAUSED] = "paused",
		[STATUS_STOPPED] = "stopped",
	};

	return names[status];
}

json_t *state_json(const struct state *state, enum status status)
{
	pid_t pid = status == STATUS_STOPPED ? 0 : state->pid;

	return json_pack("{s:s s:s s:s s:i s:s s:O*}", "ociVersion", state->version, "id",
			 state->id, "status", status_name(status), "pid", (int)pid, "bundle",
			 state->bundle, "annotations", state->annotations);
}
