// SPDX-License-Identifier: Apache-2.0
/* Calls made on the model. */
#include "base/mem.h"
#include "exec/model.h"
#include "model/model.h"
#include "scenario/call.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

struct model_world {
	struct model *model;
	struct model_task *tasks[SCENARIO_TASKS];
	int files[SCENARIO_TASKS][CALL_FILES]; /* the model's, by that of the call; -1: not open */
};

static struct model_at at(const struct model_world *w, unsigned task, const struct call_at *a)
{
	return (struct model_at){
		.fd = a->file == CALL_NOTHING ? MODEL_CWD : w->files[task][a->file],
		.path = a->path,
		.ns_of = a->ns_of == CALL_NOTHING ? NULL : w->tasks[a->ns_of],
	};
}

enum model_why model_world_why(const struct model_world *w)
{
	return model_why(w->model);
}

char *model_world_why_path(const struct model_world *w)
{
	uint64_t ns_id;

	return model_why_path(w->model, &ns_id);
}

bool model_world_made_group(const struct model_world *w, uint32_t group)
{
	return model_group_is_new(w->model, group);
}

size_t model_world_count(const struct model_world *w)
{
	size_t n = 0;

	for (size_t i = 0; i < SCENARIO_TASKS; i++)
		if (w->tasks[i])
			n += model_count(w->tasks[i]);
	return n;
}

bool model_world_has(const struct model_world *w, unsigned task, const char *path)
{
	return model_has_path(w->model, w->tasks[task], path);
}

/* Whether a statement would change the file system nsfs. */
static bool spares_nsfs(const struct model_world *w, const struct call *call)
{
	AUTO(ops) struct ops ops = {0};
	bool spares = true;
	size_t n;

	statement_ops(call, &ops, &n);
	for (size_t i = 0; i < n && spares; i++) {
		const struct op_target *to = &ops.v[i].to;
		bool has_file = to->handle > 0 && to->handle < CALL_FILES;
		struct model_at at = {has_file ? w->files[call->task][to->handle] : MODEL_CWD,
				      to->path ? to->path : "", NULL};
		if (ops.v[i].kind == OP_RECONFIGURE)
			spares = model_is_plain(w->model, w->tasks[call->task], &at);
	}
	return spares;
}

static bool is_initial_userns(void)
{
	struct stat st;

	return stat("/proc/self/ns/user", &st) == 0 && st.st_ino == 0xeffffffd;
}

/* What nsfs says to a writer is no matter of mounts; and its options are those of the machine. */
bool model_world_allows(const struct model_world *w, const struct call *call)
{
	struct model_at a = at(w, call->task, &call->a);

	if (call->kind == CALL_OPEN_WRITE || call->kind == CALL_REMOUNT_FS)
		return model_is_plain(w->model, w->tasks[call->task], &a);
	if (call->kind == CALL_OP)
		return spares_nsfs(w, call);
	/* To the model the first user namespace is the initial one. */
	if (call->userns_of != CALL_NOTHING && model_is_initial(w->tasks[call->userns_of]))
		return is_initial_userns();
	return call->kind != CALL_SETNS || model_has_root(w->model, w->tasks[call->task], &a);
}

static void furnish(struct model *m, struct model_task *task, const char *target)
{
	static const char *const dirs[] = {"a", "b", "c"};
	char path[CALL_PATH + 4];

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		snprintf(path, sizeof(path), "%s/%s", target, dirs[i]);
		model_mkdir(m, task, &(struct model_at){MODEL_CWD, path, NULL});
	}
	snprintf(path, sizeof(path), "%s/f", target);
	model_mkfile(m, task, &(struct model_at){MODEL_CWD, path, NULL});
}

struct model_world *model_world_new(uint64_t ns_id)
{
	struct model_world *w = xcalloc(1, sizeof(*w));
	struct utsname uts;

	uname(&uts);
	struct model_rules rules = model_rules_of(uts.release);
	w->model = model_new(&rules, "tmpfs", ns_id);
	w->tasks[0] = model_first_task(w->model);
	memset(w->files[0], -1, sizeof(w->files[0]));
	furnish(w->model, w->tasks[0], "");
	model_mkdir(w->model, w->tasks[0], &(struct model_at){MODEL_CWD, "/a/a", NULL});
	model_mkdir(w->model, w->tasks[0], &(struct model_at){MODEL_CWD, "/a/b", NULL});
	return w;
}

void model_world_free(struct model_world *w)
{
	if (!w)
		return;
	model_free(w->model);
	free(w);
}

static int do_mount(struct model_world *w, const struct call *call, unsigned more)
{
	struct model_at source = at(w, call->task, &call->a);
	unsigned flags = call->flags | more | (call->rec ? MODEL_MS_REC : 0);
	bool has_source = more & (MODEL_MS_BIND | MODEL_MS_MOVE) && !(more & MODEL_MS_REMOUNT);
	const char *target = has_source ? call->b.path : call->a.path;
	struct model_task *task = w->tasks[call->task];

	if (!has_source)
		source = (struct model_at){MODEL_CWD, "t", NULL};
	int rc = model_mount(w->model, task, &source, target, "tmpfs", flags);
	if (rc == 0 && call->kind == CALL_NEW)
		furnish(w->model, task, target);
	return rc;
}

static unsigned move_flags(const struct call *call)
{
	return call->flags | (call->a.file != CALL_NOTHING ? MODEL_MOVE_F_EMPTY : 0) |
	       (call->b.file != CALL_NOTHING ? MODEL_MOVE_T_EMPTY : 0);
}

