// SPDX-License-Identifier: Apache-2.0
/* System calls without a libc wrapper. */
#include "sys/calls.h"
#include "sys/uapi.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <errno.h>
#include <linux/sched.h>

int sys_openat2(int dirfd, const char *path, int flags, uint64_t resolve)
{
	struct open_how how = {.flags = (uint64_t)(flags | O_CLOEXEC), .resolve = resolve};

	return (int)syscall(SYS_openat2, dirfd, path, &how, sizeof(how));
}

int sys_open_tree_attr(int dirfd, const char *path, unsigned flags, struct mount_attr *attr,
		       size_t size)
{
	return (int)syscall(SYS_open_tree_attr, dirfd, path, flags, attr, size);
}

bool sys_has_open_tree_attr(void)
{
	return sys_open_tree_attr(-1, "", ~0u, NULL, 0) == 0 || errno != ENOSYS;
}

int sys_pivot_root(const char *new_root, const char *put_old)
{
	return (int)syscall(SYS_pivot_root, new_root, put_old);
}

pid_t sys_clone3(uint64_t flags, int cgroup)
{
	/* A sibling has the caller's own signal. */
	struct clone_args args = {.flags = flags,
				  .exit_signal = flags & CLONE_PARENT ? 0 : SIGCHLD};

	if (cgroup >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)cgroup;
	}

	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

int sys_close_from(unsigned first)
{
	return (int)syscall(SYS_close_range, first, ~0U, 0);
}

int sys_close_range(unsigned first, unsigned last)
{
	return first > last ? 0 : (int)syscall(SYS_close_range, first, last, 0);
}

int sys_cloexec_from(unsigned first)
{
	return (int)syscall(SYS_close_range, first, ~0U, CLOSE_RANGE_CLOEXEC);
}

int sys_pidfd_open(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

bool sys_has_cap(unsigned cap)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	return syscall(SYS_capget, &header, data) == 0 &&
	       data[cap / 32].effective & (1U << cap % 32);
}

ssize_t sys_send_fd(int to, const void *data, size_t len, int fd)
{
	struct iovec part = {(void *)data, len};
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
	return n < 0 ? -errno : n;
}

/* The shorter request where it will do: the longer one is of Linux 6.11. */
static struct uapi_mnt_id_req request(uint64_t ns, uint64_t id, uint64_t param)
{
	return (struct uapi_mnt_id_req){
		.size = ns ? 32 : 24, .mnt_id = id, .param = param, .mnt_ns_id = ns};
}

int sys_statmount(uint64_t ns, uint64_t id, uint64_t mask, struct uapi_statmount *ret, size_t size)
{
	struct uapi_mnt_id_req req = request(ns, id, mask);

	return (int)syscall(SYS_statmount, &req, ret, size, 0);
}

ssize_t sys_listmount(uint64_t ns, uint64_t root, uint64_t after, uint64_t *ret, size_t n)
{
	struct uapi_mnt_id_req req = request(ns, root, after);

	return (ssize_t)syscall(SYS_listmount, &req, ret, n, 0);
}

ssize_t sys_listmount_back(uint64_t ns, uint64_t before, uint64_t *ret, size_t n)
{
	struct uapi_mnt_id_req req = request(ns, LSMT_ROOT, before);

	return (ssize_t)syscall(SYS_listmount, &req, ret, n, LISTMOUNT_REVERSE);
}
