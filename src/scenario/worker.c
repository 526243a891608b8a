// SPDX-License-Identifier: Apache-2.0
/*
 * A process of the kernel's side. The first one makes the clean root; the others are forked by one
 * another, as children of the one that started all. They answer over sockets and need no files but
 * /proc, which they keep by a descriptor from before their root was changed.
 */
#include "base/io.h"
#include "base/mem.h"
#include "read/table.h"
#include "scenario/wire.h"
#include "scenario/worker_calls.h"
#include "sys/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static int clean_root(void)
{
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return -errno;
	if (mount("scenario", "/tmp", "tmpfs", 0, NULL) < 0 || chdir("/tmp") < 0)
		return -errno;
	if (sys_pivot_root(".", ".") < 0 || umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
		return -errno;
	return 0;
}

/* Who has nothing in sight has no table: a root that was unmounted, or a chroot. */
static bool sees_mounts(void)
{
	uint64_t id;

	return sys_listmount(0, UINT64_MAX, 0, &id, 1) > 0;
}

static void reply(struct worker *w, struct answer *answer)
{
	AUTO(mnt_table) struct mnt_table table = {0};
	AUTO(buf) struct buf out = {0};

	buf_add(&out, answer, sizeof(*answer));
	int rc = read_statmount(0, -1, &table, NULL);
	if (rc < 0 && rc != -ESRCH && sees_mounts())
		answer->failure = -rc;
	answer->n_mounts = (uint32_t)table.n;
	wire_put_table(&table, &out);
	memcpy(out.data, answer, sizeof(*answer));
	if (send(w->sockets.worker[w->task], out.data, out.len, MSG_NOSIGNAL) < 0) {
		*answer = (struct answer){.failure = errno == EMSGSIZE ? E2BIG : errno};
		send(w->sockets.worker[w->task], answer, sizeof(*answer), MSG_NOSIGNAL);
	}
}

static _Noreturn void serve(struct worker *w);

/* CLONE_PARENT: whoever started the first one waits for all of them. */
static pid_t fork_sibling(void)
{
	return (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);
}

static int call_fork(struct worker *w, const struct call *call, struct answer *answer)
{
	pid_t pid = fork_sibling();

	if (pid < 0)
		return -errno;
	if (pid == 0) {
		w->task = call->other;
		for (size_t i = 0; i < CALL_FILES; i++) {
			close(w->files[i]);
			w->files[i] = -1;
		}
		worker_survive_not(w);
		*answer = (struct answer){0};
		reply(w, answer);
		serve(w);
	}
	answer->pid = pid;
	return 0;
}

static void handle(struct worker *w, const struct request *request)
{
	struct answer answer = {0};

	if (request->has_call && request->call.kind == CALL_EXIT)
		_exit(0);
	if (request->has_call && request->call.kind == CALL_FORK)
		answer.rc = call_fork(w, &request->call, &answer);
	else if (request->has_call)
		answer.rc = worker_call(w, &request->call, &answer.failure);
	if (request->has_call && request->call.kind == CALL_UNSHARE && answer.rc == 0)
		answer.failure = -worker_ns_id(w, &answer.ns_id);
	reply(w, &answer);
}

static _Noreturn void serve(struct worker *w)
{
	struct request request;

	while (recv(w->sockets.worker[w->task], &request, sizeof(request), 0) == sizeof(request))
		handle(w, &request);
	_exit(0);
}

/* Ids of namespaces come in batches, one for each CPU: on one they are in order. */
static void stay_on_this_cpu(void)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(sched_getcpu(), &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
}

_Noreturn void worker_first(const struct worker_sockets *sockets)
{
	struct worker w = {.sockets = *sockets, .proc = open("/proc", O_PATH | O_CLOEXEC)};
	struct answer answer = {0};

	stay_on_this_cpu();
	int rc = w.proc < 0 ? -errno : clean_root();

	for (size_t i = 0; i < SCENARIO_TASKS; i++)
		close(sockets->world[i]);
	for (size_t i = 0; i < CALL_FILES; i++)
		w.files[i] = -1;
	umask(0);
	worker_survive_not(&w);
	if (rc == 0)
		rc = worker_furnish("");
	if (rc == 0 && (mkdir("/a/a", 0755) < 0 || mkdir("/a/b", 0755) < 0))
		rc = -errno;
	if (rc == 0)
		rc = worker_ns_id(&w, &answer.ns_id);
	answer.failure = -rc;
	reply(&w, &answer);
	serve(&w);
}
