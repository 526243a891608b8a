/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ops carried out on the model of the kernel (model/model.h): the same list as exec/kernel.h, with
 * the same results and errnos. A handle is a file of the task. What the model does not know, it
 * lets pass: options of file systems, symbolic links, device nodes, namespaces other than mnt and
 * user.
 */
#ifndef EXEC_MODEL_H
#define EXEC_MODEL_H

#include "model/model.h"
#include "op/op.h"

struct exec_model {
	struct model *model;	 /* borrowed */
	struct model_task *task; /* whose calls they are; borrowed */
	int *files;		 /* by handle: a file of the task; -1: void, or no longer needed */
	int n_files;
};

void exec_model_init(struct exec_model *ex, struct model *model, struct model_task *task);
/*
 * Ops from..to-1. Stops at the first refusal: returns its negative errno, with a sentence of the
 * rule that it is about (model/why.h has it as well), and *ret_at (may be NULL) is the op.
 */
int exec_model(struct exec_model *ex, const struct ops *ops, size_t from, size_t to, size_t *ret_at,
	       struct err *err);
/* Closes what handles are left, as the end of the process would. */
void exec_model_done(struct exec_model *ex);

#endif
