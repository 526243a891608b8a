// SPDX-License-Identifier: Apache-2.0
/*
 * Device nodes, links, masks. Where a front end's list and the root itself have the same path, what
 * is there stays: the ops are optional.
 */
#include "box/nodes.h"
#include "base/mem.h"
#include "box/push.h"

#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

static const struct {
	const char *text, *path;
} links[] = {
	{"/proc/self/fd", "/dev/fd"},	    {"/proc/self/fd/0", "/dev/stdin"},
	{"/proc/self/fd/1", "/dev/stdout"}, {"/proc/self/fd/2", "/dev/stderr"},
	{"pts/ptmx", "/dev/ptmx"},
};

/*
 * A /dev of the container's own, where nothing is but what we make or bind: nothing of the root,
 * and no mount that may be anything.
 */
static bool own_null(const struct spec *spec)
{
	bool own = false;

	for (size_t i = 0; i < spec->n_mounts; i++) {
		const struct spec_mount *m = &spec->mounts[i];
		if (!m->target[1])
			own = false;
		else if (!strcmp(m->target, "/dev"))
			own = !strcmp(m->type, "tmpfs") && !m->copy_up;
		else if (!strcmp(m->target, "/dev/null"))
			return false;
	}
	for (size_t i = 0; i < spec->n_devices; i++)
		if (!strcmp(spec->devices[i].path, "/dev/null"))
			return own && spec->devices[i].major == 1 && spec->devices[i].minor == 3;
	return false;
}

void nodes_open_host(struct nodes *n, const struct spec *spec, const struct box_host *host,
		     struct ops *ops)
{
	n->closed_trees = host->closed_trees;
	/* One for each: a detached tree cannot be copied from another mount namespace. */
	if (!own_null(spec))
		n->null = xcalloc(spec->masked.n + 1, sizeof(*n->null));
	for (size_t i = 0; n->null && i < spec->masked.n; i++)
		n->null[i] = push_open(ops, push_at(0, "/dev/null"), 0, NULL);
	if (!host->confined)
		return;
	n->device = xcalloc(spec->n_devices + 1, sizeof(*n->device));
	for (size_t i = 0; i < spec->n_devices; i++)
		if (!S_ISFIFO(spec->devices[i].mode))
			n->device[i] = push_open(ops, push_at(0, spec->devices[i].path), 0, NULL);
}

static void make_parents(const char *path, struct ops *ops)
{
	AUTO_FREE char *dir = xstrndup(path, (size_t)(strrchr(path, '/') - path));

	if (*dir && strcmp(dir, "/dev"))
		ops_push(ops, (struct op){.kind = OP_MKDIR,
					  .to = push_at(0, dir),
					  .flags = OP_PARENTS,
					  .mode = 0755});
}

static void make_device(const struct spec_device *device, struct ops *ops)
{
	make_parents(device->path, ops);
	ops_push(ops, (struct op){.kind = OP_NODE,
				  .to = push_at(0, device->path),
				  .flags = OP_OPTIONAL,
				  .mode = device->mode,
				  .major = device->major,
				  .minor = device->minor});
}

static void attach_devices(const struct nodes *n, const struct spec *spec, struct ops *ops)
{
	for (size_t i = 0; i < spec->n_devices; i++) {
		if (n->device && n->device[i])
			push_attach(ops, n->device[i], push_at(0, spec->devices[i].path),
				    OP_CREATE);
		else
			make_device(&spec->devices[i], ops);
	}
}

static void make_links(const struct spec *spec, struct ops *ops)
{
	for (size_t i = 0; i < spec->links.n; i++) {
		const char *equals = strchr(spec->links.v[i], '=');
		ops_push(ops, (struct op){.kind = OP_SYMLINK,
					  .text = xstrndup(spec->links.v[i],
							   (size_t)(equals - spec->links.v[i])),
					  .flags = OP_OPTIONAL,
					  .to = push_at(0, equals + 1)});
	}
	if (!spec->dev_links)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(links); i++)
		ops_push(ops, (struct op){.kind = OP_SYMLINK,
					  .text = xstrdup(links[i].text),
					  .flags = OP_OPTIONAL,
					  .to = push_at(0, links[i].path)});
}

/*
 * Symbolic links lead to what is to be hidden or protected, inside the root. Only in procfs each
 * shows every process something else: what was done there would hold for one of them.
 */
static bool is_proc(const char *path)
{
	return str_starts(path, "/proc/");
}

static void attach_at(struct ops *ops, int handle, const char *path, unsigned flags,
		      const char *said)
{
	flags |= is_proc(path) ? OP_NOSYMLINKS : 0;
	push_attach(ops, handle, push_at(0, path), flags);
	ops->v[ops->n - 1].said = xasprintf("%s: %s", said, path);
}

/* Whether a path is a file or a directory shows only there. */
static void mask_one(const struct nodes *n, size_t at, int empty, const char *path,
		     struct box_view *view)
{
	struct box_mask mask = {.as_dir = view->ops.n, .path = path, .no_symlinks = is_proc(path)};
	int copy = empty ? push_open(&view->ops, (struct op_target){.handle = empty}, 0, NULL)
			 : push_empty(&view->ops);

	attach_at(&view->ops, copy, path, OP_OPTIONAL, "linux.maskedPaths");
	mask.as_file = view->ops.n;
	int null = n->null ? n->null[at] : push_open(&view->ops, push_at(0, "/dev/null"), 0, NULL);
	attach_at(&view->ops, null, path, OP_OPTIONAL, "linux.maskedPaths");
	mask.end = view->ops.n;
	VEC_PUSH(view->masks, view->n_masks, mask);
}

static void mask(const struct nodes *n, const struct spec *spec, struct box_view *view)
{
	int empty = spec->masked.n && !n->closed_trees ? push_empty(&view->ops) : 0;

	for (size_t i = 0; i < spec->masked.n; i++)
		mask_one(n, i, empty, spec->masked.v[i], view);
}

static void protect(const struct spec *spec, struct ops *ops)
{
	for (size_t i = 0; i < spec->protected.n; i++) {
		const char *path = spec->protected.v[i];
		AUTO_FREE char *said = xasprintf("linux.readonlyPaths: %s", path);
		int copy = push_open(ops, push_at(0, path), OP_REC | OP_OPTIONAL, said);
		push_set(ops, (struct op_target){.handle = copy}, MOUNT_ATTR_RDONLY, 0, OP_REC);
		attach_at(ops, copy, path, 0, "linux.readonlyPaths");
	}
}

void nodes_attach(const struct nodes *n, const struct spec *spec, struct box_view *view)
{
	struct ops *ops = &view->ops;

	if (!spec->process)
		return;
	attach_devices(n, spec, ops);
	make_links(spec, ops);
	if (spec->workdir && spec->workdir[1])
		ops_push(ops, (struct op){.kind = OP_MKDIR,
					  .to = push_at(0, spec->workdir),
					  .flags = OP_PARENTS,
					  .mode = 0755});
	protect(spec, ops);
	mask(n, spec, view);
}

void nodes_attach_console(int pts, struct ops *ops)
{
	/* The first terminal of a new devpts is always number 0. */
	int slave = push_open(ops, push_at(pts, "/0"), 0, NULL);

	push_attach(ops, slave, push_at(0, "/dev/console"), OP_CREATE | OP_NOSYMLINKS);
}

void nodes_done(struct nodes *n)
{
	free(n->device);
	free(n->null);
}
