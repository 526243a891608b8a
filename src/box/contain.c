// SPDX-License-Identifier: Apache-2.0
/* Containers as their caller orders them. */
#include "box/contain_parts.h"
#include "box/ahead.h"
#include "box/userns.h"

#include <errno.h>
#include <signal.h>

int contain_limit(struct box *box, struct err *err)
{
	const struct contain *order = box->order;

	return order->limit ? order->limit(order->arg, err) : 0;
}

static int create(struct box *box, const struct contain *order, struct err *err)
{
	box->into = order->into;
	box->listener = order->listener;
	box->console = order->console;
	box->order = order;
	box->notify = order->notify;
	if (userns_map(order->spec, box->rootless, &box->idmap, err) < 0)
		return -err->code;
	box->is_direct = contain_is_direct(order->spec, box->rootless);
	/* A v1 cpu cgroup takes no process that has a real-time policy already. */
	box->settles_early =
		box->is_direct && order->settles_early && !order->spec->process->scheduler.is_set;
	if (!box->settles_early &&
	    (contain_await_cgroups(box, err) < 0 || contain_limit(box, err) < 0))
		return -err->code;
	if ((box->is_direct ? contain_bear_directly(box, err) : contain_bear_by_midwife(box, err)) <
		    0 ||
	    contain_settle(box, order->settle, order->arg, err) < 0)
		return -err->code;
	return 0;
}

/* What is the caller's stays open. */
static void done(struct box *box)
{
	ahead_end();
	box->console = -1;
	box_done(box);
}

int box_create(const struct contain *order, pid_t *ret_pid, int *ret_status, struct err *err)
{
	struct box box;
	int rc;

	box_init(&box, order->spec);
	rc = create(&box, order, err);
	if (rc == 0)
		rc = contain_await(&box, &box.status, err);
	*ret_status = box.status;
	if (rc == 0) {
		*ret_pid = box.pid;
		box.pid = 0; /* it lives on */
	}
	done(&box);
	return rc;
}

/* Signals are blocked from here on: what comes while the container is made reaches it later. */
int contain_block_signals(struct err *err)
{
	sigset_t all;

	sigfillset(&all);
	return sigprocmask(SIG_SETMASK, &all, NULL) < 0 ? err_set(err, errno, "block signals") : 0;
}

int box_contain(const struct contain *order, struct err *err)
{
	struct box box;
	int status = BOX_EXIT_FAILED;

	box_init(&box, order->spec);
	box.started = order->started;
	box.started_arg = order->arg;
	if (contain_block_signals(err) == 0 && create(&box, order, err) == 0)
		status = box_supervise(&box, err);
	else
		status = box.status;
	done(&box);
	return status;
}
