// SPDX-License-Identifier: Apache-2.0
/*
 * The birth of a container that joins namespaces or maps ids: a midwife enters them, so that the
 * caller stays in its own.
 */
#include "box/contain_parts.h"
#include "base/io.h"
#include "box/sysctl.h"
#include "box/userns.h"
#include "sys/calls.h"

#include <errno.h>
#include <sched.h>

static int open_cgroups(struct box *box, struct err *err)
{
	return contain_open_tasks(box, err) < 0 ? -err->code
						: contain_open_cgroup(box->into, &box->v2, err);
}

static int open_user(struct box *box, struct err *err)
{
	if (userns_open(box->spec, &box->userns, err) < 0)
		return -err->code;
	/* Without privilege it is what allows everything else, with it, it ends that. */
	return box->userns >= 0 && box->rootless ? userns_enter(box->userns, err) : 0;
}

/* For the children only: this process stays in its own. */
static int new_time(struct box *box, struct err *err)
{
	if (!(box->spec->unshare & CLONE_NEWTIME))
		return 0;
	if (unshare(CLONE_NEWTIME) < 0)
		return err_set(err, errno, "linux.namespaces: new time namespace");
	if (box->spec->time_offsets &&
	    io_write_file(box->procfd, "self/timens_offsets", box->spec->time_offsets, err) < 0)
		return err_add(err, "linux.timeOffsets");
	return 0;
}

/* Sources and namespaces to join. */
static int open_sources(struct box *box, struct err *err)
{
	struct sysctl_callers callers;

	if (sysctl_note_callers(box, &callers, err) < 0 || step_open_sources(box, err) < 0)
		return -err->code;
	return sysctl_check_joined(box, &callers, err);
}

/* The cgroup namespace is made by the child, once it is in its cgroups. */
static int clone_child(struct box *box, struct err *err)
{
	const uint64_t later = CLONE_NEWCGROUP | CLONE_NEWTIME;
	uint64_t flags = box->view.ops.v[box->view.clone].namespaces & ~later;

	if (box->userns >= 0 && !box->rootless && userns_enter(box->userns, err) < 0)
		return -err->code;
	box->pid = sys_clone3(flags | CLONE_PARENT, box->v2);
	if (box->pid == 0)
		contained_child(box);
	return box->pid < 0 ? contain_clone_failed(box, errno, "new namespaces", err) : 0;
}

static const struct box_step midwifery[] = {
	{"root", step_check_root},	  {"open cgroups", open_cgroups},
	{"survey", box_survey},		  {"compile", step_compile},
	{"open /proc", step_open_proc},	  {"open the user namespace", open_user},
	{"new time namespace", new_time}, {"open sources", open_sources},
	{"clone", clone_child},
};

static int bear(struct box *box, void *arg, struct err *err)
{
	int rc = box_walk(box, midwifery, ARRAY_SIZE(midwifery), err);

	if (rc < 0)
		exec_undo_made(&box->exec);
	return rc;
}

int contain_bear_by_midwife(struct box *box, struct err *err)
{
	return contain_bear(box, bear, NULL, -1, err);
}
