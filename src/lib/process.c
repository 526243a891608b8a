// SPDX-License-Identifier: Apache-2.0
/* Processes in a model, and what they do. */
#include "base/mem.h"
#include "exec/model.h"
#include "lib/model_parts.h"

#include <errno.h>

int mntns_process_new(struct mntns_model *model, uint64_t inode, struct mntns_process **ret,
		      struct mntns_error **ret_error)
{
	uint32_t i = mnt_world_find(&model->shell, inode);
	struct err err = {0};

	if (i == MAP_NONE || !model->tasks[i]) {
		err_say(&err, ESRCH, "mnt:[%llu]: the model has %s", (unsigned long long)inode,
			i == MAP_NONE ? "no such namespace" : "no table of it");
		return lib_fail(&err, ret_error);
	}
	struct mntns_process *process = xcalloc(1, sizeof(*process));
	process->model = model;
	process->task = model_fork(model->model, model->tasks[i]);
	process->next = model->processes;
	if (process->next)
		process->next->prev = process;
	*ret = model->processes = process;
	return 0;
}

void mntns_process_end(struct mntns_process *process)
{
	if (!process)
		return;
	*(process->prev ? &process->prev->next : &process->model->processes) = process->next;
	if (process->next)
		process->next->prev = process->prev;
	model_exit(process->model->model, process->task);
	free(process);
}

uint64_t mntns_process_namespace(const struct mntns_process *process)
{
	uint64_t id = model_ns_id(process->task);
	uint32_t i = lib_model_find(process->model, id);

	return i == MAP_NONE ? lib_model_born(process->model, id)
			     : process->model->shell.ns[i].inode;
}

static int run(struct mntns_process *process, const struct ops *ops, size_t *done, struct err *err)
{
	struct exec_model ex;

	exec_model_init(&ex, process->model->model, process->task);
	*done = ops->n;
	int rc = exec_model(&ex, ops, 0, ops->n, done, err);
	exec_model_done(&ex);
	/* What was made gets its number now, in whatever order it is asked for. */
	mntns_process_namespace(process);
	return rc;
}

int mntns_process_run(struct mntns_process *process, const char *ops, size_t *ret_done,
		      struct mntns_error **ret_error)
{
	AUTO(ops) struct ops list = {0};
	struct err err = {0};
	size_t done = 0;
	int rc = ops_parse(&list, "ops", ops, &err);

	if (rc == 0)
		rc = ops_check(&list, &err);
	if (rc == 0)
		rc = run(process, &list, &done, &err);
	if (ret_done)
		*ret_done = done;
	return rc < 0 ? lib_fail(&err, ret_error) : 0;
}
