// SPDX-License-Identifier: Apache-2.0
/*
 * The helper. It is born before its caller's libc has begun, or beside it, and so makes bare calls;
 * all memory but the mapping is its own. It dies with its caller, and leaves no handle of its own.
 */
#include "box/ahead_parts.h"
#include "box/elsewhere.h"

#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>

struct ahead *ahead_shared;

BARE void ahead_wake(int *futex)
{
	bare_call(SYS_futex, ADDRESS(futex), FUTEX_WAKE, INT_MAX, 0, 0);
}

BARE void ahead_sleep(int *futex, int value, long nanoseconds)
{
	struct timespec time;

	time.tv_sec = 0, time.tv_nsec = nanoseconds;
	bare_call(SYS_futex, ADDRESS(futex), FUTEX_WAIT, value, ADDRESS(&time), 0);
}

BARE static void become(struct ahead *ahead, enum ahead_state state)
{
	__atomic_store_n(&ahead->state, state, __ATOMIC_RELEASE);
	ahead_wake(&ahead->state);
}

/* The process does so as well, but need not wait for it then. */
BARE static void raise_loopback(const struct ahead *ahead)
{
	struct ifreq request;

	if (ahead->code || !(ahead->namespaces & CLONE_NEWNET))
		return;
	long fd = bare_call(SYS_socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, 0, 0);
	if (fd < 0)
		return;
	request.ifr_name[0] = 'l', request.ifr_name[1] = 'o', request.ifr_name[2] = 0;
	request.ifr_flags = IFF_UP | IFF_RUNNING;
	bare_call(SYS_ioctl, fd, SIOCSIFFLAGS, ADDRESS(&request), 0, 0);
}

BARE static void make(struct ahead *ahead, uint64_t namespaces)
{
	ahead->namespaces = namespaces;
	ahead->code = (int)-bare_call(SYS_unshare, (long)namespaces, 0, 0, 0, 0);
	become(ahead, AHEAD_MADE);
}

BARE static bool copy_text(const char *from, const char *to)
{
	char text[4096];
	long written = -1;
	long in = bare_call(SYS_openat, AT_FDCWD, ADDRESS(from), O_RDONLY | O_CLOEXEC, 0, 0);
	long out = bare_call(SYS_openat, AT_FDCWD, ADDRESS(to), O_WRONLY | O_CLOEXEC, 0, 0);
	long n = bare_call(SYS_read, in, ADDRESS(text), sizeof(text), 0, 0);

	if (n > 0 && n < (long)sizeof(text))
		written = bare_call(SYS_write, out, ADDRESS(text), n, 0, 0);
	if (in >= 0)
		bare_call(SYS_close, in, 0, 0, 0, 0);
	if (out >= 0)
		bare_call(SYS_close, out, 0, 0, 0, 0);
	return written == n;
}

/* Who is killed in it has told how far he came. */
BARE void ahead_make_it(struct ahead_dir *dir)
{
	int code = (int)bare_call(SYS_mkdirat, AT_FDCWD, ADDRESS(dir->path), 0755, 0, 0);
	bool is_filled = !code;

	__atomic_store_n(&dir->code, code, __ATOMIC_RELEASE);
	for (int k = 0; k < 2 && dir->from[k] && !code; k++)
		is_filled &= copy_text(dir->from[k], dir->to[k]);
	__atomic_store_n(&dir->is_filled, is_filled, __ATOMIC_RELEASE);
}

BARE bool ahead_make_dir(void)
{
	struct ahead *ahead = ahead_shared;
	int n = __atomic_load_n(&ahead->n_dirs, __ATOMIC_ACQUIRE), at = 0;

	if (n)
		at = __atomic_fetch_add(&ahead->n_begun, 1, __ATOMIC_RELAXED);
	if (at >= n)
		return false;
	ahead_make_it(&ahead->dirs[at]);
	if (__atomic_add_fetch(&ahead->n_made, 1, __ATOMIC_ACQ_REL) == n)
		ahead_wake(&ahead->n_made);
	return true;
}

BARE static _Noreturn void end(void)
{
	for (;;)
		bare_call(SYS_exit_group, 0, 0, 0, 0, 0);
}

/* What it is told is done at once; the loopback interface when there is nothing else to do. */
BARE static _Noreturn void serve(struct ahead *ahead)
{
	bool is_raised = false;

	for (;;) {
		int told = __atomic_load_n(&ahead->told, __ATOMIC_ACQUIRE);
		if (ahead->wanted && ahead->state == AHEAD_IDLE)
			make(ahead, ahead->wanted);
		while (ahead_make_dir())
			;
		if (!is_raised && ahead->state == AHEAD_MADE &&
		    (ahead->n_dirs || !__atomic_load_n(&ahead->is_awaited, __ATOMIC_ACQUIRE))) {
			is_raised = true;
			raise_loopback(ahead);
		}
		while (__atomic_load_n(&ahead->told, __ATOMIC_ACQUIRE) == told) {
			if (__atomic_load_n(&ahead->is_ended, __ATOMIC_ACQUIRE))
				end();
			ahead_sleep(&ahead->told, told, 100000000);
		}
	}
}

/* Signals are the caller's, whose terminal sends them to both. */
BARE static _Noreturn void live(struct ahead *ahead, uint64_t (*guess)(char **argv), char **argv)
{
	const uint64_t all = ~0ULL;
	uint64_t guessed = 0;

	bare_call(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (bare_call(SYS_getppid, 0, 0, 0, 0, 0) != ahead->caller)
		end();
	__atomic_store_n(&ahead->begun, true, __ATOMIC_RELEASE);
	bare_call(SYS_rt_sigprocmask, SIG_SETMASK, ADDRESS(&all), 0, sizeof(all), 0);
	if (guess)
		guessed = guess(argv);
	if (guessed)
		make(ahead, guessed);
	else
		become(ahead, AHEAD_IDLE);
	serve(ahead);
}

BARE int ahead_bear(uint64_t (*guess)(char **argv), char **argv, uint64_t wanted)
{
	struct ahead *ahead = bare_map_shared(AHEAD_SIZE);

	if (!ahead)
		return 0;
	ahead->wanted = wanted;
	ahead->caller = (pid_t)bare_call(SYS_getpid, 0, 0, 0, 0, 0);
	/* No signal tells its end: whoever wants to know waits for it. */
	int pid = (int)bare_call(SYS_clone, 0, 0, 0, 0, 0);
	if (pid == 0)
		live(ahead_shared = ahead, guess, argv);
	if (pid > 0) {
		ahead_shared = ahead;
		elsewhere_begin(pid);
	}
	return pid;
}
