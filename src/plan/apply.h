/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A planned list carried out in its namespace, all or nothing: a child enters it, and where an op
 * is refused undoes what was done, in reverse. A signal to the caller does not stop the child.
 */
#ifndef PLAN_APPLY_H
#define PLAN_APPLY_H

#include "plan/plan.h"

/* How the attaching of a new tree is undone. */
enum apply_how {
	APPLY_PLAIN,
	APPLY_SPREADS,	/* in all namespaces where copies arrive */
	APPLY_FOR_GOOD, /* not at all: it would take away mounts that were there before */
};
/* What is found out on the model before anything is done. */
struct apply_survey {
	struct strv
		limits; /* what could not be undone if a later op were refused, a sentence each */
	enum apply_how *how; /* by op */
};
/* EINVAL with a sentence: the list cannot be applied at all. */
int apply_survey_init(struct apply_survey *ret, struct mnt_world *world, const struct ops *ops,
		      uint32_t in, struct err *err);
void apply_survey_done(struct apply_survey *survey);

struct apply_result {
	size_t done; /* ops carried out, before they were undone */
	int code;    /* errno of the refusal; 0: all are carried out */
	char *why;
	struct strv left; /* what could not be undone, a sentence each */
	bool was_killed;  /* in the middle: `done` ops, or one more, hold */
};
struct apply_where {
	int ns_fd;   /* the namespace; -1: the caller's own */
	int *others; /* where copies arrive */
	size_t n_others;
	const enum apply_how *how; /* of the survey; borrowed */
};
/* The descriptors; a namespace to which there is no way is left out of `others`. */
int apply_where_init(struct apply_where *where, const struct plan *plan,
		     const struct apply_survey *survey, bool is_own, struct err *err);
void apply_where_done(struct apply_where *where);
/* Fails only if nothing was begun. */
int apply_run(const struct ops *ops, const struct apply_where *where, struct apply_result *ret,
	      struct err *err);
void apply_result_done(struct apply_result *result);

/* How a world looked at later differs from the plan, which has PLAN_KEEP. */
struct plan_difference {
	bool ours; /* at a mount that the ops have to do with; else somebody else's */
	char *text;
};
struct plan_differences {
	struct plan_difference *v;
	size_t n;
};
/* undone: what should be there is what was there before. */
int plan_compare(const struct plan *plan, bool undone, const struct mnt_world *now,
		 struct plan_differences *ret, struct err *err);
void plan_differences_done(struct plan_differences *differences);

#endif
