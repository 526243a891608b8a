// SPDX-License-Identifier: Apache-2.0
/*
 * The thread has its caller's memory, errno among it, and so no libc: it makes bare calls. No
 * handle of its own is left if the caller is killed: it dies with it.
 */
#include "box/ahead.h"
#include "sys/bare.h"
#include "sys/calls.h"
#include "sys/probe.h"
#include "sys/uapi.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifdef BARE_CALLS

enum stage {
	NONE,
	BEGUN,
	MADE,
	ENDED,
};

static struct {
	int stage; /* a futex */
	int code;  /* errno of what failed */
	uint64_t namespaces;
	pid_t tid;
	char stack[16384] __attribute__((aligned(16)));
} ahead;

BARE static void wake(void)
{
	bare_call(SYS_futex, ADDRESS(&ahead.stage), FUTEX_WAKE_PRIVATE, INT_MAX, 0, 0);
}

/* Nobody is lost with a call that wakes nobody. */
BARE static void wait_while(int stage)
{
	const struct timespec patience = {.tv_nsec = 100000000};

	while (__atomic_load_n(&ahead.stage, __ATOMIC_ACQUIRE) == stage)
		bare_call(SYS_futex, ADDRESS(&ahead.stage), FUTEX_WAIT_PRIVATE, stage,
			  ADDRESS(&patience), 0);
}

/* The process does so as well, but need not wait for it then. */
BARE static void raise_loopback(void)
{
	struct ifreq request;
	long fd = bare_call(SYS_socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, 0, 0);

	if (fd < 0)
		return;
	request.ifr_name[0] = 'l', request.ifr_name[1] = 'o', request.ifr_name[2] = 0;
	request.ifr_flags = IFF_UP | IFF_RUNNING;
	bare_call(SYS_ioctl, fd, SIOCSIFFLAGS, ADDRESS(&request), 0, 0);
	bare_call(SYS_close, fd, 0, 0, 0, 0);
}

/* What is for the process must not come to this thread. */
BARE static int work(void *unused)
{
	const uint64_t all = ~0ULL;
	int begun = BEGUN;

	bare_call(SYS_rt_sigprocmask, SIG_SETMASK, ADDRESS(&all), 0, sizeof(all), 0);
	ahead.code = (int)-bare_call(SYS_unshare, (long)ahead.namespaces, 0, 0, 0, 0);
	if (__atomic_compare_exchange_n(&ahead.stage, &begun, MADE, false, __ATOMIC_ACQ_REL,
					__ATOMIC_ACQUIRE))
		wake();
	if (!ahead.code && ahead.namespaces & CLONE_NEWNET)
		raise_loopback();
	wait_while(MADE);
	return 0;
}

void ahead_begin(uint64_t namespaces)
{
	const uint64_t midwife = CLONE_NEWUSER | CLONE_NEWTIME;
	const int flags =
		CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;

	/* A thread can be the target of setns(2) since Linux 6.9. */
	if (!(namespaces & CLONE_NEWNET) || namespaces & midwife || !probe_may_try(PROBE_AHEAD) ||
	    !probe_is_since(6, 9))
		return;
	ahead.namespaces = namespaces & (CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS);
	ahead.stage = BEGUN;
	ahead.tid = clone(work, ahead.stack + sizeof(ahead.stack), flags, NULL);
	if (ahead.tid < 0)
		ahead.stage = NONE;
}

int ahead_await(uint64_t wanted, uint64_t *ret_namespaces, int *ret_fd, struct err *err)
{
	*ret_namespaces = 0;
	*ret_fd = -1;
	if (ahead.stage == NONE || !(ahead.namespaces & wanted))
		return 0;
	wait_while(BEGUN);
	if (ahead.code)
		return err_set(err, ahead.code, "new namespaces");
	*ret_fd = sys_pidfd_open_thread(ahead.tid);
	if (*ret_fd < 0)
		return err_set(err, errno, "new namespaces");
	*ret_namespaces = ahead.namespaces & wanted;
	return 0;
}

void ahead_end(void)
{
	if (ahead.stage == NONE)
		return;
	__atomic_store_n(&ahead.stage, ENDED, __ATOMIC_RELEASE);
	wake();
}

#else

void ahead_begin(uint64_t namespaces)
{
}

int ahead_await(uint64_t wanted, uint64_t *ret_namespaces, int *ret_fd, struct err *err)
{
	*ret_namespaces = 0;
	*ret_fd = -1;
	return 0;
}

void ahead_end(void)
{
}

#endif
