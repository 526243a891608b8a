// SPDX-License-Identifier: Apache-2.0
/*
 * The list of ops that makes a box's view, in one of four ways. Everything behind the switch of the
 * root is resolved inside the new root by nature.
 */
#include "box/compile_parts.h"
#include "base/mem.h"
#include "box/push.h"

#include <sys/mount.h>

/* A throw-away layer, and a container's root, may have the mount points first. */
static void close_what_is_done(struct compile *c)
{
	for (size_t i = 0; i < c->spec->n_mounts; i++)
		if (c->spec->mounts[i].close_later)
			push_set(c->ops, push_at(0, c->spec->mounts[i].target), MOUNT_ATTR_RDONLY,
				 0, 0);
	if ((c->spec->overlay || c->spec->process) && c->spec->read_only)
		push_set(c->ops, push_at(0, "/"), MOUNT_ATTR_RDONLY, 0, 0);
}

/* With everything mounted, so that only what is mounted from now on is told to its new peers. */
static void share_root(struct compile *c)
{
	if (c->spec->propagation == MS_SHARED)
		push_set(c->ops, push_at(0, "/"), 0, MS_SHARED, 0);
}

static int open_new(struct compile *c, struct err *err)
{
	defaults_open_new(&c->defaults, c->spec, c->host, c->ops);
	return compile_open_mounts(c, false, err);
}

static void fill_root(struct compile *c)
{
	defaults_attach(&c->defaults, c->spec, c->ops);
	compile_attach_mounts(c, OP_CREATE);
	nodes_attach(&c->nodes, c->spec, c->view);
	close_what_is_done(c);
}

/*
 * For hooks that see the host's tree in the container's namespace: the root is mounted where it is,
 * filled by one who has it as its root, and switched to in the end. It is a copy of the host's tree
 * that is cut off, so none of it is seen elsewhere.
 */
static int compile_late(struct compile *c, struct err *err)
{
	compile_joins(c);
	if (compile_enter_by_copy(c, err) < 0 || open_new(c, err) < 0)
		return -err->code;
	push_attach(c->ops, c->root, push_at(0, c->spec->root), 0);
	ops_push(c->ops, (struct op){.kind = OP_CHDIR, .to = {.handle = c->root}});
	c->view->enter = c->ops->n;
	fill_root(c);
	c->view->leave = c->ops->n;
	push_switch_root(c->ops, c->root, 0);
	share_root(c);
	return 0;
}

/* What others see as well is no place for mounts: the root is entered, devices are made in it. */
static int compile_shared(struct compile *c)
{
	compile_joins(c);
	compile_unshare(c);
	ops_push(c->ops, (struct op){.kind = OP_CHDIR, .to = push_at(0, c->spec->root)});
	c->view->enter = c->ops->n;
	nodes_attach(&c->nodes, c->spec, c->view);
	c->view->leave = c->ops->n;
	return 0;
}

static int compile_directory(struct compile *c, struct err *err)
{
	compile_joins(c);
	if (compile_enter(c, err) < 0 || open_new(c, err) < 0)
		return -err->code;
	if (layers_wanted(c->spec)) {
		c->root = layers_stack(&c->layers, c->spec, c->host, c->covers, c->ops);
		c->covers = 0;
		if (c->spec->read_only && !c->spec->overlay)
			push_set(c->ops, push_at(c->root, NULL), MOUNT_ATTR_RDONLY, 0, 0);
	}
	push_attach(c->ops, c->root, push_at(0, "/"), 0);
	push_switch_root(c->ops, c->root, c->covers);
	fill_root(c);
	share_root(c);
	return 0;
}

/* The host's own tree: its copy is what was asked for, so it is copied. */
static int compile_host(struct compile *c, struct err *err)
{
	compile_unshare(c);
	/* Before the copy is cut off from its peers: a bind may stay shared, or a slave. */
	if (compile_open_mounts(c, true, err) < 0)
		return -err->code;
	compile_root_attr(c, 0, "/");
	defaults_open_host(&c->defaults, c->spec, c->host, c->ops);
	if (open_new(c, err) < 0)
		return -err->code;
	defaults_attach(&c->defaults, c->spec, c->ops);
	compile_attach_mounts(c, 0);
	return 0;
}

static int compile(struct compile *c, struct err *err)
{
	if (spec_is_host_root(c->spec))
		return compile_host(c, err);
	if (c->spec->shared_mounts)
		return compile_shared(c);
	return c->spec->late_root ? compile_late(c, err) : compile_directory(c, err);
}

/* Behind everything else, as the terminal comes from the devpts that is mounted by then. */
static void add_console(struct compile *c)
{
	const struct spec *spec = c->spec;
	struct box_view *view = c->view;

	view->console = view->ops.n;
	view->pts = c->defaults.pts;
	if (!view->pts && spec->process && spec->tty)
		view->pts = compile_find_devpts(c);
	if (spec->tty && c->defaults.pts)
		defaults_attach_console(&c->defaults, &view->ops);
	else if (spec->tty && view->pts)
		nodes_attach_console(view->pts, &view->ops);
}

int box_compile(const struct spec *spec, const struct box_host *host, struct box_view *ret,
		struct err *err)
{
	struct box_view view = {0};
	struct compile c = {.spec = spec, .host = host, .ops = &view.ops, .view = &view};
	int rc;

	c.mounts = xcalloc(spec->n_mounts, sizeof(*c.mounts));
	rc = compile(&c, err);
	if (rc == 0) {
		view.clone = ops_find(&view.ops, OP_UNSHARE);
		add_console(&c);
		*ret = view;
	} else {
		box_view_done(&view);
	}
	free(c.mounts);
	layers_done(&c.layers);
	nodes_done(&c.nodes);
	return rc;
}

void box_view_done(struct box_view *view)
{
	ops_done(&view->ops);
	free(view->copies);
	free(view->masks);
}
