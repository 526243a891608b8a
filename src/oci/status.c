// SPDX-License-Identifier: Apache-2.0
/* Whether a container runs is asked of the kernel, never of a record. */
#include "base/io.h"
#include "base/mem.h"
#include "oci/cgroups.h"
#include "oci/state.h"
#include "sys/calls.h"
#include "sys/probe.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/un.h>

#define SOCKET "start"

/* What /proc says: when it was born. */
static int read_birth(pid_t pid, uint64_t *ret, struct err *err)
{
	AUTO_FREE char *path = xasprintf("/proc/%d/stat", pid);
	AUTO(buf) struct buf text = {0};
	unsigned long long born = 0;

	if (io_read_file(AT_FDCWD, path, 4096, &text, err) < 0)
		return -err->code;
	/* The name, in brackets, may have anything in it. */
	const char *end = text.len ? strrchr(text.data, ')') : NULL;
	if (!end || sscanf(end + 1,
			   " %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
			   "%*s %*s %llu",
			   &born) != 1)
		return err_say(err, EPROTO, "%s: not as proc_pid_stat(5) has it", path);
	*ret = born;
	return 0;
}

/* One answer and later the other would be two processes. */
static int read_number(pid_t pid, int pidfd, uint64_t *ret, struct err *err)
{
	struct statfs fs;
	struct stat st;

	if (fstatfs(pidfd, &fs) < 0 || fstat(pidfd, &st) < 0)
		return err_set(err, errno, "pidfd of process %d", pid);
	if (fs.f_type != PID_FS_MAGIC || !probe_may_try(PROBE_PIDFS))
		return read_birth(pid, ret, err);
	*ret = st.st_ino;
	return 0;
}

/*
 * 0: it has ended, which a pidfd says when all of its threads have; /proc calls one a zombie whose
 * first thread has.
 */
static int read_identity(pid_t pid, int pidfd, uint64_t *ret, struct err *err)
{
	struct pollfd end = {pidfd, POLLIN, 0};
	uint64_t number = 0;

	if (read_number(pid, pidfd, &number, err) < 0)
		return -err->code;
	int ended = poll(&end, 1, 0);
	if (ended < 0)
		return err_set(err, errno, "pidfd of process %d", pid);
	*ret = ended ? 0 : number;
	return 0;
}

/* What cannot be looked at is gone only if its descriptor says so too. */
static int born_of(pid_t pid, int pidfd, uint64_t *ret, struct err *err)
{
	struct pollfd end = {pidfd, POLLIN, 0};
	struct err why = {0};

	if (read_identity(pid, pidfd, ret, &why) == 0)
		return 0;
	if (poll(&end, 1, 0) == 1) {
		err_done(&why);
		*ret = 0;
		return 0;
	}
	err_say(err, why.code, "whether process %d runs is not known: %s", pid, why.msg);
	int code = why.code;
	err_done(&why);
	return -code;
}

/* *ret_fd is -1 where there is none. */
static int open_process(pid_t pid, int *ret_fd, uint64_t *ret_born, struct err *err)
{
	AUTO_FD int fd = pid > 0 ? sys_pidfd_open(pid) : -1;
	uint64_t born = 0;

	/* EINVAL: a thread has the number now. */
	if (fd < 0 && pid > 0 && errno != ESRCH && errno != EINVAL)
		return err_set(err, errno, "whether process %d runs is not known", pid);
	int rc = fd >= 0 ? born_of(pid, fd, &born, err) : 0;
	if (rc < 0)
		return rc;
	*ret_born = born;
	*ret_fd = TAKE_FD(fd);
	return 0;
}

int process_born(pid_t pid, uint64_t *ret, struct err *err)
{
	AUTO_FD int fd = -1;

	return open_process(pid, &fd, ret, err);
}

int state_pidfd(const struct state *state, struct err *err)
{
	AUTO_FD int fd = -1;
	uint64_t born = 0;

	/* Looked at behind the descriptor: it is this process's, or of one that is gone. */
	if (open_process(state->pid, &fd, &born, err) < 0)
		return -err->code;
	if (!born || born != state->born)
		return err_say(err, ESRCH, "container not running");
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

/* -errno: it is not known. */
static int waits(const struct state *state)
{
	AUTO_FD int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un to;

	address(state, &to);
	/* EAGAIN: others stand in front of us. */
	if (fd >= 0 && (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 || errno == EAGAIN))
		return 1;
	return errno == ECONNREFUSED || errno == ENOENT ? 0 : -errno;
}

static int paused_or_running(const struct state *state, struct err *err)
{
	struct cgroups cg;

	cgroups_recall(&state->cgroups, &cg);
	int frozen = cgroups_is_frozen(&cg, err);
	cgroups_done(&cg);
	return frozen < 0 ? frozen : frozen ? STATUS_PAUSED : STATUS_RUNNING;
}

int state_unread(const struct state *state, struct err *err)
{
	return err_say(err, state->unread,
		       "the record of container %s cannot be read: %s; delete --force ends the "
		       "container without it",
		       state->id, strerror(state->unread));
}

int state_status(const struct state *state, struct err *err)
{
	uint64_t born = 0;
	int rc;

	if (state->unread)
		return state_unread(state, err);
	if (!state->pid)
		return STATUS_CREATING;
	if (process_born(state->pid, &born, err) < 0)
		return err_add(err, "container %s", state->id);
	if (!born || born != state->born)
		return STATUS_STOPPED;
	rc = waits(state);
	if (rc > 0)
		return STATUS_CREATED;
	if (rc == 0)
		rc = paused_or_running(state, err);
	else
		err_set(err, -rc, "whether it waits for its start is not known");
	return rc < 0 ? err_add(err, "container %s", state->id) : rc;
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
