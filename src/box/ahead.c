// SPDX-License-Identifier: Apache-2.0
/*
 * The thread has its caller's memory, errno among it, and so no libc: it makes bare calls. Its
 * descriptors are its own, so that none of them is ever the caller's, and are closed by its end. No
 * handle of its own is left if the caller is killed: it dies with it.
 */
#include "box/ahead.h"
#include "box/elsewhere.h"
#include "sys/bare.h"
#include "sys/calls.h"
#include "sys/probe.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifdef BARE_CALLS

enum state {
	GUESSING,
	IDLE,
	MADE, /* or failed */
};

static struct {
	int state;  /* a futex, set by the thread */
	int told;   /* a futex: counts what the caller has said */
	bool begun; /* by the thread */
	bool ended, is_raised;
	bool is_awaited;     /* what is made is needed at once */
	int code;	     /* errno of what failed */
	uint64_t wanted;     /* by the caller; 0: nothing yet */
	uint64_t namespaces; /* that are made */
	uint64_t (*guess)(char **argv);
	char **argv;
	struct ahead_dir *dirs;
	size_t n_dirs;
	int n_made;  /* a futex: lists of them that are made: 0, 1 */
	int tid;     /* 0: there is no thread */
	int network; /* a descriptor of the namespace, 0: none */
	char stack[16384] __attribute__((aligned(16)));
} ahead;

BARE static void wake(int *futex)
{
	bare_call(SYS_futex, ADDRESS(futex), FUTEX_WAKE_PRIVATE, INT_MAX, 0, 0);
}

/* Nobody is lost with a call that wakes nobody. */
BARE static void wait_while(int *futex, int value)
{
	const struct timespec patience = {.tv_nsec = 100000000};

	while (__atomic_load_n(futex, __ATOMIC_ACQUIRE) == value)
		bare_call(SYS_futex, ADDRESS(futex), FUTEX_WAIT_PRIVATE, value, ADDRESS(&patience),
			  0);
}

BARE static void become(enum state state)
{
	__atomic_store_n(&ahead.state, state, __ATOMIC_RELEASE);
	wake(&ahead.state);
}

/* The process does so as well, but need not wait for it then. */
BARE static void raise_loopback(void)
{
	struct ifreq request;

	if (ahead.code || !(ahead.namespaces & CLONE_NEWNET) || ahead.is_raised)
		return;
	ahead.is_raised = true;
	long fd = bare_call(SYS_socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, 0, 0);
	if (fd < 0)
		return;
	request.ifr_name[0] = 'l', request.ifr_name[1] = 'o', request.ifr_name[2] = 0;
	request.ifr_flags = IFF_UP | IFF_RUNNING;
	bare_call(SYS_ioctl, fd, SIOCSIFFLAGS, ADDRESS(&request), 0, 0);
}

BARE static void make(uint64_t namespaces)
{
	ahead.namespaces = namespaces;
	ahead.code = (int)-bare_call(SYS_unshare, (long)namespaces, 0, 0, 0, 0);
	become(MADE);
}

/* A thread can be the target of setns(2) since Linux 6.9: else they were made in vain. */
BARE static bool can_be_entered(void)
{
	return bare_call(SYS_pidfd_open, ahead.tid, PIDFD_THREAD, 0, 0, 0) >= 0;
}

BARE static bool copy_text(const char *from, const char *to)
{
	char text[4096];
	long written = -1;
	long in = bare_call(SYS_openat, AT_FDCWD, ADDRESS(from), O_RDONLY, 0, 0);
	long out = bare_call(SYS_openat, AT_FDCWD, ADDRESS(to), O_WRONLY, 0, 0);
	long n = bare_call(SYS_read, in, ADDRESS(text), sizeof(text), 0, 0);

	if (n > 0 && n < (long)sizeof(text))
		written = bare_call(SYS_write, out, ADDRESS(text), n, 0, 0);
	return written == n;
}

BARE static void make_dirs(void)
{
	for (size_t i = 0; i < ahead.n_dirs; i++) {
		struct ahead_dir *dir = &ahead.dirs[i];
		dir->code = (int)bare_call(SYS_mkdirat, AT_FDCWD, ADDRESS(dir->path), 0755, 0, 0);
		dir->is_filled = !dir->code;
		for (size_t k = 0; k < 2 && dir->from[k] && !dir->code; k++)
			dir->is_filled &= copy_text(dir->from[k], dir->to[k]);
	}
	__atomic_store_n(&ahead.n_made, 1, __ATOMIC_RELEASE);
	wake(&ahead.n_made);
}

