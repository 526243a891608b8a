// SPDX-License-Identifier: Apache-2.0
/*
 * The birth of a container without a midwife, which is most of them: with no namespace to join and
 * no ids to map, its first process itself opens the sources, and is in its mount namespace after
 * that. One fork less, and one who need not be waited for.
 */
#include "box/contain_parts.h"
#include "base/mem.h"
#include "box/ahead.h"
#include "box/template.h"
#include "sys/calls.h"

#include <errno.h>
#include <sched.h>

bool contain_is_direct(const struct spec *spec, bool rootless)
{
	return !rootless && !spec->n_joins && !(spec->unshare & (CLONE_NEWUSER | CLONE_NEWTIME));
}

static uint64_t namespaces(const struct box *box)
{
	return box->view.ops.v[box->view.clone].namespaces;
}

static int open_v2(struct box *box, struct err *err)
{
	return contain_open_cgroup(box->into, &box->v2, err);
}

static int await_namespaces(struct box *box, struct err *err)
{
	return ahead_await(namespaces(box), &box->made_ahead, err);
}

static int enter_namespaces(struct box *box, struct err *err)
{
	return box->made_ahead ? ahead_enter(box->made_ahead, err) : 0;
}

static int leave_mounts(struct box *box, struct err *err)
{
	if (namespaces(box) & CLONE_NEWNS && unshare(CLONE_NEWNS) < 0)
		return err_set(err, errno, "new mount namespace");
	return 0;
}

static int live(struct box *box, struct err *err)
{
	contained_child(box);
}

/* They are being made while the process is born. */
static bool awaits_cgroups(const struct box *box)
{
	return box->settles_early && box->order->cgroups;
}

static int await_cgroups(struct box *box, struct err *err)
{
	int made;

	if (!awaits_cgroups(box))
		return 0;
	int rc = sync_send(box->sync, &(struct sync_message){.kind = SYNC_WAITS}, -1);
	if (rc < 0)
		return err_set(err, -rc, "report home");
	if (box_hear(box, SYNC_CGROUPS, &made, err) < 0)
		return -err->code;
	box->v1_made = (uint32_t)made;
	return 0;
}

/* The child's, while the caller's mounts are in sight. */
static const struct box_step beginning[] = {
	{"enter the namespaces", enter_namespaces},
	{"make mounts", contained_make_mounts},
	{"wait for cgroups", await_cgroups},
	{"open cgroups", contain_open_tasks},
	{"open sources", step_open_sources},
	{"leave the caller's mounts", leave_mounts},
	{"live", live},
};

static int clone_child(struct box *box, struct err *err)
{
	const uint64_t not_now = CLONE_NEWNS | CLONE_NEWCGROUP | box->made_ahead;

	if (sync_pair(&box->sync, &box->child_sync, err) < 0)
		return -err->code;
	box->pid = sys_clone3(namespaces(box) & ~not_now, box->v2);
	if (box->pid < 0)
		return contain_clone_failed(box, errno, "new namespaces", err);
	if (box->pid == 0) {
		close(box->sync);
		box->sync = TAKE_FD(box->child_sync);
		box_walk_child(box, beginning, ARRAY_SIZE(beginning));
	}
	close(TAKE_FD(box->child_sync));
	exec_done(&box->exec);
	auto_close(&box->v2);
	box->v2 = -1;
	return 0;
}

/*
 * The child comes first: while we sleep it has our CPU, and what it waits for is mostly made when
 * it asks for that.
 */
static int tell_cgroups(struct box *box, struct err *err)
{
	struct sync_message message = {.kind = SYNC_CGROUPS};

	if (!awaits_cgroups(box))
		return 0;
	if (contain_hear(box, SYNC_WAITS, err) < 0 || contain_await_cgroups(box, err) < 0)
		return -err->code;
	/* It must be asleep to be woken on a CPU that is idle. */
	sched_yield();
	message.status = (int)box->v1_made;
	return box_tell_child(box, &message, err);
}

static const struct box_step steps[] = {
	{"root", step_check_root},
	{"open the cgroup", open_v2},
	{"survey", box_survey},
	{"compile", step_compile},
	{"open /proc", step_open_proc},
	{"make mounts", contain_make_mounts},
	{"wait for namespaces", await_namespaces},
	{"clone", clone_child},
	{"make the cgroups", tell_cgroups},
};

int contain_bear_directly(struct box *box, struct err *err)
{
	return box_walk(box, steps, ARRAY_SIZE(steps), err);
}
