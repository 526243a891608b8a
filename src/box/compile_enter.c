// SPDX-License-Identifier: Apache-2.0
/*
 * The way into a box's namespaces. With a template the sources are opened as detached trees in the
 * caller's namespace, before `unshare`; the classic way opens them after it, in the copy.
 */
#include "box/compile_parts.h"
#include "base/mem.h"
#include "box/push.h"

#include <sched.h>
#include <string.h>
#include <sys/mount.h>

void compile_root_attr(struct compile *c, int handle, const char *path)
{
	if (c->spec->propagation)
		push_set(c->ops, push_at(handle, path), 0, c->spec->propagation, OP_REC);
	if (c->spec->read_only && !c->spec->process)
		push_set(c->ops, push_at(handle, path), MOUNT_ATTR_RDONLY, 0, 0);
}

/*
 * A shared mount cannot be switched to, and what the box mounts on its root must not appear on the
 * host's. So the root itself leaves the host's peer group: it is still told of its mounts.
 */
static void leave_peers(struct compile *c)
{
	if (!c->spec->propagation || c->spec->propagation == MS_SHARED)
		push_set(c->ops, push_at(c->root, NULL), 0, MS_SLAVE, 0);
}

static int open_sources(struct compile *c, struct err *err)
{
	if (layers_wanted(c->spec)) {
		layers_open(&c->layers, c->spec, c->ops);
	} else {
		AUTO_FREE char *said = xasprintf("ROOT %s", c->spec->root);
		c->root = push_open(c->ops, push_at(0, c->spec->root), OP_REC, said);
		compile_root_attr(c, c->root, NULL);
		leave_peers(c);
	}
	defaults_open_host(&c->defaults, c->spec, c->host, c->ops);
	nodes_open_host(&c->nodes, c->spec, c->host, c->ops);
	return compile_open_mounts(c, true, err);
}

static uint64_t namespaces(const struct compile *c)
{
	bool user = c->host->idmap && !spec_joined(c->spec, CLONE_NEWUSER);
	bool mount = !c->spec->shared_mounts;

	return c->spec->unshare | (mount ? CLONE_NEWNS : 0) | (user ? CLONE_NEWUSER : 0);
}

void compile_unshare(struct compile *c)
{
	ops_push(c->ops, (struct op){.kind = OP_UNSHARE, .namespaces = namespaces(c)});
}

static void cover_root(struct compile *c, int handle)
{
	if (!handle)
		return;
	push_attach(c->ops, handle, push_at(0, "/"), 0);
	c->covers++;
}

static bool mounts_type(const struct spec *spec, const char *type)
{
	for (size_t i = 0; i < spec->n_mounts; i++)
		if (!strcmp(spec->mounts[i].type, type))
			return true;
	return false;
}

/*
 * In front of everything else, as their paths are the caller's; that of mounts comes last. The user
 * namespace is entered by him who bears the container: without privilege before all else, with it
 * after all else.
 */
void compile_joins(struct compile *c)
{
	const uint64_t other = ~(uint64_t)(CLONE_NEWNS | CLONE_NEWUSER),
		       order[] = {other, CLONE_NEWNS};

	for (size_t k = 0; k < ARRAY_SIZE(order); k++)
		for (size_t i = 0; i < c->spec->n_joins; i++)
			if (c->spec->joins[i].kind & order[k])
				ops_push(c->ops,
					 (struct op){.kind = OP_SETNS,
						     .namespaces = c->spec->joins[i].kind,
						     .to = push_at(0, c->spec->joins[i].path)});
}

/*
 * A new procfs or sysfs is given to a user namespace only if one is fully visible in its mount
 * namespace. The template has none: copies of the host's lie below the new root until it is
 * switched to.
 */
static int enter_by_template(struct compile *c, struct err *err)
{
	int proc = 0, sys = 0;

	if (open_sources(c, err) < 0)
		return -err->code;
	if (c->host->idmap &&
	    ((c->spec->proc && !c->defaults.proc) || mounts_type(c->spec, "proc")))
		proc = push_open(c->ops, push_at(0, "/proc"), 0, NULL);
	if (c->host->idmap && ((c->spec->sys && !c->defaults.sys) || mounts_type(c->spec, "sysfs")))
		sys = push_open(c->ops, push_at(0, "/sys"), 0, NULL);
	ops_push(c->ops, (struct op){.kind = OP_SETNS,
				     .namespaces = CLONE_NEWNS,
				     .to = {.path = xstrdup(c->host->template)}});
	compile_unshare(c);
	cover_root(c, proc);
	cover_root(c, sys);
	return 0;
}

/*
 * The sources are opened before the copy is cut off, so that what is to stay shared with the host
 * is. The old root is dropped with all its mounts, which must not reach the peers of shared ones;
 * what a user namespace copies is a slave already.
 */
int compile_enter_by_copy(struct compile *c, struct err *err)
{
	compile_unshare(c);
	if (open_sources(c, err) < 0)
		return -err->code;
	if (!c->host->idmap)
		push_set(c->ops, push_at(0, "/"), 0, MS_SLAVE, OP_REC);
	return 0;
}

int compile_enter(struct compile *c, struct err *err)
{
	return c->host->template ? enter_by_template(c, err) : compile_enter_by_copy(c, err);
}
