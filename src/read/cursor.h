/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A walk through a JSON document that may be large: objects and lists are entered member by member,
 * so that no more than one value of it is in memory besides the text. Sentences begin with the
 * file's name and say where in the document: "file: .namespaces[3].mounts[17].id: …".
 */
#ifndef READ_CURSOR_H
#define READ_CURSOR_H

#include <jansson.h>

#include "base/str.h"

struct cursor {
	const char *name; /* of the file */
	const char *text;
	size_t len, at;
	struct buf path; /* ".namespaces[3]" */
	struct err *err;
};
void cursor_done(struct cursor *c);

/* EINVAL with a sentence about the value that the path names. */
int cursor_fail(struct cursor *c, const char *fmt, ...) FORMAT(2, 3);
/* The first byte of the value here; 0: the text ends. */
char cursor_peek(struct cursor *c);
/* Behind the value there is nothing. */
int cursor_end(struct cursor *c);
/* The value here, with all that is in it. */
int cursor_value(struct cursor *c, json_t **ret);
/* `member` is called at each value, and must read it; the path is set. */
int cursor_object(struct cursor *c, int (*member)(struct cursor *c, void *ctx, const char *key),
		  void *ctx);
int cursor_list(struct cursor *c, int (*element)(struct cursor *c, void *ctx), void *ctx);

#endif
