// SPDX-License-Identifier: Apache-2.0
/*
 * The list of ops that makes a box's view. With a template the sources are opened as detached
 * trees in the caller's namespace, before `unshare`; the classic way opens them after it, in the
 * copy. Everything behind the switch of the root is resolved inside the new root by nature.
 */
#include "box/compile.h"
#include "base/mem.h"
#include "box/defaults.h"
#include "box/layers.h"
#include "box/nodes.h"
#include "box/push.h"
#include "op/lower.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>

struct compile {
	const struct spec *spec;
	const struct box_host *host;
	struct ops *ops;
	struct defaults defaults;
	struct layers layers;
	int root;
	int covers;  /* mounts on the old root that the switch drops with it */
	int *mounts; /* handle of each of spec->mounts */
	struct nodes nodes;
	struct box_view *view;
};

static bool is_host_source(const struct spec_mount *m)
{
	/* An overlay names directories of the host in its options. */
	return !strcmp(m->type, "bind") || !strcmp(m->type, "rbind") || !strcmp(m->type, "overlay");
}

static bool says_propagation(const struct strv *words)
{
	for (size_t i = 0; i < words->n; i++) {
		const char *word = words->v[i];
		if (mnt_propagation_parse(word) ||
		    (*word == 'r' && mnt_propagation_parse(word + 1)))
			return true;
	}
	return false;
}

/* The user's words, with what the box adds: its own id map, its default propagation. */
static struct strv mount_words(const struct compile *c, const struct spec_mount *m)
{
	struct strv words = {0};

	for (size_t i = 0; i < m->words.n; i++) {
		if (!strcmp(m->words.v[i], "idmap") && c->host->idmap)
			strv_addf(&words, "idmap=%s", c->host->idmap);
		else
			strv_add(&words, m->words.v[i]);
	}
	if (is_host_source(m) && c->spec->propagation && !says_propagation(&words))
		strv_addf(&words, "%s%s", strcmp(m->type, "rbind") ? "" : "r",
			  mnt_propagation_word(c->spec->propagation));
	return words;
}

static struct lower_mount as_lower(const struct spec_mount *m, const struct strv *words,
				   unsigned flags)
{
	return (struct lower_mount){
		.type = m->type,
		.source = m->source,
		.to = {.path = m->target},
		.words = words,
		.flags = flags,
		.said = m->said,
	};
}

/* Opens the mounts that copy the host's, or those that are new file systems. */
static int open_mounts(struct compile *c, bool host_sources, struct err *err)
{
	for (size_t i = 0; i < c->spec->n_mounts; i++) {
		const struct spec_mount *m = &c->spec->mounts[i];
		if (is_host_source(m) != host_sources)
			continue;
		AUTO(strv) struct strv words = mount_words(c, m);
		struct lower_mount lower = as_lower(m, &words, 0);
		if (lower_mount_open(c->ops, &lower, &c->mounts[i], err) < 0)
			return err_add(err, "%s", m->said);
	}
	return 0;
}

/* What is mounted on the root is the root from then on: what it covers goes, with all on it. */
static void switch_to(struct compile *c, int handle)
{
	push_switch_root(c->ops, handle, 0);
	c->root = handle;
}

static void attach_mounts(struct compile *c, unsigned flags)
{
	for (size_t i = 0; i < c->spec->n_mounts; i++) {
		AUTO(strv) struct strv words = mount_words(c, &c->spec->mounts[i]);
		const struct spec_mount *m = &c->spec->mounts[i];
		struct lower_mount lower =
			as_lower(m, &words, flags | (m->no_symlinks ? OP_NOSYMLINKS : 0));
		if (m->copy_up)
			VEC_PUSH(c->view->copies, c->view->n_copies,
				 (struct box_copy_up){c->ops->n, c->mounts[i], m->target});
		lower_mount_attach(c->ops, &lower, c->mounts[i]);
		if (!strcmp(m->target, "/"))
			switch_to(c, c->mounts[i]);
	}
}

static void set_root_attr(struct compile *c, int handle, const char *path)
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

static int open_sources(struct compile *c, struct err *err)
{
	if (layers_wanted(c->spec)) {
		layers_open(&c->layers, c->spec, c->ops);
	} else {
		AUTO_FREE char *said = xasprintf("ROOT %s", c->spec->root);
		c->root = push_open(c->ops, push_at(0, c->spec->root), OP_REC, said);
		set_root_attr(c, c->root, NULL);
		leave_peers(c);
	}
	defaults_open_host(&c->defaults, c->spec, c->host, c->ops);
	nodes_open_host(&c->nodes, c->spec, c->host, c->ops);
	return open_mounts(c, true, err);
}

