// SPDX-License-Identifier: Apache-2.0
/*
 * Holds a new mount namespace in a way that no shell can: `hold thread` by a thread alone,
 * `hold flight` by a descriptor that lies in a socket and is open nowhere. Prints the namespace's
 * inode, and for a thread its id, then waits to be killed.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static unsigned long inode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (unsigned long)st.st_ino : 0;
}

static void *thread(void *unused)
{
	if (unshare(CLONE_FS | CLONE_NEWNS) < 0)
		_exit(1);
	printf("%lu %d\n", inode_of("/proc/thread-self/ns/mnt"), gettid());
	fflush(stdout);
	for (;;)
		pause();
	return NULL;
}

/* The namespace was this process's own until it went back to the one it came from. */
static int flight(void)
{
	int home = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC), pair[2];

	if (home < 0 || unshare(CLONE_NEWNS) < 0 || socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) < 0)
		return 1;
	int fd = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	char control[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec iov = {"x", 1};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
	*cmsg = (struct cmsghdr){CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	unsigned long inode = inode_of("/proc/self/ns/mnt");
	if (sendmsg(pair[0], &msg, 0) < 0 || setns(home, CLONE_NEWNS) < 0)
		return 1;
	close(fd);
	close(home);
	printf("%lu\n", inode);
	fflush(stdout);
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	pthread_t id;

	if (argc == 2 && !strcmp(argv[1], "flight"))
		return flight();
	if (argc != 2 || strcmp(argv[1], "thread") || pthread_create(&id, NULL, thread, NULL))
		return 2;
	pthread_join(id, NULL);
	return 0;
}
