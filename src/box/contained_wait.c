// SPDX-License-Identifier: Apache-2.0
/* The wait of a container's process for its start: with what, for whom, how long. */
#include "box/contain_parts.h"
#include "box/descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

/*
 * A process that waits keeps nothing of the host's and of its caller's, locks least of all: only
 * the two sockets that it needs. The program keeps what --preserve-fds says.
 */
int contained_keep_descriptors(struct box *box, struct err *err)
{
	unsigned first = STDERR_FILENO + 1 + box->spec->preserve_fds;

	for (int fd = STDERR_FILENO + 1; fd < (int)first; fd++)
		if (fd != box->sync && fd != box->listener && fcntl(fd, F_GETFD) >= 0 &&
		    fcntl(fd, F_SETFD, 0) < 0)
			return err_set(err, errno, "--preserve-fds: descriptor %d", fd);
	int rc = descriptors_close_but(first, (int[]){box->sync, box->listener}, 2);
	if (rc < 0)
		return err_set(err, -rc, "close descriptors");
	exec_init(&box->exec);
	box->procfd = box->console = box->master = -1;
	return 0;
}

/* One who connects and is silent must not keep all others from it. */
static bool has_word(int fd)
{
	struct pollfd word = {fd, POLLIN, 0};

	return poll(&word, 1, 5000) == 1;
}

/* One who only looks whether we wait goes away without a word. */
static int accept_start(int listener)
{
	struct sync_message message;
	int fd;

	for (;;) {
		fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0 && (errno == EBADF || errno == EINVAL || errno == ENOTSOCK))
			return -errno;
		/* Whoever wants us comes again, or waits. */
		if (fd < 0 && errno != EINTR && errno != ECONNABORTED)
			poll(NULL, 0, 10);
		if (fd >= 0 && has_word(fd) && sync_receive(fd, &message, NULL) == 1 &&
		    message.kind == SYNC_GO &&
		    sync_send(fd, &(struct sync_message){.kind = SYNC_READY}, -1) == 0)
			return fd;
		if (fd >= 0)
			close(fd);
	}
}

int contained_wait_for_start(struct box *box, struct err *err)
{
	sigprocmask(SIG_SETMASK, &box->mask, NULL);
	if (box->listener < 0)
		return 0;
	int rc = sync_send(box->sync, &(struct sync_message){.kind = SYNC_READY}, -1);
	if (rc < 0)
		return err_set(err, -rc, "report home");
	close(TAKE_FD(box->sync));
	int fd = accept_start(box->listener);
	if (fd < 0)
		_exit(BOX_EXIT_FAILED);
	close(TAKE_FD(box->listener));
	box->sync = fd;
	return 0;
}
