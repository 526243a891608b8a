/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One call as both sides get it: a plain value, which goes through a socket as it is. These are
 * the kernel's calls, not the ops of op/op.h: mount(2) has its own order of refusals, and random
 * calls want to be refused.
 */
#ifndef SCENARIO_CALL_H
#define SCENARIO_CALL_H

#include <sys/types.h>

#include "base/str.h"
#include "mnt/mnt.h"
#include "model/why.h"
#include "scenario/scenario.h"

enum call_kind {
	CALL_NEW, /* mount of a tmpfs, and the directories a, b, c and the file f in it */
	CALL_BIND,
	CALL_RBIND,
	CALL_MOVE,
	CALL_TYPE,
	CALL_REMOUNT,
	CALL_REMOUNT_FS,
	CALL_UMOUNT,
	CALL_PIVOT_ROOT,
	CALL_MOVE_MOUNT,
	CALL_SETATTR,
	CALL_OPEN,
	CALL_OPEN_WRITE,
	CALL_OPEN_TREE,
	CALL_FSMOUNT,
	CALL_CLOSE,
	CALL_UNSHARE,
	CALL_SETNS,
	CALL_FORK,
	CALL_EXIT,
	CALL_CHDIR,
	CALL_CHROOT,
	CALL_MKDIR,
	CALL_MKFILE,
	CALL_RMDIR,
	CALL_UNLINK,
	CALL_RENAME,
	CALL_KIND_MAX,
};

#define CALL_NOTHING (-1)
#define CALL_PATH    88
/* A path, from a file of the task's or from its working directory; or a task's namespace. */
struct call_at {
	int8_t file;  /* CALL_NOTHING: the working directory */
	int8_t ns_of; /* CALL_NOTHING: it is a path */
	char path[CALL_PATH];
};
struct call {
	uint8_t kind, task;
	int8_t file, other; /* the file it makes; the task it makes */
	bool rec;
	unsigned flags;
	struct call_at a, b;
	uint64_t set, clear, propagation;
	pid_t pid; /* of the task a.ns_of, filled in before it is sent */
};
struct calls {
	struct call *v;
	size_t n;
};
static inline void calls_done(struct calls *calls)
{
	free(calls->v);
}

/* Files that a task can have: fewer than the model's. */
#define CALL_FILES 6

/* "1: bind /a h2:b" */
void call_print(const struct call *call, struct buf *out);

/*
 * The same text, a call a line; blank lines and lines that begin with # are left out. EINVAL with a
 * sentence that names `name` and the line.
 */
int calls_parse(struct calls *calls, const char *name, const char *text, struct err *err);

/* What one side says after a call. */
struct outcome {
	int rc;
	bool there[SCENARIO_TASKS];
	struct mnt_table tables[SCENARIO_TASKS];
};
void outcome_done(struct outcome *outcome);
/* Whether they are the same but for numbers; if not, `out` gets what differs. */
bool outcome_is_same(const struct outcome *kernel, const struct outcome *model, struct buf *out);

/* The kernel's side. */
struct kernel_world;
struct kernel_world *kernel_world_new(uint64_t *ret_ns_id, struct err *err);
void kernel_world_free(struct kernel_world *world);
/* ret_ns_id: of the caller's namespace afterwards. An error is one of the machinery. */
int kernel_world_call(struct kernel_world *world, const struct call *call, struct outcome *ret,
		      uint64_t *ret_ns_id, struct err *err);

/* The model's. */
struct model_world;
struct model_world *model_world_new(uint64_t ns_id);
void model_world_free(struct model_world *world);
/* A sentence if an invariant of the model is broken; to be freed. */
char *model_world_call(struct model_world *world, const struct call *call, uint64_t ns_id,
		       struct outcome *ret);

/* Why the last call that was refused was. */
enum model_why model_world_why(const struct model_world *world);
/* The mount that it is about, by its path; to be freed; NULL: it is about none. */
char *model_world_why_path(const struct model_world *world);
/* Whether the path leads somewhere. */
bool model_world_has(const struct model_world *world, unsigned task, const char *path);
/*
 * Whether it may be made on the kernel: one that enters a namespace whose "/" was taken away would
 * be in the machine's own initramfs.
 */
bool model_world_allows(const struct model_world *world, const struct call *call);

/* Random calls, biased to what is there. */
struct random {
	uint64_t state;
};
struct random random_seeded(uint64_t seed);
uint32_t random_below(struct random *random, uint32_t n);
/* What the generator knows: the last tables, and which files are open. */
struct known {
	const struct outcome *now;
	const struct model_world *world;
	bool files[SCENARIO_TASKS][CALL_FILES];
	unsigned tasks;
	bool userns;
	uint8_t userns_depth[SCENARIO_TASKS];
};
struct call call_random(struct random *random, const struct known *known);
/* What is known after it. */
void known_update(struct known *known, const struct call *call, const struct outcome *outcome);

#endif
