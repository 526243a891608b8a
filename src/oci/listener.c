// SPDX-License-Identifier: Apache-2.0
/* One connection, one message: the container process state, with one descriptor. */
#include "oci/listener.h"
#include "base/io.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

int listener_connect(const char *path)
{
	AUTO_FD int file = open(path, O_PATH | O_CLOEXEC);
	struct sockaddr_un to = {.sun_family = AF_UNIX};

	if (file < 0)
		return -errno;
	AUTO_FD int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(to.sun_path, sizeof(to.sun_path), "/proc/self/fd/%d", file);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		return -errno;
	return TAKE_FD(fd);
}

static char *message(const struct config *config, const struct state *state, enum status status,
		     pid_t pid)
{
	json_t *json = json_pack("{s:s s:[s] s:i s:s* s:o}", "ociVersion", OCI_VERSION, "fds",
				 "seccompFd", "pid", (int)pid, "metadata",
				 config->listener_metadata, "state", state_json(state, status));
	char *text = json_dumps(json, JSON_COMPACT);

	json_decref(json);
	return text;
}

static int send_with(int to, const char *text, int fd)
{
	struct iovec part = {(void *)text, strlen(text)};
	union {
		char data[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = {{0}};
	struct msghdr header = {.msg_iov = &part,
				.msg_iovlen = 1,
				.msg_control = &control,
				.msg_controllen = sizeof(control)};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&header);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(int));
	ssize_t n = sendmsg(to, &header, MSG_NOSIGNAL);
	return n < 0 ? -errno : io_write_all(to, text + n, strlen(text) - (size_t)n);
}

int listener_send(const struct config *config, const struct state *state, enum status status,
		  pid_t pid, int listener, struct err *err)
{
	AUTO_FREE char *text = message(config, state, status, pid);
	AUTO_FD int to = listener_connect(config->listener_path);
	int rc = to < 0 ? to : send_with(to, text, listener);

	return rc < 0 ? err_set(err, -rc, "linux.seccomp.listenerPath: %s", config->listener_path)
		      : 0;
}
