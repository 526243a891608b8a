// SPDX-License-Identifier: Apache-2.0
/*
 * What the birth of a container calls for: hooks and the record by its caller, hooks by its own
 * process, the listener of its filter.
 */
#include "base/mem.h"
#include "oci/cgroup_systemd.h"
#include "oci/container.h"
#include "oci/hooks.h"
#include "oci/listener.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int run_hooks(const struct config *config, enum hook_kind kind, const struct state *state,
		     enum status status, int root, struct err *err)
{
	if (!hooks_has(config, kind))
		return 0;
	json_t *json = state_json(state, status);
	AUTO_FREE char *text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	return hooks_run(config, kind, text, root, err);
}

int container_hooks(struct container *c, enum hook_kind kind, enum status status, struct err *err)
{
	return run_hooks(&c->config, kind, &c->state, status, -1, err);
}

/* By the container's process, which knows its PID as the container does. */
static int hooks_within(struct container *c, enum hook_kind kind, enum status status, int root,
			struct err *err)
{
	struct state state = c->state;

	state.pid = getpid();
	return run_hooks(&c->config, kind, &state, status, root, err);
}

int container_inside(void *container, int root, struct err *err)
{
	return hooks_within(container, HOOK_CREATE_CONTAINER, STATUS_CREATING, root, err);
}

int container_starting(void *container, struct err *err)
{
	return hooks_within(container, HOOK_START_CONTAINER, STATUS_CREATED, -1, err);
}

int container_notify(void *container, pid_t pid, int listener, struct err *err)
{
	struct container *c = container;
	enum status is = pid == c->state.pid ? STATUS_CREATED : STATUS_RUNNING;

	return listener_send(&c->config, &c->state, is, pid, listener, err);
}

bool container_settles_early(const struct container *c)
{
	return !c->holder && !hooks_has(&c->config, HOOK_PRESTART) &&
	       !hooks_has(&c->config, HOOK_CREATE_RUNTIME) &&
	       !hooks_has(&c->config, HOOK_CREATE_CONTAINER) &&
	       !hooks_has(&c->config, HOOK_START_CONTAINER);
}

static bool has_cgroup(const struct cgroups *cg)
{
	for (size_t i = 0; i < cg->n; i++)
		if (cg->v[i].made)
			return true;
	return false;
}

int container_settle(void *container, pid_t pid, struct err *err)
{
	struct container *c = container;

	cgroup_systemd_let_go(&c->holder);
	c->state.pid = pid;
	if (process_born(pid, &c->state.born, err) < 0)
		return -err->code;
	if (!c->state.born)
		return err_say(err, ESRCH, "the container's process %d cannot be looked at", pid);
	if (state_write_config(&c->state, &c->text, err) < 0 || state_save(&c->state, err) < 0 ||
	    (!has_cgroup(&c->cgroups) && state_save_spare(&c->state, err) < 0) ||
	    container_hooks(c, HOOK_PRESTART, STATUS_CREATING, err) < 0 ||
	    container_hooks(c, HOOK_CREATE_RUNTIME, STATUS_CREATING, err) < 0)
		return -err->code;
	return c->started_by_birth ? container_write_pid(c->pid_file, pid, err) : 0;
}
