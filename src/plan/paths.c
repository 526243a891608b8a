// SPDX-License-Identifier: Apache-2.0
/*
 * A path is what it is now as long as no op before has mounted, unmounted or made something at it
 * or above it.
 */
#include "plan/paths.h"
#include "base/mem.h"
#include "plan/paths_parts.h"

#include <errno.h>
#include <string.h>

struct following {
	struct plan_paths *paths;
	struct paths_child child;
	struct strv changed; /* paths at which ops have changed something */
	bool is_elsewhere;   /* after pivot-root, chdir, setns: another tree */
};

static bool is_at_or_below(const char *path, const char *top)
{
	size_t len = strcmp(top, "/") ? strlen(top) : 0;

	return !strncmp(path, top, len) && (!path[len] || path[len] == '/');
}

static bool is_changed(const struct following *f, const char *path)
{
	for (size_t i = 0; i < f->changed.n; i++)
		if (is_at_or_below(path, f->changed.v[i]))
			return true;
	return f->is_elsewhere;
}

/* Up to where it is missing: that is what the op makes. */
static void note_made(struct following *f, const struct path_look *look)
{
	size_t end = look->found;

	while (look->path[end] == '/')
		end++;
	end += strcspn(look->path + end, "/");
	AUTO_FREE char *made = xstrndup(look->path, end);
	strv_add(&f->changed, made);
}

static int refusal(const struct op *op, const struct path_look *look, bool is_new)
{
	bool may_be_missing = op->flags & (OP_CREATE | OP_PARENTS);

	if (look->follows && op->flags & OP_NOSYMLINKS && !is_new)
		return ELOOP;
	if (is_new && look->exists)
		return op->flags & OP_PARENTS ? 0 : EEXIST;
	if (is_new) /* all but its last name must be there */
		return strchr(look->path + look->found + 1, '/') && !may_be_missing ? ENOENT : 0;
	if (look->exists || may_be_missing)
		return 0;
	return op->flags & OP_OPTIONAL ? PLAN_VOID : ENOENT;
}

static bool makes(const struct op *op)
{
	return op->kind == OP_MKDIR || op->kind == OP_FILE || op->kind == OP_SYMLINK ||
	       op->kind == OP_NODE;
}

static void follow(struct following *f, size_t i, struct op_target *target, bool is_to)
{
	const struct op *op = &f->paths->ops.v[i];
	bool is_new = is_to && makes(op);
	struct path_look look;

	if (target->handle || !target->path)
		return;
	if (*target->path == '/' && !is_changed(f, target->path))
		paths_child_look(&f->child, target->path, is_new || op->kind == OP_UMOUNT, &look);
	else
		look = (struct path_look){0};
	/* A link may lead to where something was changed: what is behind that is not known. */
	bool is_assumed = !look.is_known || is_changed(f, look.path);
	f->paths->assumes |= is_assumed;
	if (!look.is_known)
		return;
	if (!is_assumed && !f->paths->refusals[i])
		f->paths->refusals[i] = refusal(op, &look, is_new);
	if (!is_assumed && !look.exists && (is_new || op->flags & OP_CREATE))
		note_made(f, &look);
	strv_add(&f->paths->strings, look.path);
	target->path = f->paths->strings.v[f->paths->strings.n - 1];
}

static void note_changes(struct following *f, const struct op *op)
{
	if (op->kind == OP_PIVOT_ROOT || op->kind == OP_CHDIR || op->kind == OP_SETNS ||
	    op->kind == OP_UNSHARE)
		f->is_elsewhere = true;
	if (op->kind != OP_MOVE_MOUNT && op->kind != OP_UMOUNT)
		return;
	if (op->to.path && !op->to.handle)
		strv_add(&f->changed, op->to.path);
	if (op->from.path && !op->from.handle)
		strv_add(&f->changed, op->from.path);
}

/* What is made in the tree of a handle is made in the directory that it is a bind of. */
static void note_handles(struct following *f, const struct op *op)
{
	if (op->to.handle && (makes(op) || (op->kind == OP_MOVE_MOUNT && op->flags & OP_CREATE)))
		f->is_elsewhere = true;
}

void plan_paths_init(struct plan_paths *paths, const struct ops *given,
		     const struct mnt_world *world, uint32_t in)
{
	struct following f = {.paths = paths};

	*paths = (struct plan_paths){
		.ops = {xcalloc(given->n + 1, sizeof(struct op)), given->n, given->handles},
		.refusals = xcalloc(given->n + 1, sizeof(int)),
	};
	if (given->n)
		memcpy(paths->ops.v, given->v, given->n * sizeof(struct op));
	paths_child_init(&f.child, world, in);
	for (size_t i = 0; i < given->n; i++) {
		struct op *op = &paths->ops.v[i];
		if (op->kind != OP_SETNS) {
			follow(&f, i, &op->from, false);
			follow(&f, i, &op->to, true);
		}
		note_changes(&f, op);
		note_handles(&f, op);
	}
	paths_child_done(&f.child);
	strv_done(&f.changed);
}

void plan_paths_done(struct plan_paths *paths)
{
	free(paths->ops.v);
	free(paths->refusals);
	strv_done(&paths->strings);
	*paths = (struct plan_paths){0};
}
