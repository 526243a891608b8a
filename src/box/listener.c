// SPDX-License-Identifier: Apache-2.0
/*
 * Once the filter is loaded, each system call of ours may be one that waits for an answer from him
 * who does not have the listener yet. So a helper that the filter does not hold for, and that
 * shares our descriptors, sends it; we tell it the number, and wait, in memory and without a
 * system call.
 */
#include "box/listener.h"
#include "base/mem.h"
#include "box/birth.h"
#include "sys/calls.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

enum {
	WAITING,
	DELIVERED,
	LOST
};

struct shared {
	_Atomic int listener; /* 0: not yet, -1: there will be none */
	_Atomic int state;
};

static int load(const struct spec_process *process)
{
	struct sock_fprog program = {
		.len = (unsigned short)process->seccomp_len,
		.filter = process->seccomp,
	};
	long rc = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, process->seccomp_flags, &program);

	return rc < 0 ? -errno : (int)rc;
}

_Noreturn static void help(struct shared *shared, int sync)
{
	const struct timespec moment = {0, 200000};
	struct sync_message answer;
	int listener;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (!(listener = atomic_load(&shared->listener)))
		nanosleep(&moment, NULL);
	bool ok = listener > 0 &&
		  sync_send(sync, &(struct sync_message){.kind = SYNC_LISTENER}, listener) == 0 &&
		  sync_receive(sync, &answer, NULL) == 1 && answer.kind == SYNC_GO;
	atomic_store(&shared->state, ok ? DELIVERED : LOST);
	_exit(0);
}

static int load_with_helper(const struct spec_process *process, struct shared *shared, int sync,
			    struct err *err)
{
	pid_t helper = sys_clone3(CLONE_FILES, -1);

	if (helper == 0)
		help(shared, sync);
	if (helper < 0)
		return err_set(err, errno, "linux.seccomp: the listener's helper");
	int fd = load(process);
	/* Descriptor 0 is standard input: it is no listener. */
	atomic_store(&shared->listener, fd > 0 ? fd : -1);
	while (atomic_load(&shared->state) == WAITING)
		;
	if (fd > 0)
		close(fd);
	while (waitpid(helper, NULL, 0) < 0 && errno == EINTR)
		;
	if (fd < 0)
		return err_set(err, -fd, "linux.seccomp: load the filter");
	if (shared->state != DELIVERED)
		return err_say(err, EPIPE, "linux.seccomp: the listener was not delivered");
	return 0;
}

int listener_load(const struct spec_process *process, int sync, struct err *err)
{
	int rc;

	if (!process->seccomp)
		return 0;
	if (!(process->seccomp_flags & SECCOMP_FILTER_FLAG_NEW_LISTENER)) {
		rc = load(process);
		return rc < 0 ? err_set(err, -rc, "linux.seccomp: load the filter") : 0;
	}
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return err_set(err, errno, "linux.seccomp: memory for the listener's helper");
	rc = load_with_helper(process, shared, sync, err);
	munmap(shared, sizeof(*shared));
	return rc;
}

int listener_deliver(const struct box_notify *notify, int sync, pid_t pid, int listener,
		     struct err *err)
{
	AUTO_FD int fd = listener;

	if (!notify || !notify->deliver)
		return err_say(err, EPROTO, "linux.seccomp: nobody takes the listener");
	if (fd < 0)
		return err_say(err, EPROTO, "linux.seccomp: the listener is lost");
	if (notify->deliver(notify->arg, pid, fd, err) < 0)
		return -err->code;
	int rc = sync_send(sync, &(struct sync_message){.kind = SYNC_GO}, -1);
	return rc < 0 ? err_set(err, -rc, "linux.seccomp: the process is gone") : 0;
}
