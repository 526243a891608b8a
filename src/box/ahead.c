// SPDX-License-Identifier: Apache-2.0
/* The caller's side: what it says to its helper, and waits for. */
#include "box/ahead_parts.h"
#include "box/elsewhere.h"
#include "sys/calls.h"
#include "sys/probe.h"
#include "sys/uapi.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t helper;	 /* 0: there is none, any more */
static int its_end = -1; /* a pidfd of it */
static int network = -1;
static struct ahead_dir *its_dirs; /* as they were given */

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
	int pid = ahead_bear(guess, argv, 0);
	helper = pid > 0 ? pid : 0;
}

static void tell(void)
{
	__atomic_add_fetch(&ahead_shared->told, 1, __ATOMIC_RELEASE);
	ahead_wake(&ahead_shared->told);
}

void ahead_begin(uint64_t namespaces)
{
	const uint64_t midwife = CLONE_NEWUSER | CLONE_NEWTIME;

	if (!(namespaces & CLONE_NEWNET) || namespaces & midwife || !probe_may_try(PROBE_AHEAD))
		return;
	namespaces &= CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
	if (helper) {
		ahead_shared->wanted = namespaces;
		tell();
	} else {
		int pid = ahead_bear(NULL, NULL, namespaces);
		helper = pid > 0 ? pid : 0;
	}
}

/* Somebody may have killed it. */
static bool is_gone(void)
{
	pid_t pid;

	if (!helper)
		return true;
	do
		pid = waitpid(helper, NULL, WNOHANG | __WALL);
	while (pid < 0 && errno == EINTR);
	if (pid)
		helper = 0;
	return pid != 0;
}

/*
 * It works on another processor: for one of a virtual machine that has halted it takes longer to go
 * on than most of what is waited for. So it does not halt at once; that is a few hundred
 * microseconds at most.
 */
static void wait_while(int *futex, int value)
{
	for (int i = 0; i < 10000 && __atomic_load_n(futex, __ATOMIC_ACQUIRE) == value; i++)
		bare_pause();
	while (__atomic_load_n(futex, __ATOMIC_ACQUIRE) == value && !is_gone())
		ahead_sleep(futex, value, 20000000);
}

/* Before the first wait for it. */
static void fetch(void)
{
	if (helper && !__atomic_load_n(&ahead_shared->begun, __ATOMIC_ACQUIRE))
		elsewhere_fetch(helper);
}

int ahead_await(uint64_t wanted, uint64_t *ret_namespaces, struct err *err)
{
	struct ahead *ahead = ahead_shared;

	*ret_namespaces = 0;
	if (!helper || !ahead->wanted)
		return 0;
	fetch();
	while (__atomic_load_n(&ahead->state, __ATOMIC_ACQUIRE) != AHEAD_MADE && ahead_make_dir())
		;
	wait_while(&ahead->state, AHEAD_GUESSING);
	wait_while(&ahead->state, AHEAD_IDLE);
	if (!helper || !(ahead->namespaces & wanted))
		return 0;
	if (ahead->code)
		return err_set(err, ahead->code, "new namespaces");
	if (ahead_its_end() < 0)
		return err_set(err, errno, "new namespaces");
	network = ioctl(its_end, PIDFD_GET_NET_NAMESPACE);
	*ret_namespaces = ahead->namespaces & wanted;
	return 0;
}

int ahead_enter(uint64_t namespaces, struct err *err)
{
	if (setns(its_end, (int)namespaces) < 0)
		return errno == ESRCH ? err_say(err, ESRCH,
						"new namespaces: the helper that made them was "
						"killed")
				      : err_set(err, errno, "enter the new namespaces");
	/* It leads to a process of the host's. */
	close(TAKE_FD(its_end));
	return 0;
}

int ahead_its_end(void)
{
	if (helper && its_end < 0)
		its_end = sys_pidfd_open(helper);
	return its_end;
}

void ahead_let_network_go(void)
{
	ahead_done();
	if (network >= 0)
		close(network);
	network = -1;
}

/* Into the mapping; NULL: there is no room. */
static char *put(const char *text, char **at)
{
	char *to = *at, *end = (char *)ahead_shared + AHEAD_SIZE;
	size_t length = strlen(text) + 1;

	if (!to || (size_t)(end - to) < length)
		return *at = NULL;
	*at += length;
	return memcpy(to, text, length);
}

bool ahead_make_dirs(struct ahead_dir *dirs, size_t n)
{
	char *at = helper ? ahead_shared->text : NULL;

	for (size_t i = 0; at && i < n && n <= AHEAD_DIRS; i++) {
		struct ahead_dir *dir = &ahead_shared->dirs[i];
		*dir = (struct ahead_dir){.path = put(dirs[i].path, &at), .code = AHEAD_UNMADE};
		for (size_t k = 0; k < 2 && dirs[i].from[k]; k++) {
			dir->from[k] = put(dirs[i].from[k], &at);
			dir->to[k] = put(dirs[i].to[k], &at);
		}
	}
	if (!at || n > AHEAD_DIRS)
		return false;
	its_dirs = dirs;
	__atomic_store_n(&ahead_shared->n_dirs, (int)n, __ATOMIC_RELEASE);
	tell();
	return true;
}

/* What was to be begun by a helper that is gone since has no code yet. */
static void take_dir(size_t i)
{
	struct ahead_dir *dir = &ahead_shared->dirs[i];

	if (dir->code == AHEAD_UNMADE)
		ahead_make_it(dir);
	its_dirs[i].code = dir->code;
	its_dirs[i].is_filled = dir->is_filled;
}

void ahead_await_dirs(void)
{
	struct ahead *ahead = ahead_shared;

	if (ahead)
		__atomic_store_n(&ahead->is_awaited, true, __ATOMIC_RELEASE);
	if (!its_dirs)
		return;
	fetch();
	while (ahead_make_dir())
		;
	for (int n;
	     (n = __atomic_load_n(&ahead->n_made, __ATOMIC_ACQUIRE)) != ahead->n_dirs && helper;)
		wait_while(&ahead->n_made, n);
	for (size_t i = 0; i < (size_t)ahead->n_dirs; i++)
		take_dir(i);
	its_dirs = NULL;
}

void ahead_end(void)
{
	if (!helper || ahead_shared->is_ended)
		return;
	elsewhere_end(helper);
	/* It looks there at times: should the signal fail, it ends by itself. */
	__atomic_store_n(&ahead_shared->is_ended, true, __ATOMIC_RELEASE);
	kill(helper, SIGKILL);
}

void ahead_done(void)
{
	ahead_end();
	while (helper && waitpid(helper, NULL, __WALL) < 0 && errno == EINTR)
		;
	helper = 0;
	if (its_end >= 0)
		close(its_end);
	its_end = -1;
}
