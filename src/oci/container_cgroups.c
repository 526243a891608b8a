// SPDX-License-Identifier: Apache-2.0
/* Which cgroups a container gets: by directories, by systemd, or none. */
#include "oci/container_parts.h"
#include "base/io.h"
#include "base/mem.h"
#include "box/userns.h"
#include "oci/cgroup_systemd.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

char *container_unit_owner(const struct state *state)
{
	return xasprintf("mntns-oci container %s of %s", state->id, state->created);
}

static int plan_cgroups(struct container *c, const char *path, struct err *err)
{
	cgroups_done(&c->cgroups);
	strv_done(&c->state.cgroups);
	if (cgroups_plan(path, c->state.id, &c->cgroups, err) < 0)
		return -err->code;
	c->cgroups.by_systemd = c->state.unit;
	cgroups_dirs(&c->cgroups, &c->state.cgroups);
	return state_save(&c->state, err);
}

/* The unit that the configuration names, or that it has by default. */
static int unit_named(const char *said, const char *id, struct cgroup_unit *ret, struct err *err)
{
	AUTO_FREE char *own = xasprintf(":mntns-oci:%s", id);
	const char *name = said && *said ? said : own;

	if (cgroup_systemd_name(name, cgroup_systemd_is_users(), ret, err) < 0)
		return -err->code;
	cgroup_systemd_place(ret);
	return 0;
}

/* Where it was not made nothing is removed: what is of that name is another's. */
static int start_unit(struct container *c, struct err *err)
{
	AUTO(cgroup_unit) struct cgroup_unit unit = {0};
	AUTO_FREE char *owner = container_unit_owner(&c->state), *path = NULL;

	if (unit_named(c->config.cgroups_path, c->state.id, &unit, err) < 0)
		return -err->code;
	c->state.unit = xstrdup(unit.name);
	if (plan_cgroups(c, unit.path, err) < 0)
		return -err->code;
	if (cgroup_systemd_start(&unit, owner, &c->holder, &path, err) < 0) {
		cgroups_done(&c->cgroups);
		free(c->state.unit);
		c->state.unit = NULL;
		return -err->code;
	}
	/*
	 * Its manager may itself be in a cgroup. In the one tree of v2 systemd writes the unit's
	 * limits anew whenever it reads its units, or changes one beside; nothing below what it
	 * delegates.
	 */
	AUTO_FREE char *below = xasprintf("%s/container", path);
	if (plan_cgroups(c, c->cgroups.pure_v2 ? below : path, err) < 0)
		return -err->code;
	c->cgroups.holder = c->holder;
	return cgroup_systemd_come(&c->cgroups, err);
}

static bool wants_systemd(const struct args *args)
{
	return args->systemd_cgroup ||
	       (args->cgroup_manager && !strcmp(args->cgroup_manager, "systemd"));
}

/* Its processes cannot make devices anyway, so that rules about them may be missing. */
static bool is_confined(const struct container *c)
{
	bool initial;

	return spec_has_namespace(&c->config.spec, CLONE_NEWUSER) || !userns_is_privileged() ||
	       (userns_is_initial(&initial, NULL) == 0 && !initial);
}

int container_limit(void *container, struct err *err)
{
	AUTO(err) struct err why = {0};
	struct container *c = container;

	if (!c->has_cgroups)
		return 0;
	if (cgroups_limit(&c->cgroups, &c->config.resources, err) < 0)
		return -err->code;
	if (cgroups_rule_devices(&c->cgroups, &c->config.resources, &why) == 0 || is_confined(c))
		return 0;
	return err_say(err, why.code, "%s", why.msg);
}

int container_await_cgroups(void *container, uint32_t *ret_made, struct err *err)
{
	struct container *c = container;

	return cgroups_await(&c->cgroups, ret_made, err);
}

int container_make_cgroups(struct container *c, const struct args *args, struct err *err)
{
	bool disabled = args->cgroup_manager && !strcmp(args->cgroup_manager, "disabled");

	if (disabled)
		return state_save(&c->state, err);
	if ((wants_systemd(args) ? start_unit(c, err)
				 : plan_cgroups(c, c->config.cgroups_path, err)) < 0)
		return -err->code;
	c->has_cgroups = true;
	if (container_settles_early(c) &&
	    contain_is_direct(&c->config.spec, !userns_is_privileged()))
		cgroups_begin(&c->cgroups);
	if (cgroups_make(&c->cgroups, err) < 0)
		return -err->code;
	cgroups_into(&c->cgroups, &c->into);
	return 0;
}

/* The path of the configuration that it was made from, to be freed; NULL: it says none. */
static char *said_path(const struct state *state)
{
	AUTO(buf) struct buf text = {0};
	json_error_t why;
	json_t *json = NULL;

	if (io_read_file(state->dir, "config.json", 16 << 20, &text, NULL) == 0)
		json = place_load(text.data ? text.data : "", text.len, &why);
	json_t *said = json_object_get(json_object_get(json, "linux"), "cgroupsPath");
	const char *path = json_string_value(said);
	char *copy = path && *path ? xstrdup(path) : NULL;
	json_decref(json);
	return copy;
}

static bool is_there(const struct cgroups *cg)
{
	for (size_t i = 0; i < cg->n; i++)
		if (access(cg->v[i].dir, F_OK) == 0 || errno != ENOENT)
			return true;
	return false;
}

/*
 * Whether systemd was to make them is not in the configuration. Where that names no place, and the
 * record is lost, what is there tells.
 */
static int guess(struct container *c, const char *said, struct err *err)
{
	const char *id = c->state.id;
	AUTO(cgroup_unit) struct cgroup_unit unit = {0};
	AUTO(err) struct err ignored = {0};

	if (said ? !strchr(said, ':') : *c->state.created)
		return cgroups_plan(said, id, &c->cgroups, err);
	if (unit_named(said, id, &unit, &ignored) == 0 &&
	    cgroups_plan(unit.path, id, &c->cgroups, &ignored) == 0) {
		bool there = is_there(&c->cgroups);
		if (there && !c->state.unit)
			c->state.unit = xstrdup(unit.name);
		if (there || said)
			return 0;
		cgroups_done(&c->cgroups);
	}
	return cgroups_plan(said, id, &c->cgroups, err);
}

int container_guess_cgroups(struct container *c, struct err *err)
{
	AUTO_FREE char *said = said_path(&c->state);
	AUTO(err) struct err ignored = {0};
	int rc = guess(c, said, &ignored);

	/* A path that is damaged too: the place of those that are told none. */
	if (rc < 0)
		rc = cgroups_plan(NULL, c->state.id, &c->cgroups, err);
	for (size_t i = 0; i < c->cgroups.n; i++)
		c->cgroups.v[i].made = true;
	return rc < 0 ? err_add(err, "container %s", c->state.id) : 0;
}
