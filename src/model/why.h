/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why a call is refused: one reason for each rule, also where the kernel has one errno for many.
 * After a call that returned an error, the model knows the reason and the mount that it is about.
 */
#ifndef MODEL_WHY_H
#define MODEL_WHY_H

#include "model/model.h"

enum model_why {
	MODEL_WHY_NONE,
#define WHY(name, ...) MODEL_WHY_##name,
#include "model/why_rows.h"
#undef WHY
	MODEL_WHY_MAX,
};
struct model_reason {
	const char *name; /* "PIVOT_NEW_ROOT_LOCKED" */
	int code;	  /* errno */
	const char *what; /* a sentence without a period */
	const char *fix;  /* what would make it work, or that nothing does; a sentence, too */
};

/* NULL for MODEL_WHY_NONE. */
const struct model_reason *model_reason(enum model_why why);
/* The reason by its name; MODEL_WHY_NONE: there is none of that name. */
enum model_why model_why_named(const char *name);

/* Of the last call that was refused; model_forget_why: of none. */
enum model_why model_why(const struct model *m);
void model_forget_why(struct model *m);
/*
 * The mount that it is about, as its path in its namespace and that one's id (0: a detached tree);
 * to be freed. NULL: it is about none, or that is gone.
 */
char *model_why_path(const struct model *m, uint64_t *ret_ns);
/* The same by its unique id, as tables have it; 0: none. */
uint64_t model_why_mount(const struct model *m);
/* The name in a path at which a look-up ended, cut after 63 bytes; "": none did. */
const char *model_why_name(const struct model *m);

#endif
