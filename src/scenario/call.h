/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One call as both sides get it: a plain value, which goes through a socket as it is. Most are the
 * kernel's calls, not the ops of op/op.h: mount(2) has its own order of refusals, and random calls
 * want to be refused. A statement of ops is one call, too, with its text.
 */
#ifndef SCENARIO_CALL_H
#define SCENARIO_CALL_H

#include <sys/types.h>

#include "base/str.h"
#include "mnt/mnt.h"
#include "model/why.h"
#include "op/op.h"
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
	CALL_OP, /* a statement in the text form of ops, on both sides by exec/ */
	CALL_KIND_MAX,
};

#define CALL_NOTHING (-1)
#define CALL_PATH    88
#define CALL_TEXT    200
/* Files that a task can have: fewer than the model's. */
#define CALL_FILES 6
/* A path, from a file of the task's or from its working directory; or a task's namespace. */
struct call_at {
	int8_t file;  /* CALL_NOTHING: the working directory */
	int8_t ns_of; /* CALL_NOTHING: it is a path */
	char path[CALL_PATH];
};
struct call {
	uint8_t kind, task;
	int8_t file, other; /* the file it makes; the task it makes */
	int8_t userns_of;   /* the task whose user namespace is the id map */
	uint8_t uses;	    /* CALL_OP: a bit for each file it needs */
	int16_t want;	    /* the errno it is refused with; 0: it succeeds */
	bool rec;
	unsigned flags;
	struct call_at a, b;
	uint64_t set, clear, propagation;
	/* Of the tasks a.ns_of and userns_of, filled in before it is sent. */
	pid_t pid, userns_pid;
	char text[CALL_TEXT]; /* CALL_OP */
};
struct calls {
	struct call *v;
	size_t n;
};
static inline void calls_done(struct calls *calls)
{
	free(calls->v);
}

/* "1: mount-bind /a /b -> EINVAL" */
void call_print(const struct call *call, struct buf *out);
/* "ms-bind /a /b", without process and errno; EINVAL with a sentence. */
int call_parse(const char *text, struct call *ret, struct err *err);
/* The words of a text, at blanks. */
void call_split(const char *text, struct strv *words);
/* The name of an errno, and back; 0: none has this name. */
const char *errno_name(int code);
int errno_parse(const char *name);

/* A statement of ops: what of mntns-ops(5) may be said here. */
int statement_check(struct call *call, struct err *err);
/* Its ops, and behind `*ret_n` of them what keeps h1 to h5 open. */
void statement_ops(const struct call *call, struct ops *ret, size_t *ret_n);

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
/* ret: how it begins. */
struct kernel_world *kernel_world_new(struct outcome *ret, uint64_t *ret_ns_id, struct err *err);
void kernel_world_free(struct kernel_world *world);
/* ret_ns_id: of the caller's namespace afterwards. An error is one of the machinery. */
int kernel_world_call(struct kernel_world *world, const struct call *call, struct outcome *ret,
		      uint64_t *ret_ns_id, struct err *err);

/* The model's. */
struct model_world;
struct model_world *model_world_new(uint64_t ns_id);
void model_world_free(struct model_world *world);
/* fs.mount-max; else it is what the kernel comes with. */
void model_world_limit(struct model_world *world, uint32_t mount_max);
/* The tables as they are. */
void model_world_look(const struct model_world *world, struct outcome *ret);
/* A sentence if an invariant of the model is broken; to be freed. */
char *model_world_call(struct model_world *world, const struct call *call, uint64_t ns_id,
		       struct outcome *ret);

/* Why the last call that was refused was. */
enum model_why model_world_why(const struct model_world *world);
/* The mount that it is about, by its path; to be freed; NULL: it is about none. */
char *model_world_why_path(const struct model_world *world);
/* How many mounts the namespaces of all processes have, one that several are in each time. */
size_t model_world_count(const struct model_world *world);
/* Of two that are the same: whether the groups that the call made have their numbers in one order.
 */
bool outcome_orders_groups(const struct model_world *world, const struct outcome *kernel,
			   const struct outcome *model);
bool model_world_made_group(const struct model_world *world, uint32_t group);
/* Whether the path leads somewhere. */
bool model_world_has(const struct model_world *world, unsigned task, const char *path);
/*
 * Whether it may be made on the kernel: one that enters a namespace whose "/" was taken away would
 * be in the machine's own initramfs.
 */
bool model_world_allows(const struct model_world *world, const struct call *call);

/*
 * Both sides in step. With one side alone the other is not looked at: the model always goes along,
 * because it knows which calls must not be made.
 */
struct pair {
	enum scenario_on on;
	struct kernel_world *kernel; /* NULL: the model alone */
	struct model_world *model;
	struct outcome now; /* the last one: the model's, or the kernel's if that is alone */
	bool files[SCENARIO_TASKS][CALL_FILES];
	uint64_t ns_id; /* the last one that was made up, for the model alone */
};
int pair_start(struct pair *pair, enum scenario_on on, struct err *err);
void pair_done(struct pair *pair);
/*
 * 1: both say the same, if there are two; 0: they do not, and `out` gets how. *ret_rc: what the
 * kernel said, if it is there. An error is one of the machinery.
 */
int pair_call(struct pair *pair, const struct call *call, int *ret_rc, struct buf *out,
	      struct err *err);
/* Why it cannot be made: its process is not there, its file is not open, …; NULL: it can. */
const char *pair_forbids(const struct pair *pair, const struct call *call);

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
	bool userns, has_open_tree_attr;
	uint8_t userns_depth[SCENARIO_TASKS];
};
struct call call_random(struct random *random, const struct known *known);
/* What is known after it. */
void known_update(struct known *known, const struct call *call, const struct outcome *outcome);

#endif
