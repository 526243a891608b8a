// SPDX-License-Identifier: Apache-2.0
/*
 * One function per op, like exec/kernel.c, and step by step the calls that it makes: a target is
 * opened first, and what is done is done to the file.
 */
#include "exec/model.h"
#include "base/mem.h"
#include "exec/why.h"
#include "model/why.h"

#include <errno.h>
#include <string.h>

static int file_of(const struct exec_model *ex, int handle)
{
	return handle > 0 && handle < ex->n_files ? ex->files[handle] : -1;
}

static void set_file(struct exec_model *ex, int handle, int file)
{
	while (ex->n_files <= handle)
		VEC_PUSH(ex->files, ex->n_files, -1);
	ex->files[handle] = file;
}

static struct model_at at(const struct exec_model *ex, int handle, const char *path)
{
	return (struct model_at){
		.fd = handle ? file_of(ex, handle) : MODEL_CWD,
		.path = path ? path : "",
		.in_root = handle && path,
	};
}

static struct model_at at_file(int file)
{
	return (struct model_at){.fd = file, .path = ""};
}

/* A file of its own for the target, or the error. */
static int open_target(struct exec_model *ex, const struct op_target *target)
{
	struct model_at where = at(ex, target->handle, target->path);
	int file = model_free_file(ex->task);
	int rc = target->path && !*target->path ? -ENOENT
						: model_open(ex->model, ex->task, file, &where);

	return rc < 0 ? rc : file;
}

static int close_with(struct exec_model *ex, int file, int rc)
{
	model_close(ex->model, ex->task, file);
	return rc;
}

static int make_component(struct exec_model *ex, const struct model_at *where, bool is_dir)
{
	return is_dir ? model_mkdir(ex->model, ex->task, where)
		      : model_mkfile(ex->model, ex->task, where);
}

/* Makes what is missing of the path: directories, and in the end what is wanted. */
static int make(struct exec_model *ex, const struct op_target *target, bool is_dir)
{
	AUTO_FREE char *path = xstrdup(target->path);
	const struct op_target prefix = {target->handle, path};
	char *end = path;
	int rc = 0;

	while (rc == 0 && end[strspn(end, "/")]) {
		end += strspn(end, "/");
		end += strcspn(end, "/");
		bool last = !end[strspn(end, "/")];
		char saved = *end;
		*end = 0;
		struct model_at where = at(ex, target->handle, path);
		int file = open_target(ex, &prefix);
		if (file == -ENOENT)
			rc = make_component(ex, &where, !last || is_dir);
		else
			rc = file < 0 ? file : close_with(ex, file, 0);
		*end = saved;
	}
	return rc;
}

static int open_or_make(struct exec_model *ex, const struct op_target *target, bool is_dir)
{
	int file = open_target(ex, target);

	if (file != -ENOENT || !target->path)
		return file;
	int rc = make(ex, target, is_dir);
	return rc < 0 ? rc : open_target(ex, target);
}

static int run_open_tree(struct exec_model *ex, const struct op *op)
{
	struct model_at from = at(ex, 0, op->from.path);
	int source = op->from.handle ? open_target(ex, &op->from) : -1;

	set_file(ex, op->handle, -1);
	if (op->from.handle && source < 0)
		return source;
	if (op->from.handle)
		from = at_file(source);
	int file = model_free_file(ex->task);
	int rc = model_open_tree(ex->model, ex->task, file, &from, op->flags & OP_REC);
	if (source >= 0)
		model_close(ex->model, ex->task, source);
	if (rc == 0)
		set_file(ex, op->handle, file);
	return rc;
}

static bool has_option(const struct op *op, const char *word)
{
	for (size_t i = 0; i < op->options.n; i++)
		if (!strcmp(op->options.v[i], word))
			return true;
	return false;
}

static const char *source_of(const struct op *op)
{
	for (size_t i = 0; i < op->options.n; i++)
		if (str_starts(op->options.v[i], "source="))
			return op->options.v[i] + strlen("source=");
	return "none";
}

static int run_fs_mount(struct exec_model *ex, const struct op *op)
{
	int file = model_free_file(ex->task);
	int rc = model_fsmount(ex->model, ex->task, file, op->text, source_of(op),
			       (unsigned)op->attr.set);
	struct model_at made = at_file(file);

	if (rc == 0 && has_option(op, "ro"))
		rc = model_reconfigure(ex->model, ex->task, &made, true);
	if (rc == 0)
		set_file(ex, op->handle, file);
	return rc;
}

static int run_reconfigure(struct exec_model *ex, const struct op *op)
{
	int read_only = has_option(op, "ro") ? 1 : has_option(op, "rw") ? 0 : -1;
	int file = open_target(ex, &op->to);
	struct model_at where = at_file(file);

	if (file < 0)
		return file;
	return close_with(ex, file, model_reconfigure(ex->model, ex->task, &where, read_only));
}

static int run_set_attr(struct exec_model *ex, const struct op *op)
{
	const struct model_setattr attr = {
		.set = op->attr.set | (op->attr.idmap ? MODEL_ATTR_IDMAP : 0),
		.clear = op->attr.clear,
		.propagation = op->attr.propagation,
	};
	int file = open_target(ex, &op->to);
	struct model_at where = at_file(file);

	if (file < 0)
		return file;
	return close_with(
		ex, file,
		model_mount_setattr(ex->model, ex->task, &where, op->flags & OP_REC, &attr));
}

