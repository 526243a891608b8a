// SPDX-License-Identifier: Apache-2.0
/* The mounts are opened by their kind: what needs the host in its namespace, tmpfs inside. */
#include "box/graft.h"
#include "base/mem.h"
#include "box/birth.h"
#include "box/graft_parts.h"
#include "box/labels.h"
#include "box/userns.h"
#include "exec/handle.h"
#include "op/lower.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>

static bool is_inside(const struct spec_mount *m)
{
	return !strcmp(m->type, "tmpfs") || !strcmp(m->type, "ramfs");
}

/* What shows a namespace shows that of who mounts it: the child is in few of the container's. */
static bool shows_namespace(const struct spec_mount *m)
{
	static const char *const types[] = {"proc",   "sysfs",	 "mqueue",
					    "cgroup", "cgroup2", "devpts"};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (!strcmp(types[i], m->type))
			return true;
	return false;
}

static bool asks_idmap(const struct spec_mount *m)
{
	for (size_t i = 0; i < m->words.n; i++)
		if (str_starts(m->words.v[i], "idmap") || str_starts(m->words.v[i], "ridmap"))
			return true;
	return false;
}

static int check(const struct spec_mount *m, struct err *err)
{
	if (graft_is_root(m->target))
		return err_say(err, EINVAL,
			       "%s: the root of a container that lives cannot be covered", m->said);
	if (shows_namespace(m))
		return err_say(err, ENOTSUP,
			       "%s: a %s is of the namespaces of who mounts it; say it in the "
			       "config.json that the container is made from",
			       m->said, m->type);
	if (m->copy_up)
		return err_say(err, ENOTSUP, "%s: tmpcopyup is for a container that is being made",
			       m->said);
	if (is_inside(m) && asks_idmap(m))
		return err_say(err, EINVAL, "%s: a new %s takes no id map, only a bind does",
			       m->said, m->type);
	return labels_check_mount(m, err);
}

/* The words with the container's own map where an id map is asked for. */
static int words_of(const struct spec *spec, const struct spec_mount *m, struct strv *ret,
		    struct err *err)
{
	AUTO_FREE char *map = NULL;

	for (size_t i = 0; i < m->words.n; i++) {
		const char *word = m->words.v[i];
		if (strcmp(word, "idmap") && strcmp(word, "ridmap")) {
			strv_add(ret, word);
			continue;
		}
		if (!map && userns_map(spec, !userns_is_privileged(), &map, err) < 0)
			return err_add(err, "%s", m->said);
		if (!map)
			return err_say(err, EINVAL, "%s: '%s' needs uidMappings and gidMappings",
				       m->said, word);
		strv_addf(ret, "%s=%s", word, map);
	}
	return 0;
}

static int open_mount(struct graft *g, size_t i, struct err *err)
{
	const struct spec_mount *m = &g->spec->mounts[i];
	AUTO(strv) struct strv words = {0};
	struct lower_mount lower = {
		.type = m->type, .source = m->source, .words = &words, .said = m->said};

	if (words_of(g->spec, m, &words, err) < 0)
		return -err->code;
	if (lower_mount_open(&g->ops, &lower, &g->handles[i], err) < 0)
		return err_add(err, "%s", m->said);
	return 0;
}

static int open_mounts(struct graft *g, bool inside, struct err *err)
{
	for (size_t i = 0; i < g->spec->n_mounts; i++)
		if (is_inside(&g->spec->mounts[i]) == inside && open_mount(g, i, err) < 0)
			return -err->code;
	return 0;
}

static int compile(struct graft *g, struct err *err)
{
	g->handles = xcalloc(g->spec->n_mounts, sizeof(*g->handles));
	for (size_t i = 0; i < g->spec->n_mounts; i++)
		if (check(&g->spec->mounts[i], err) < 0)
			return -err->code;
	if (open_mounts(g, false, err) < 0)
		return -err->code;
	g->inside = g->ops.n;
	if (open_mounts(g, true, err) < 0)
		return -err->code;
	g->attach = g->ops.n;
	for (size_t i = 0; i < g->spec->n_mounts; i++) {
		const struct spec_mount *m = &g->spec->mounts[i];
		struct lower_mount lower = {.type = m->type,
					    .to = {.path = m->target},
					    .flags = OP_CREATE | OP_NOSYMLINKS,
					    .said = m->said};
		lower_mount_attach(&g->ops, &lower, g->handles[i]);
	}
	return 0;
}

/* A mount's own descriptor, which outlives its op: for the way back. */
static int attach_one(struct graft *g, size_t i, struct err *err)
{
	const size_t at = g->attach + i;
	int fd = fcntl(exec_handle(&g->exec, g->handles[i]), F_DUPFD_CLOEXEC, 3);

	if (fd < 0)
		return err_set(err, errno, "%s: descriptor", g->spec->mounts[i].said);
	g->attached[i] = fd;
	if (exec_kernel(&g->exec, &g->ops, at, at + 1, err) == 0)
		return 0;
	if (err->code == ELOOP || err->code == ENOTDIR)
		err_hint(err, "in a container that lives no part of a destination may be a "
			      "symbolic link: give the path it leads to");
	return -err->code;
}

static int attach_all(struct graft *g, struct err *err)
{
	size_t done = 0;

	g->attached = xcalloc(g->spec->n_mounts, sizeof(*g->attached));
	while (done < g->spec->n_mounts && attach_one(g, done, err) == 0)
		done++;
	if (done == g->spec->n_mounts)
		return 0;
	while (done--)
		graft_detach(g->spec->mounts[done].target, g->attached[done]);
	exec_undo_made(&g->exec);
	return -err->code;
}

static int add(struct graft *g, struct err *err)
{
	if ((g->rootless && graft_enter_user(g, err) < 0) ||
	    exec_kernel(&g->exec, &g->ops, 0, g->inside, err) < 0 || graft_enter(g, err) < 0 ||
	    exec_kernel(&g->exec, &g->ops, g->inside, g->attach, err) < 0)
		return -err->code;
	return attach_all(g, err);
}

int box_mounts_add(const struct box_graft *order, struct err *err)
{
	struct graft g = {.spec = order->spec, .pidfd = order->pidfd};
	int rc;

	exec_init(&g.exec);
	rc = compile(&g, err);
	if (rc == 0)
		rc = graft_run(&g, add, err);
	free(g.handles);
	ops_done(&g.ops);
	exec_done(&g.exec);
	return rc;
}
