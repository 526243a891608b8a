// SPDX-License-Identifier: Apache-2.0
/* Declared as glibc does; errno is set. */
#include <grp.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int statx(int dirfd, const char *path, int flags, unsigned mask, struct statx *ret)
{
	return (int)syscall(SYS_statx, dirfd, path, flags, mask, ret);
}

int open_tree(int dirfd, const char *path, unsigned flags)
{
	return (int)syscall(SYS_open_tree, dirfd, path, flags);
}

int move_mount(int from, const char *from_path, int to, const char *to_path, unsigned flags)
{
	return (int)syscall(SYS_move_mount, from, from_path, to, to_path, flags);
}

int mount_setattr(int dirfd, const char *path, unsigned flags, struct mount_attr *attr, size_t size)
{
	return (int)syscall(SYS_mount_setattr, dirfd, path, flags, attr, size);
}

int fsopen(const char *type, unsigned flags)
{
	return (int)syscall(SYS_fsopen, type, flags);
}

int fspick(int dirfd, const char *path, unsigned flags)
{
	return (int)syscall(SYS_fspick, dirfd, path, flags);
}

int fsconfig(int context, unsigned command, const char *key, const void *value, int aux)
{
	return (int)syscall(SYS_fsconfig, context, command, key, value, aux);
}

int fsmount(int context, unsigned flags, unsigned attributes)
{
	return (int)syscall(SYS_fsmount, context, flags, attributes);
}

/*
 * musl's block all signals and ask for other threads, four calls for one; there never are any. See
 * setgroups(2), setresuid(2).
 */
int setgroups(size_t n, const gid_t *groups)
{
	return (int)syscall(SYS_setgroups, n, groups);
}

int setresgid(gid_t real, gid_t effective, gid_t saved)
{
	return (int)syscall(SYS_setresgid, real, effective, saved);
}

int setresuid(uid_t real, uid_t effective, uid_t saved)
{
	return (int)syscall(SYS_setresuid, real, effective, saved);
}

int pidfd_send_signal(int pidfd, int number, siginfo_t *info, unsigned flags)
{
	return (int)syscall(SYS_pidfd_send_signal, pidfd, number, info, flags);
}

int whole_sigfillset(sigset_t *set)
{
	memset(set, 0xff, sizeof(*set));
	return 0;
}

int whole_sigprocmask(int how, const sigset_t *set, sigset_t *ret_old)
{
	if (ret_old)
		memset(ret_old, 0, sizeof(*ret_old));
	return (int)syscall(SYS_rt_sigprocmask, how, set, ret_old, _NSIG / 8);
}
