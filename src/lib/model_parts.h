/* SPDX-License-Identifier: Apache-2.0 */
/* What is behind the opaque types of include/mntns/model.h. */
#ifndef LIB_MODEL_PARTS_H
#define LIB_MODEL_PARTS_H

#include <mntns/model.h>

#include "lib/parts.h"
#include "model/model.h"

struct mntns_process {
	struct mntns_process *next, *prev;
	struct mntns_model *model;
	struct model_task *task;
};

/* A namespace that was made here. */
struct born {
	uint64_t id, inode;
};

struct mntns_model {
	struct model *model;
	struct mnt_world shell;	   /* what was loaded, without mounts */
	struct model_task **tasks; /* by namespace of it; NULL: there was no table */
	struct mntns_process *processes;
	struct born *born;
	size_t n_born;
	uint64_t last_inode;
};

/* The namespace of the shell with this id of the model's; MAP_NONE: it was made here. */
uint32_t lib_model_find(const struct mntns_model *model, uint64_t id);
/* The inode number of one that was made here. */
uint64_t lib_model_born(struct mntns_model *model, uint64_t id);

#endif