static uint64_t namespaces(const struct compile *c)
{
	bool user = c->host->idmap && !spec_joined(c->spec, CLONE_NEWUSER);
	bool mount = !c->spec->shared_mounts;

	return c->spec->unshare | (mount ? CLONE_NEWNS : 0) | (user ? CLONE_NEWUSER : 0);
}

static void push_unshare(struct compile *c)
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
static void join_namespaces(struct compile *c)
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
	push_unshare(c);
	cover_root(c, proc);
	cover_root(c, sys);
	return 0;
}

/*
 * The sources are opened before the copy is cut off, so that what is to stay shared with the host
 * is. The old root is dropped with all its mounts, which must not reach the peers of shared ones;
 * what a user namespace copies is a slave already.
 */
static int enter_by_copy(struct compile *c, struct err *err)
{
	push_unshare(c);
	if (open_sources(c, err) < 0)
		return -err->code;
	if (!c->host->idmap)
		push_set(c->ops, push_at(0, "/"), 0, MS_SLAVE, OP_REC);
	return 0;
}

static int open_new(struct compile *c, struct err *err)
{
	defaults_open_new(&c->defaults, c->spec, c->host, c->ops);
	return open_mounts(c, false, err);
}

static void fill_root(struct compile *c)
{
	defaults_attach(&c->defaults, c->spec, c->ops);
	attach_mounts(c, OP_CREATE);
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
	join_namespaces(c);
	if (enter_by_copy(c, err) < 0 || open_new(c, err) < 0)
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
static void compile_shared(struct compile *c)
{
	join_namespaces(c);
	push_unshare(c);
	ops_push(c->ops, (struct op){.kind = OP_CHDIR, .to = push_at(0, c->spec->root)});
	c->view->enter = c->ops->n;
	nodes_attach(&c->nodes, c->spec, c->view);
	c->view->leave = c->ops->n;
}

static int compile_directory(struct compile *c, struct err *err)
{
	join_namespaces(c);
	if ((c->host->template ? enter_by_template(c, err) : enter_by_copy(c, err)) < 0)
		return -err->code;
	if (open_new(c, err) < 0)
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
	push_unshare(c);
	/* Before the copy is cut off from its peers: a bind may stay shared, or a slave. */
	if (open_mounts(c, true, err) < 0)
		return -err->code;
	set_root_attr(c, 0, "/");
	defaults_open_host(&c->defaults, c->spec, c->host, c->ops);
	if (open_new(c, err) < 0)
		return -err->code;
	defaults_attach(&c->defaults, c->spec, c->ops);
	attach_mounts(c, 0);
	return 0;
}

/* The handle of a container's own devpts, where it has one. */
static int find_devpts(const struct compile *c)
{
	for (size_t i = 0; i < c->spec->n_mounts; i++)
		if (!strcmp(c->spec->mounts[i].type, "devpts"))
			return c->mounts[i];
	return 0;
}

int box_compile(const struct spec *spec, const struct box_host *host, struct box_view *ret,
		struct err *err)
{
	struct box_view view = {0};
	struct compile c = {.spec = spec, .host = host, .ops = &view.ops, .view = &view};
	int rc = 0;

	c.mounts = xcalloc(spec->n_mounts, sizeof(*c.mounts));
	if (spec_is_host_root(spec))
		rc = compile_host(&c, err);
	else if (spec->shared_mounts)
		compile_shared(&c);
	else
		rc = spec->late_root ? compile_late(&c, err) : compile_directory(&c, err);
	if (rc == 0 && spec->process && spec->tty)
		view.pts = find_devpts(&c);
	free(c.mounts);
	layers_done(&c.layers);
	nodes_done(&c.nodes);
	if (rc < 0) {
		box_view_done(&view);
		return rc;
	}
	view.clone = ops_find(&view.ops, OP_UNSHARE);
	view.console = view.ops.n;
	if (c.defaults.pts)
		view.pts = c.defaults.pts;
	if (spec->tty && c.defaults.pts)
		defaults_attach_console(&c.defaults, &view.ops);
	else if (spec->tty && view.pts)
		nodes_attach_console(view.pts, &view.ops);
	*ret = view;
	return 0;
}

void box_view_done(struct box_view *view)
{
	ops_done(&view->ops);
	free(view->copies);
	free(view->masks);
}
