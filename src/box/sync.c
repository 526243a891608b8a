// SPDX-License-Identifier: Apache-2.0
/* Messages between the two halves of a birth, over a socketpair that both watch for its end. */
#include "box/birth.h"

#include "base/io.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int sync_pair(int *ret_parent, int *ret_child, struct err *err)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return err_set(err, errno, "socketpair");
	*ret_parent = pair[0];
	*ret_child = pair[1];
	return 0;
}

union control {
	char data[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

int sync_send(int fd, const struct sync_message *message, int pass_fd)
{
	size_t length = offsetof(struct sync_message, text) + strlen(message->text) + 1;
	struct iovec part = {(void *)message, length};
	union control control = {{0}};
	struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};

	if (pass_fd >= 0) {
		header.msg_control = &control;
		header.msg_controllen = sizeof(control);
		struct cmsghdr *cmsg = CMSG_FIRSTHDR(&header);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(cmsg), &pass_fd, sizeof(int));
	}
	return sendmsg(fd, &header, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/*
 * The descriptors of a message, wherever they are in it: the first is *ret_fd's, all others came
 * unasked and are closed, since whoever sends them would fill our table with them.
 */
static int take_descriptors(struct msghdr *header, int *ret_fd)
{
	int fd, first = -1, n = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t at = 0; CMSG_LEN(at + sizeof(int)) <= c->cmsg_len; at += sizeof(int)) {
			memcpy(&fd, CMSG_DATA(c) + at, sizeof(int));
			if (n++ == 0)
				first = fd;
			else
				close(fd);
		}
	}
	*ret_fd = first;
	return n;
}

/* A packet of no bytes reads like the end of the socket, which means much more. */
static bool is_hung_up(int fd)
{
	struct pollfd end = {.fd = fd};

	return poll(&end, 1, 0) == 1 && end.revents & POLLHUP;
}

static bool is_whole(const struct sync_message *message, size_t length, int flags)
{
	size_t head = offsetof(struct sync_message, text);

	return !(flags & (MSG_TRUNC | MSG_CTRUNC)) && length > head &&
	       memchr(message->text, 0, sizeof(message->text)) ==
		       message->text + (length - head - 1) &&
	       (unsigned)message->kind <= SYNC_LISTENER;
}

static int receive(int fd, struct sync_message *ret, int *ret_fd)
{
	struct iovec part = {ret, sizeof(*ret)};
	union control control = {{0}};
	struct msghdr header = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	AUTO_FD int passed = -1;
	ssize_t n;

	*ret = (struct sync_message){0};
	if (ret_fd)
		*ret_fd = -1;
	do
		n = recvmsg(fd, &header, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	int descriptors = take_descriptors(&header, &passed);
	if (n == 0 && descriptors == 0 && is_hung_up(fd))
		return 0;
	if (descriptors > 1 || !is_whole(ret, (size_t)n, header.msg_flags)) {
		*ret = (struct sync_message){0};
		return -EPROTO;
	}
	if (ret_fd)
		*ret_fd = TAKE_FD(passed);
	return 1;
}

/* Who ends with our word unread resets the socket; what he said comes behind that. */
int sync_receive(int fd, struct sync_message *ret, int *ret_fd)
{
	int rc = receive(fd, ret, ret_fd);

	if (rc != -ECONNRESET)
		return rc;
	rc = receive(fd, ret, ret_fd);
	return rc ? rc : -ECONNRESET;
}
