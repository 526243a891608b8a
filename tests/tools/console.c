// SPDX-License-Identifier: Apache-2.0
/* The engine's side of --console-socket: takes the master of each terminal that is sent, and copies
 * what the container writes until it hangs up. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int receive_fd(int from)
{
	char byte;
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct iovec io = {&byte, 1};
	struct msghdr message = {.msg_iov = &io,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	if (recvmsg(from, &message, 0) <= 0)
		return -1;
	struct cmsghdr *first = CMSG_FIRSTHDR(&message);
	if (!first || first->cmsg_type != SCM_RIGHTS)
		return -1;
	int fd;
	memcpy(&fd, CMSG_DATA(first), sizeof(fd));
	return fd;
}

static void copy(int from)
{
	char text[4096];
	for (;;) {
		ssize_t n = read(from, text, sizeof(text));
		if (n <= 0) // EIO: hung up
			return;
		if (write(1, text, (size_t)n) != n)
			return;
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (argc != 2 || strlen(argv[1]) >= sizeof(address.sun_path)) {
		fprintf(stderr, "usage: console SOCKET\n");
		return 2;
	}
	strcpy(address.sun_path, argv[1]);
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(listener, 16) < 0) {
		perror(argv[1]);
		return 1;
	}
	for (;;) {
		int peer = accept(listener, NULL, NULL);
		if (peer < 0)
			return 1;
		int master = receive_fd(peer);
		close(peer);
		if (master < 0)
			continue;
		copy(master);
		close(master);
	}
}
