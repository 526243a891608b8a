// SPDX-License-Identifier: Apache-2.0
/* A container's process from its birth to its program, as two arrays of steps. */
#include "box/contain_parts.h"
#include "box/labels.h"
#include "box/process.h"
#include "box/program.h"
#include "box/schedule.h"
#include "box/sysctl.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

/* Nothing in the container may look into a process that is not yet its own. */
static int hide(struct box *box, struct err *err)
{
	return prctl(PR_SET_DUMPABLE, 0) < 0 ? err_set(err, errno, "dumpable") : 0;
}

/* Then /proc has its files as root's, and an ordinary caller could not write the id maps. */
static int hide_at_once(struct box *box, struct err *err)
{
	return box->rootless ? 0 : hide(box, err);
}

static int hide_at_last(struct box *box, struct err *err)
{
	return box->rootless ? hide(box, err) : 0;
}

static int new_cgroup_namespace(struct box *box, struct err *err)
{
	if (box->spec->unshare & CLONE_NEWCGROUP && unshare(CLONE_NEWCGROUP) < 0)
		return err_set(err, errno, "linux.namespaces: new cgroup namespace");
	return 0;
}

static int call_inside(struct box *box, struct err *err)
{
	const struct contain *order = box->order;

	return order && order->inside ? order->inside(order->arg, box->old_root, err) : 0;
}

static int call_starting(struct box *box, struct err *err)
{
	const struct contain *order = box->order;

	return order && order->starting ? order->starting(order->arg, err) : 0;
}

static int set_names(struct box *box, struct err *err)
{
	const char *domain = box->spec->domainname;

	if (domain && setdomainname(domain, strlen(domain)) < 0)
		return err_set(err, errno, "domainname %s", domain);
	return step_set_hostname(box, err);
}

/* Only for its home directory: the ids were given as numbers. */
static int find_home(struct box *box, struct err *err)
{
	for (size_t i = 0; i < box->spec->env.n; i++)
		if (str_starts(box->spec->env.v[i], "HOME="))
			return 0;
	return identity_find(box->spec, &box->identity, err);
}

static int become(struct box *box, struct err *err)
{
	/* While this is still root, and before the descriptors are closed. */
	if (labels_apply(box->spec->process, box->procfd, err) < 0)
		return -err->code;
	return process_become(box->spec->process, err);
}

static int find_program(struct box *box, struct err *err)
{
	return program_find(box->spec, &box->status, err);
}

static int confine(struct box *box, struct err *err)
{
	if (schedule_self(box->spec->process, err) < 0)
		return -err->code;
	return process_confine(box->spec->process, box->sync, err);
}

static int execute(struct box *box, struct err *err)
{
	umask(box->spec->process->umask);
	return program_execute(box->spec, box->identity.home, &box->status, err);
}

static int enter_cgroups(struct box *box, struct err *err)
{
	for (size_t i = 0; i < box->into->v1.n; i++)
		if (contain_has_v1(box, i) && write(box->tasks[i], "0", 1) < 0)
			return err_set(err, errno, "enter the cgroup %s", box->into->v1.v[i]);
	return 0;
}

/* Its caller does what is to be done in them. */
static int enter_cgroups_first(struct box *box, struct err *err)
{
	if (box->settles_early)
		return 0;
	if (enter_cgroups(box, err) < 0)
		return -err->code;
	int rc = sync_send(box->sync, &(struct sync_message){.kind = SYNC_JOINED}, -1);
	return rc < 0 ? err_set(err, -rc, "report home") : 0;
}

/* Its caller makes them ready meanwhile. */
static int enter_cgroups_last(struct box *box, struct err *err)
{
	return box->settles_early ? enter_cgroups(box, err) : 0;
}

/* By itself, as it has all privileges still, and not before it has opened all files. */
static int limit(struct box *box, struct err *err)
{
	return box->is_direct ? process_limit(box->spec->process, 0, err) : 0;
}

static const struct box_step first[] = {
	{"hide from the container", hide_at_once},
	{"enter the cgroups", enter_cgroups_first},
	{"wait for release", step_wait_for_release},
	{"enter the cgroups", enter_cgroups_last},
	{"hide from the container", hide_at_last},
	{"new cgroup namespace", new_cgroup_namespace},
	{"become root of the user namespace", step_become_root},
	{"new session", step_new_session},
	{"build the view", contained_build_view},
	{"own the devices", contained_own_devices},
	{"call those who wait for the view", call_inside},
	{"switch the root", contained_switch_root},
	{"open the terminal", step_open_terminal},
	{"attach the console", step_attach_console},
	{"set the host name", set_names},
	{"raise the loopback interface", step_raise_loopback},
	{"set sysctls", sysctl_set},
	{"find the home directory", find_home},
	{"enter the working directory", step_enter_workdir},
	{"limit", limit},
	{"become the user", become},
	{"find the program", find_program},
	{"keep descriptors", contained_keep_descriptors},
	{"wait for the start", contained_wait_for_start},
	{"confine", confine},
	{"call those who wait for the start", call_starting},
	{"execute the program", execute},
};

static const struct box_step joiner[] = {
	{"wait for release", step_wait_for_release},
	{"new session", step_new_session},
	{"open the terminal", step_open_terminal},
	{"find the home directory", find_home},
	{"enter the working directory", step_enter_workdir},
	{"become the user", become},
	{"find the program", find_program},
	{"keep descriptors", contained_keep_descriptors},
	{"wait for the start", contained_wait_for_start},
	{"confine", confine},
	{"execute the program", execute},
};

_Noreturn void contained_child(struct box *box)
{
	box_walk_child(box, first, ARRAY_SIZE(first));
}

_Noreturn void contained_joiner(struct box *box)
{
	box_walk_child(box, joiner, ARRAY_SIZE(joiner));
}
