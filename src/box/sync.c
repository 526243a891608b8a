// SPDX-License-Identifier: Apache-2.0
/* Messages between the two halves of a birth, over a socketpair that both watch for its end. */
#include "box/birth.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

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

int sync_receive(int fd, struct sync_message *ret, int *ret_fd)
{
	struct iovec part = {ret, sizeof(*ret) - 1};
	union control control = {{0}};
	struct msghdr header = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n;

	*ret = (struct sync_message){0};
	if (ret_fd)
		*ret_fd = -1;
	do
		n = recvmsg(fd, &header, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return n < 0 ? -errno : 0;
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&header);
	if (ret_fd && cmsg && cmsg->cmsg_type == SCM_RIGHTS)
		memcpy(ret_fd, CMSG_DATA(cmsg), sizeof(int));
	return 1;
}