static int do_fork(struct model_world *w, const struct call *call)
{
	w->tasks[call->other] = model_fork(w->model, w->tasks[call->task]);
	memset(w->files[call->other], -1, sizeof(w->files[0]));
	return 0;
}

static int do_exit(struct model_world *w, const struct call *call)
{
	model_exit(w->model, w->tasks[call->task]);
	w->tasks[call->task] = NULL;
	return 0;
}

/* The files of the task are the handles, and what is open afterwards are its files. */
static int do_op(struct model_world *w, const struct call *call)
{
	int *files = w->files[call->task];
	AUTO(ops) struct ops ops = {0};
	struct exec_model ex;
	size_t n;

	statement_ops(call, &ops, &n);
	exec_model_init(&ex, w->model, w->tasks[call->task]);
	for (int i = 0; i < CALL_FILES; i++)
		VEC_PUSH(ex.files, ex.n_files, files[i]);
	int rc = exec_model(&ex, &ops, 0, n, NULL, NULL);
	memcpy(files, ex.files, CALL_FILES * sizeof(*files));
	memset(ex.files, -1, CALL_FILES * sizeof(*files));
	exec_model_done(&ex);
	return rc;
}

/* The calls that make a file choose its number in the model; `rc` is what they returned. */
static int keep(struct model_world *w, const struct call *call, int file, int rc)
{
	if (rc >= 0)
		w->files[call->task][call->file] = file;
	return rc;
}

static int do_close(struct model_world *w, const struct call *call)
{
	int *file = &w->files[call->task][call->a.file];
	int rc = model_close(w->model, w->tasks[call->task], *file);

	*file = -1;
	return rc;
}

static int run(struct model_world *w, const struct call *call, uint64_t ns_id)
{
	struct model *m = w->model;
	struct model_task *task = w->tasks[call->task];
	int file = model_free_file(task);
	struct model_at a = at(w, call->task, &call->a), b = at(w, call->task, &call->b);
	struct model_setattr attr = {call->set, call->clear, call->propagation,
				     call->userns_of == CALL_NOTHING ? NULL
								     : w->tasks[call->userns_of]};

	switch ((enum call_kind)call->kind) {
	case CALL_NEW:
		return do_mount(w, call, 0);
	case CALL_BIND:
		return do_mount(w, call, MODEL_MS_BIND);
	case CALL_RBIND:
		return do_mount(w, call, MODEL_MS_BIND | MODEL_MS_REC);
	case CALL_MOVE:
		return do_mount(w, call, MODEL_MS_MOVE);
	case CALL_TYPE:
		return do_mount(w, call, 0);
	case CALL_REMOUNT:
		return do_mount(w, call, MODEL_MS_REMOUNT | MODEL_MS_BIND);
	case CALL_REMOUNT_FS:
		return do_mount(w, call, MODEL_MS_REMOUNT);
	case CALL_UMOUNT:
		return model_umount(m, task, call->a.path, call->flags);
	case CALL_PIVOT_ROOT:
		return model_pivot_root(m, task, call->a.path, call->b.path);
	case CALL_MOVE_MOUNT:
		return model_move_mount(m, task, &a, &b, move_flags(call));
	case CALL_SETATTR:
		return model_mount_setattr(m, task, &a, call->rec, &attr);
	case CALL_OPEN:
		return keep(w, call, file, model_open(m, task, file, &a));
	case CALL_OPEN_WRITE:
		return keep(w, call, file, model_open_write(m, task, file, &a));
	case CALL_OPEN_TREE:
		return keep(w, call, file,
			    model_open_tree_attr(m, task, file, &a, call->rec, &attr));
	case CALL_FSMOUNT:
		return keep(w, call, file,
			    model_fsmount(m, task, file, "tmpfs", "none", (unsigned)call->set));
	case CALL_CLOSE:
		return do_close(w, call);
	case CALL_UNSHARE:
		return model_unshare(m, task, call->flags, ns_id);
	case CALL_SETNS:
		return model_setns(m, task, &a);
	case CALL_FORK:
		return do_fork(w, call);
	case CALL_EXIT:
		return do_exit(w, call);
	case CALL_CHDIR:
		return model_chdir(m, task, &a);
	case CALL_CHROOT:
		return model_chroot(m, task, call->a.path);
	case CALL_MKDIR:
		return model_mkdir(m, task, &a);
	case CALL_MKFILE:
		return model_mkfile(m, task, &a);
	case CALL_RMDIR:
		return model_rmdir(m, task, &a);
	case CALL_UNLINK:
		return model_unlink(m, task, &a);
	case CALL_RENAME:
		return model_rename(m, task, &a, &b);
	case CALL_OP:
		return do_op(w, call);
	case CALL_KIND_MAX:
		break;
	}
	return -ENOSYS;
}

void model_world_limit(struct model_world *w, uint32_t mount_max)
{
	model_set_mount_max(w->model, mount_max);
}

void model_world_look(const struct model_world *w, struct outcome *ret)
{
	*ret = (struct outcome){0};
	for (size_t i = 0; i < SCENARIO_TASKS; i++) {
		ret->there[i] = w->tasks[i];
		if (w->tasks[i])
			model_table(w->model, w->tasks[i], &ret->tables[i]);
	}
}

char *model_world_call(struct model_world *w, const struct call *call, uint64_t ns_id,
		       struct outcome *ret)
{
	model_see_groups(w->model);
	int rc = run(w, call, ns_id);
	char *broken = model_check(w->model);

	model_world_look(w, ret);
	ret->rc = rc;
	return broken;
}
