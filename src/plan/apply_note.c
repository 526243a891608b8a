// SPDX-License-Identifier: Apache-2.0
/* What must be known before an op is carried out, so that it can be undone. */
#include "base/mem.h"
#include "exec/handle.h"
#include "exec/path.h"
#include "plan/apply_parts.h"

#include <fcntl.h>
#include <string.h>

void undo_init(struct undo *undo, const struct ops *ops, const struct apply_where *where, int proc)
{
	*undo = (struct undo){
		.proc = proc,
		.inside = xcalloc((size_t)ops->handles + 1, sizeof(*undo->inside)),
		.handles = ops->handles,
		.how = where->how,
	};
	int own = openat(proc, "thread-self/ns/mnt", O_RDONLY | O_CLOEXEC);
	VEC_PUSH(undo->ns, undo->n_ns, (struct undo_ns){.fd = own});
	for (size_t i = 0; i < where->n_others; i++)
		VEC_PUSH(undo->ns, undo->n_ns, (struct undo_ns){.fd = where->others[i]});
}

static void step_done(struct undo_step *step)
{
	auto_close(&step->dir);
	free(step->path);
	free(step->attrs);
	free(step->copies);
	free(step->op);
}

void undo_done(struct undo *undo)
{
	while (undo->n)
		step_done(&undo->v[--undo->n]);
	for (size_t i = 0; i < undo->n_ns; i++)
		map_done(&undo->ns[i].before);
	auto_close(&undo->ns[0].fd);
	free(undo->ns);
	free(undo->v);
	free(undo->inside);
}

/* Whether what the target leads to is in the namespace, and not in a tree that is still detached.
 */
static bool is_in_sight(const struct undo *undo, const struct op_target *target)
{
	int handle = target->handle;

	for (int n = 0; handle > 0 && n <= undo->handles; n++)
		handle = undo->inside[handle];
	return handle < 0 || target->handle == 0;
}

static void note_move(struct undo *undo, const struct exec *ex, const struct op *op,
		      struct undo_step *step)
{
	AUTO_FD int from = exec_resolve(ex, &op->from, 0);
	struct apply_own own;
	bool is_new = !is_in_sight(undo, &op->from);

	if (from < 0 || !is_in_sight(undo, &op->to) || !apply_id_of(from, &step->id))
		return;
	step->kind = op->flags & OP_BENEATH ? UNDO_BENEATH : is_new ? UNDO_ATTACH : UNDO_MOVE;
	if (step->kind == UNDO_ATTACH && undo->how[undo->n] == APPLY_FOR_GOOD)
		step->kind = UNDO_BENEATH;
	if (step->kind == UNDO_ATTACH && undo->how[undo->n] == APPLY_SPREADS)
		spread_before(undo);
	if (step->kind != UNDO_MOVE)
		return;
	if (apply_own_init(&own, undo->proc, NULL) == 0) {
		uint32_t i = apply_find(&own, &step->id);
		step->path = i == MAP_NONE ? NULL : xstrdup(own.table.v[i].target);
	}
	apply_own_done(&own);
}

static void note_attr(struct undo *undo, const struct exec *ex, const struct op *op,
		      struct undo_step *step)
{
	AUTO_FD int fd = exec_resolve(ex, &op->to, op->flags);
	struct apply_own own;

	if (!is_in_sight(undo, &op->to) || fd < 0 || !apply_id_of(fd, &step->id))
		return;
	step->kind = UNDO_ATTR;
	int rc = apply_own_init(&own, undo->proc, NULL);
	uint32_t at = rc < 0 ? MAP_NONE : apply_find(&own, &step->id);
	uint32_t end = at == MAP_NONE	    ? MAP_NONE
		       : op->flags & OP_REC ? mnt_tree_skip(&own.tree, at)
					    : mnt_tree_next(&own.tree, at);
	for (uint32_t i = at; i != end; i = mnt_tree_next(&own.tree, i)) {
		const struct mnt *mnt = &own.table.v[i];
		VEC_PUSH(step->attrs, step->n_attrs,
			 (struct undo_attr){
				 {mnt->unique, mnt->id},
				 mnt->attr,
				 mnt->group,
				 mnt->master,
				 mnt->flags,
			 });
	}
	apply_own_done(&own);
}

static void note_make(struct undo *undo, const struct exec *ex, const struct op *op,
		      struct undo_step *step)
{
	const char *name;

	if (op->flags & OP_PARENTS)
		return; /* it is in exec.made */
	step->kind = UNDO_MAKE;
	step->path = xstrdup(op->to.path);
	if (op->to.handle) {
		step->dir = exec_open_parent(ex, &op->to, &name);
		free(step->path);
		step->path = step->dir < 0 ? NULL : xstrdup(name);
	}
}

/*
 * The others end with the process, or cannot be undone: whether that matters is seen in the tables
 * afterwards.
 */
static void (*const note[OP_KIND_MAX])(struct undo *, const struct exec *, const struct op *,
				       struct undo_step *) = {
	[OP_SET_ATTR] = note_attr, [OP_MOVE_MOUNT] = note_move, [OP_MKDIR] = note_make,
	[OP_FILE] = note_make,	   [OP_SYMLINK] = note_make,	[OP_NODE] = note_make,
};

static bool is_void(const struct exec *ex, const struct op *op)
{
	return (op->from.handle && exec_handle(ex, op->from.handle) < 0) ||
	       (op->to.handle && exec_handle(ex, op->to.handle) < 0);
}

static char *text_of(const struct op *op)
{
	AUTO(buf) struct buf text = {0};

	if (op->said)
		return xstrdup(op->said);
	op_print(op, &text);
	text.data[--text.len] = 0; /* the newline */
	return buf_take(&text);
}

void undo_note(struct undo *undo, const struct exec *ex, const struct op *op)
{
	struct undo_step step = {.dir = -1, .made = ex->n_made, .op = text_of(op)};

	if (note[op->kind] && !is_void(ex, op))
		note[op->kind](undo, ex, op, &step);
	VEC_PUSH(undo->v, undo->n, step);
}

void undo_note_done(struct undo *undo, const struct exec *ex, const struct op *op)
{
	struct undo_step *step = &undo->v[undo->n - 1];

	if (op->kind == OP_MOVE_MOUNT && op->from.handle && !op->from.path)
		undo->inside[op->from.handle] = is_in_sight(undo, &op->to) ? -1 : op->to.handle;
	if (step->kind == UNDO_ATTACH && undo->how[undo->n - 1] == APPLY_SPREADS)
		spread_after(undo, step);
	if (step->kind == UNDO_MOVE && step->path) {
		/* What was below the mount can be seen now. */
		AUTO_FD int fd = open(step->path, O_PATH | O_CLOEXEC | O_NOFOLLOW);
		if (fd < 0 || !apply_id_of(fd, &step->place)) {
			free(step->path);
			step->path = NULL;
		}
	}
}