/* What is for the process must not come to this thread. */
BARE static void work(void)
{
	const uint64_t all = ~0ULL;
	uint64_t guessed = 0;
	int told;

	__atomic_store_n(&ahead.begun, true, __ATOMIC_RELEASE);
	bare_call(SYS_rt_sigprocmask, SIG_SETMASK, ADDRESS(&all), 0, sizeof(all), 0);
	if (ahead.guess && can_be_entered())
		guessed = ahead.guess(ahead.argv);
	if (guessed)
		make(guessed);
	else
		become(IDLE);
	for (;;) {
		told = __atomic_load_n(&ahead.told, __ATOMIC_ACQUIRE);
		if (ahead.wanted && ahead.state == IDLE)
			make(ahead.wanted);
		/* Somebody waits for them in any case: they are not to be made after that. */
		if (ahead.dirs && !ahead.n_made)
			make_dirs();
		if (ahead.ended)
			return;
		if (ahead.n_made || !__atomic_load_n(&ahead.is_awaited, __ATOMIC_ACQUIRE))
			raise_loopback();
		wait_while(&ahead.told, told);
	}
}

BARE static void begin(void)
{
	const long flags = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD | CLONE_PARENT_SETTID;

	if (bare_thread(flags, ahead.stack + sizeof(ahead.stack), work, &ahead.tid) < 0)
		ahead.tid = 0;
	else
		elsewhere_begin(ahead.tid);
}

BARE static void tell(void)
{
	__atomic_add_fetch(&ahead.told, 1, __ATOMIC_RELEASE);
	wake(&ahead.told);
}

/* See sys/probe.h: what may not be tried is not. */
BARE static bool is_restricted(char **environment)
{
	for (; *environment; environment++)
		if (bare_behind(*environment, "MNTNS_WITHOUT="))
			return true;
	return false;
}

BARE void ahead_start(uint64_t (*guess)(char **argv), long *stack)
{
	char **argv = (char **)(stack + 1);

	if (is_restricted(argv + *stack + 1))
		return;
	ahead.guess = guess;
	ahead.argv = argv;
	begin();
}

void ahead_begin(uint64_t namespaces)
{
	const uint64_t midwife = CLONE_NEWUSER | CLONE_NEWTIME;

	if (!(namespaces & CLONE_NEWNET) || namespaces & midwife || !probe_may_try(PROBE_AHEAD) ||
	    !probe_is_since(6, 9))
		return;
	ahead.wanted = namespaces & (CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS);
	if (!ahead.tid)
		begin();
	else
		tell();
}

/* Before the first wait for it. */
static void fetch(void)
{
	if (!__atomic_load_n(&ahead.begun, __ATOMIC_ACQUIRE))
		elsewhere_fetch(ahead.tid);
}

int ahead_await(uint64_t wanted, uint64_t *ret_namespaces, int *ret_fd, struct err *err)
{
	*ret_namespaces = 0;
	*ret_fd = -1;
	if (!ahead.tid || !ahead.wanted)
		return 0;
	fetch();
	wait_while(&ahead.state, GUESSING);
	wait_while(&ahead.state, IDLE);
	if (!(ahead.namespaces & wanted))
		return 0;
	if (ahead.code)
		return err_set(err, ahead.code, "new namespaces");
	*ret_fd = sys_pidfd_open_thread(ahead.tid);
	if (*ret_fd < 0)
		return err_set(err, errno, "new namespaces");
	int fd = ioctl(*ret_fd, PIDFD_GET_NET_NAMESPACE);
	ahead.network = fd < 0 ? 0 : fd;
	*ret_namespaces = ahead.namespaces & wanted;
	return 0;
}

void ahead_let_network_go(void)
{
	if (ahead.network)
		close(ahead.network);
	ahead.network = 0;
}

bool ahead_make_dirs(struct ahead_dir *dirs, size_t n)
{
	if (!ahead.tid)
		return false;
	ahead.n_dirs = n;
	ahead.dirs = dirs;
	tell();
	return true;
}

void ahead_await_dirs(void)
{
	__atomic_store_n(&ahead.is_awaited, true, __ATOMIC_RELEASE);
	if (!ahead.dirs)
		return;
	fetch();
	wait_while(&ahead.n_made, 0);
}

void ahead_end(void)
{
	if (!ahead.tid)
		return;
	ahead.ended = true;
	tell();
}

#else

void ahead_start(uint64_t (*guess)(char **argv), long *stack)
{
}

void ahead_begin(uint64_t namespaces)
{
}

int ahead_await(uint64_t wanted, uint64_t *ret_namespaces, int *ret_fd, struct err *err)
{
	*ret_namespaces = 0;
	*ret_fd = -1;
	return 0;
}

bool ahead_make_dirs(struct ahead_dir *dirs, size_t n)
{
	return false;
}

void ahead_await_dirs(void)
{
}

void ahead_end(void)
{
}

void ahead_let_network_go(void)
{
}

#endif
