/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a list of ops would do to all mount namespaces of a world: the ops run on a model of it, and
 * the tables before and after are compared by the identity of the mounts. Nothing is touched.
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "mnt/diff.h"
#include "mnt/world.h"
#include "op/op.h"
#include "plan/paths.h"

enum plan_kind {
	PLAN_APPEARS,
	PLAN_DISAPPEARS,
	PLAN_MOVES,	/* itself; what hangs on it goes along and is counted */
	PLAN_COVERED,	/* it stays, but no path leads to it any more */
	PLAN_UNCOVERED, /* a path leads to it again */
	PLAN_CHANGES,	/* attributes, propagation, the file system's options */
	PLAN_KIND_MAX,
};
extern const char *const plan_kind_words[PLAN_KIND_MAX];

struct plan_line {
	enum plan_kind kind;
	uint32_t before, after; /* indexes in the namespace's tables; MAP_NONE */
	uint32_t by;		/* in `after`: what covers it, or keeps paths from it; MAP_NONE */
	uint32_t along;		/* moves: how many mounts go along */
	unsigned fields;	/* changes: enum mnt_field */
};

struct plan_ns {
	uint32_t ns;		/* in the world */
	struct mnt_table after; /* empty where nothing changes, but for PLAN_KEEP */
	struct plan_line *v;	/* by kind, then in the order of the tables */
	size_t n;
	uint32_t count[PLAN_KIND_MAX];
	uint32_t mounts_before, mounts_after; /* as fs.mount-max counts them */
};

/* What the same list does when it is carried out once more. */
struct plan_repeat {
	bool tried;		/* not after a refusal */
	bool multiplies;	/* it adds more mounts than the first time */
	size_t op;		/* the op whose growth grew most */
	uint64_t first, second; /* mounts that are added by each round, and by that op: */
	uint64_t op_first, op_second;
	char *refused; /* a sentence: the second round would be refused; NULL */
	size_t refused_op;
	uint32_t full_at; /* the round in which fs.mount-max refuses it; 0: none of those tried */
};

struct plan {
	const struct mnt_world *world;	/* borrowed; tables are those before */
	const struct ops *ops;		/* borrowed */
	const struct plan_paths *paths; /* borrowed; what was looked up of the ops, or NULL */
	uint32_t in;			/* the namespace they are carried out in */
	struct plan_ns *ns;		/* those that have a table, in the world's order */
	uint32_t n_ns;
	uint32_t n_unknown; /* namespaces without a table: what happens there is not known */
	uint32_t n_unread;  /* processes whose namespace may not be known */
	uint32_t made;	    /* mounts of the namespace that the ops make for themselves; 0: none */
	char *refused;	    /* the sentence; NULL: all would succeed */
	size_t refused_op;
	int refused_code; /* errno */
	struct plan_repeat repeat;
	struct strv assumed; /* what is not known and was taken as harmless, a sentence each */
};

enum plan_flag {
	PLAN_KEEP = 1 << 0, /* keep all tables, for plan_compare */
	PLAN_NO_REPEAT = 1 << 1,
	PLAN_LIVE = 1 << 2, /* tables were read while others mounted: one that lies is left out */
};

/*
 * paths: NULL, or what was looked up, and its ops are these. The tables of the world must be the
 * machine's, with the namespace `in` among them. A mount without unique id gets its id as such.
 * EINVAL with a sentence: the tables are none that a kernel has. That an op is refused is no error
 * but a result.
 */
int plan_init(struct plan *ret, struct mnt_world *world, const struct ops *ops,
	      const struct plan_paths *paths, uint32_t in, unsigned flags, struct err *err);
void plan_done(struct plan *plan);

/* The op as the user said it, else its text form, without a newline. */
void plan_print_op(const struct plan *plan, size_t op, struct buf *out);

/* The lines of one namespace, whose `after` is there. reconfigured: by some op. */
int plan_lines(struct plan_ns *ns, const struct mnt_table *before, bool reconfigured,
	       struct err *err);

#endif
