// SPDX-License-Identifier: Apache-2.0
/* Calls made on the kernel, seen from the process that stays outside. */
#include "base/mem.h"
#include "scenario/wire.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>

struct kernel_world {
	struct worker_sockets sockets;
	pid_t pids[SCENARIO_TASKS]; /* 0: there is none */
	char *data;
};

void kernel_world_free(struct kernel_world *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < SCENARIO_TASKS; i++) {
		if (w->pids[i] > 0) {
			kill(w->pids[i], SIGKILL);
			waitpid(w->pids[i], NULL, 0);
		}
		close(w->sockets.world[i]);
		close(w->sockets.worker[i]);
	}
	free(w->data);
	free(w);
}

/* Others hold the socket of one that was killed open, so it does not end with it. */
static bool has_ended(const struct kernel_world *w, size_t task)
{
	siginfo_t info = {0};

	return w->pids[task] <= 0 ||
	       waitid(P_PID, (id_t)w->pids[task], &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
	       info.si_pid;
}

/* The socket gives up every now and then, to look whether there is somebody to wait for. */
static ssize_t wait_for(struct kernel_world *w, size_t task)
{
	ssize_t len;

	while ((len = recv(w->sockets.world[task], w->data, WIRE_MAX, MSG_TRUNC)) < 0)
		if (errno != EINTR && (errno != EAGAIN || has_ended(w, task)))
			return 0;
	return len;
}

/* Without a table, if `ret` is NULL. */
static int receive(struct kernel_world *w, size_t task, struct answer *answer,
		   struct mnt_table *ret, struct err *err)
{
	ssize_t len = wait_for(w, task);

	if (len < (ssize_t)sizeof(*answer))
		return err_say(err, EPROTO, "process %zu of the scenario ended", task);
	if (len > WIRE_MAX)
		return err_say(err, E2BIG, "process %zu of the scenario has too many mounts", task);
	memcpy(answer, w->data, sizeof(*answer));
	if (answer->failure == ENOTTY)
		return err_say(err, ENOTTY,
			       "scenarios on the kernel need Linux 6.15, which tells the tables of "
			       "mount namespaces by their numbers; on the model (--on model) they "
			       "need none");
	if (answer->failure)
		return err_set(err, answer->failure, "process %zu of the scenario", task);
	int rc = wire_get_table(w->data + sizeof(*answer), (size_t)len - sizeof(*answer),
				answer->n_mounts, ret);
	return rc < 0 ? err_set(err, -rc, "process %zu of the scenario", task) : 0;
}

static int ask(struct kernel_world *w, size_t task, const struct call *call, struct err *err)
{
	struct request request = {.has_call = call};

	if (call)
		request.call = *call;
	if (send(w->sockets.world[task], &request, sizeof(request), MSG_NOSIGNAL) < 0)
		return err_set(err, errno, "process %zu of the scenario", task);
	return 0;
}

struct kernel_world *kernel_world_new(struct outcome *ret, uint64_t *ret_ns_id, struct err *err)
{
	struct kernel_world *w = xcalloc(1, sizeof(*w));
	AUTO(mnt_table) struct mnt_table table = {0};
	struct answer answer;
	const struct timeval patience = {.tv_sec = 2};
	int pair[2], size = WIRE_MAX;

	w->data = xrealloc(NULL, WIRE_MAX, 1);
	for (size_t i = 0; i < SCENARIO_TASKS; i++) {
		if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
			pair[0] = pair[1] = -1;
		setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
		setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		w->sockets.world[i] = pair[0];
		w->sockets.worker[i] = pair[1];
	}
	w->pids[0] = fork();
	if (w->pids[0] == 0)
		worker_first(&w->sockets);
	if (w->pids[0] < 0)
		err_set(err, errno, "fork");
	if (w->pids[0] < 0 || receive(w, 0, &answer, &table, err) < 0) {
		kernel_world_free(w);
		return NULL;
	}
	*ret = (struct outcome){.there[0] = true, .tables[0] = table};
	table = (struct mnt_table){0};
	*ret_ns_id = answer.ns_id;
	return w;
}

/* Who is not there any more has no table; the others are asked together, and answer together. */
static int read_tables(struct kernel_world *w, size_t but, struct outcome *outcome, struct err *err)
{
	struct answer answer;
	int rc = 0;

	for (size_t i = 0; i < SCENARIO_TASKS && rc == 0; i++)
		if (w->pids[i] && i != but)
			rc = ask(w, i, NULL, err);
	for (size_t i = 0; i < SCENARIO_TASKS && rc == 0; i++) {
		outcome->there[i] = w->pids[i];
		if (w->pids[i] && i != but)
			rc = receive(w, i, &answer, &outcome->tables[i], err);
	}
	return rc;
}

static int make_call(struct kernel_world *w, struct call call, struct outcome *outcome,
		     uint64_t *ret_ns_id, struct err *err)
{
	struct answer answer = {0};
	AUTO(mnt_table) struct mnt_table first = {0};

	if (call.a.ns_of != CALL_NOTHING)
		call.pid = w->pids[call.a.ns_of];
	if (call.userns_of != CALL_NOTHING)
		call.userns_pid = w->pids[call.userns_of];
	int rc = ask(w, call.task, &call, err);
	if (rc < 0)
		return rc;
	if (call.kind == CALL_EXIT) {
		waitpid(w->pids[call.task], NULL, 0);
		w->pids[call.task] = 0;
		return 0;
	}
	rc = receive(w, call.task, &answer, &outcome->tables[call.task], err);
	if (rc == 0 && answer.pid) {
		w->pids[call.other] = answer.pid;
		rc = receive(w, (size_t)call.other, &(struct answer){0}, &first, err);
	}
	outcome->rc = answer.rc;
	*ret_ns_id = answer.ns_id;
	return rc;
}

int kernel_world_call(struct kernel_world *w, const struct call *call, struct outcome *ret,
		      uint64_t *ret_ns_id, struct err *err)
{
	struct outcome outcome = {0};
	int rc = make_call(w, *call, &outcome, ret_ns_id, err);

	if (rc == 0)
		rc = read_tables(w, call->task, &outcome, err);
	if (rc < 0)
		outcome_done(&outcome);
	else
		*ret = outcome;
	return rc;
}
