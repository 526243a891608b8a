/* SPDX-License-Identifier: Apache-2.0 */
/* Scenario files: statements, and what is expected of the tables between them. */
#ifndef SCENARIO_SCRIPT_H
#define SCENARIO_SCRIPT_H

#include "scenario/call.h"

/* One row of the table in expect.c each. */
enum expect_kind {
	EXPECT_MOUNTS,
	EXPECT_SAME_AS,
	EXPECT_MOUNTED,
	EXPECT_NOT_MOUNTED,
	EXPECT_TYPE,
	EXPECT_SHARED_WITH,
	EXPECT_NOT_SHARED_WITH,
	EXPECT_SLAVE_OF,
	EXPECT_SAME_FS,
	EXPECT_ROOT,
	EXPECT_ON,
	EXPECT_ATTR,
	EXPECT_FS,
	EXPECT_KIND_MAX,
};
struct expect {
	uint8_t kind, task, other;
	char path[CALL_PATH], text[CALL_PATH]; /* text: a path, a type, ro or rw */
	uint64_t n;			       /* mounts; of EXPECT_MOUNTED 0: any number */
	struct mnt_attr attr;		       /* its text is not used */
};
/* "0 /a type shared", without "expect". */
int expect_parse(const char *text, struct expect *ret, struct err *err);
/* Whether it is so; if not, `out` gets what is. */
bool expect_holds(const struct expect *expect, const struct outcome *now, struct buf *out);

struct line {
	unsigned number;
	char *text; /* as it is written, without the comment */
	bool is_expect;
	struct call call;
	struct expect expect;
};
struct script {
	char *title; /* the sentence in its first line */
	struct line *v;
	size_t n;
};
/* EINVAL with a sentence that names `name` and the line. */
int script_parse(struct script *script, const char *name, const char *text, struct err *err);
void script_done(struct script *script);

#endif
