/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An error is a value: a code and one sentence that grows on the way up. It lives
 * on the caller's stack (AUTO(err) struct err err = {0}) and only cli prints it.
 * A function that takes `struct err *err` returns 0 or more on success, a negative
 * errno on failure, and leaves err alone on success. err may be NULL: only the code.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/auto.h"

struct err {
	int code; /* positive errno, 0: no error */
	char *msg;
};

/* Sets "MESSAGE: strerror(code)"; returns -code. */
int err_set(struct err *err, int code, const char *fmt, ...) FORMAT(3, 4);
/* Sets a sentence that already says why; returns -code. */
int err_say(struct err *err, int code, const char *fmt, ...) FORMAT(3, 4);
/* Puts "CONTEXT: " in front of what is there; returns -err->code. */
int err_add(struct err *err, const char *fmt, ...) FORMAT(2, 3);
/* Appends "; HINT", what would fix it; returns -err->code. */
int err_hint(struct err *err, const char *fmt, ...) FORMAT(2, 3);
void err_done(struct err *err);

#endif
