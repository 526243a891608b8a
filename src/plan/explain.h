/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cause of what is seen, in plain words: of what a path is, of a refusal, of a message of some
 * program. An answer is one paragraph, the facts under it, and what would help.
 */
#ifndef PLAN_EXPLAIN_H
#define PLAN_EXPLAIN_H

#include "mnt/groups.h"
#include "op/op.h"

/* Another place that is told of what is done at the one asked about, or the other way round. */
struct explain_place {
	uint32_t ns;	/* index of the namespace */
	uint32_t group; /* number of the peer group by which it is told */
	char *path;
};
struct explain_places {
	struct explain_place *v;
	size_t n;
};

struct explain {
	/* A rule of the kernel's ("PIVOT_SAME", see model/why.h), or the cause of a message. */
	const char *reason; /* NULL: nothing is refused */
	int code;	    /* its errno; 0: it has none */
	struct buf text;    /* the paragraph */
	struct strv facts, fixes;
	struct explain_places arrives, receives; /* mounts made here; made there */
	bool is_torn;				 /* of a message: EAGAIN, as below */
};
/* What is asked about: the machine, and the namespace in which paths are meant. */
struct explain_ask {
	struct mnt_world *world; /* with uses; paths of processes are looked up on the way */
	const struct mnt_groups *groups;
	uint32_t ns;
	bool is_live; /* it is this machine, as it is now */
};

/* Path: absolute and resolved. ENOENT, EACCES: the namespace has no mount for it, or no table. */
int explain_path(const struct explain_ask *ask, const char *path, struct explain *ret,
		 struct err *err);
/*
 * What would come of these ops, if they were carried out in the namespace. Nothing is. EAGAIN: the
 * tables of a live machine do not fit together, because mounts changed while they were read.
 */
int explain_ops(const struct explain_ask *ask, const struct ops *ops, struct explain *ret,
		struct err *err);

/* Whether the words are a message that is known, or the name of an errno that mounts know. */
bool explain_is_message(const char *text);
/* path NULL: the one in the message, if it has any. EINVAL: it must be given; EAGAIN as above. */
int explain_message(const struct explain_ask *ask, const char *text, const char *path,
		    struct explain *ret, struct err *err);
/* The messages, a line each, for a list. */
void explain_print_messages(struct buf *out);

void explain_done(struct explain *answer);

#endif