static int run_move_mount(struct exec_model *ex, const struct op *op)
{
	unsigned flags = MODEL_MOVE_F_EMPTY | MODEL_MOVE_T_EMPTY |
			 (op->flags & OP_BENEATH ? MODEL_MOVE_BENEATH : 0);
	int from = open_target(ex, &op->from);

	if (from < 0)
		return from;
	int to = op->flags & OP_CREATE
			 ? open_or_make(ex, &op->to, model_file_is_dir(ex->task, from))
			 : open_target(ex, &op->to);
	if (to < 0)
		return close_with(ex, from, to);
	struct model_at source = at_file(from), target = at_file(to);
	bool fits = model_files_fit(ex->task, from, to);
	int rc = op->flags & OP_OPTIONAL && !fits
			 ? 0
			 : model_move_mount(ex->model, ex->task, &source, &target, flags);
	return close_with(ex, from, close_with(ex, to, rc));
}

static int run_umount(struct exec_model *ex, const struct op *op)
{
	unsigned flags = (op->flags & OP_LAZY ? MODEL_UMOUNT_DETACH : 0) |
			 (op->flags & OP_FORCE ? MODEL_UMOUNT_FORCE : 0);

	return model_umount(ex->model, ex->task, op->to.path, flags);
}

static int run_pivot_root(struct exec_model *ex, const struct op *op)
{
	return model_pivot_root(ex->model, ex->task, op->to.path, op->text);
}

static int run_chdir(struct exec_model *ex, const struct op *op)
{
	int file = open_target(ex, &op->to);
	struct model_at where = at_file(file);

	return file < 0 ? file : close_with(ex, file, model_chdir(ex->model, ex->task, &where));
}

static int run_unshare(struct exec_model *ex, const struct op *op)
{
	unsigned flags = op->namespaces & (MODEL_NEWNS | MODEL_NEWUSER);

	return model_unshare(ex->model, ex->task, flags, 0);
}

static int run_setns(struct exec_model *ex, const struct op *op)
{
	struct model_at where = at(ex, 0, op->to.path);

	return op->namespaces & MODEL_NEWNS ? model_setns(ex->model, ex->task, &where) : 0;
}

static int run_mkdir(struct exec_model *ex, const struct op *op)
{
	struct model_at where = at(ex, op->to.handle, op->to.path);

	if (!(op->flags & OP_PARENTS))
		return model_mkdir(ex->model, ex->task, &where);
	int file = open_or_make(ex, &op->to, true);
	if (file < 0)
		return file;
	return close_with(ex, file, model_file_is_dir(ex->task, file) ? 0 : -ENOTDIR);
}

/* A symbolic link or a device node can be covered like a file, and that is all of it here. */
static int run_file(struct exec_model *ex, const struct op *op)
{
	struct model_at where = at(ex, op->to.handle, op->to.path);

	return model_mkfile(ex->model, ex->task, &where);
}

static int (*const run[OP_KIND_MAX])(struct exec_model *, const struct op *) = {
	[OP_OPEN_TREE] = run_open_tree,
	[OP_FS_MOUNT] = run_fs_mount,
	[OP_RECONFIGURE] = run_reconfigure,
	[OP_SET_ATTR] = run_set_attr,
	[OP_MOVE_MOUNT] = run_move_mount,
	[OP_UMOUNT] = run_umount,
	[OP_PIVOT_ROOT] = run_pivot_root,
	[OP_CHDIR] = run_chdir,
	[OP_UNSHARE] = run_unshare,
	[OP_SETNS] = run_setns,
	[OP_MKDIR] = run_mkdir,
	[OP_FILE] = run_file,
	[OP_SYMLINK] = run_file,
	[OP_NODE] = run_file,
};

static bool is_void(const struct exec_model *ex, const struct op *op)
{
	return (op->from.handle && file_of(ex, op->from.handle) < 0) ||
	       (op->to.handle && file_of(ex, op->to.handle) < 0);
}

/* An open file would keep its mount busy, and a tree that was not attached ends with it. */
static void close_after(struct exec_model *ex, const struct op *op, size_t i, const size_t *last)
{
	const int named[] = {op->handle, op->from.handle, op->to.handle};

	for (size_t k = 0; k < ARRAY_SIZE(named); k++)
		if (file_of(ex, named[k]) >= 0 && last[named[k]] == i) {
			model_close(ex->model, ex->task, ex->files[named[k]]);
			ex->files[named[k]] = -1;
		}
}

void exec_model_init(struct exec_model *ex, struct model *model, struct model_task *task)
{
	*ex = (struct exec_model){.model = model, .task = task};
}

/* Where the kernel has one errno for many rules, the model knows which one it was. */
static int refused(const struct exec_model *ex, const struct op *op, int rc, struct err *err)
{
	const struct model_reason *reason = model_reason(model_why(ex->model));

	if (!reason || reason->code != -rc)
		return exec_why(op, -rc, err);
	exec_because(op, -rc, reason->what, err);
	if (err)
		err_hint(err, "%s", reason->fix);
	return rc;
}

int exec_model(struct exec_model *ex, const struct ops *ops, size_t from, size_t to, size_t *ret_at,
	       struct err *err)
{
	AUTO_FREE size_t *last = ops_last_uses(ops);

	for (size_t i = from; i < to; i++) {
		const struct op *op = &ops->v[i];
		model_forget_why(ex->model);
		int rc = is_void(ex, op) ? 0 : run[op->kind](ex, op);
		if (op->flags & OP_OPTIONAL && (rc == -ENOENT || rc == -ENOTDIR || rc == -EEXIST))
			rc = 0;
		if (rc < 0 && ret_at)
			*ret_at = i;
		if (rc < 0)
			return exec_said(op, refused(ex, op, rc, err), err);
		close_after(ex, op, i, last);
	}
	return 0;
}

void exec_model_done(struct exec_model *ex)
{
	for (int i = 0; i < ex->n_files; i++)
		if (ex->files[i] >= 0)
			model_close(ex->model, ex->task, ex->files[i]);
	free(ex->files);
	*ex = (struct exec_model){0};
}
