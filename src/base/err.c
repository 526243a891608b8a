// SPDX-License-Identifier: Apache-2.0
/* Errors as values: made at the spot, extended on the way up, printed once. */
#include "base/err.h"
#include "base/mem.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

static int set(struct err *err, int code, char *msg)
{
	if (!err) {
		free(msg);
		return -code;
	}
	free(err->msg);
	err->code = code;
	err->msg = msg;
	return -code;
}

#define FORMATTED(fmt)                                                                             \
	({                                                                                         \
		va_list args_;                                                                     \
		va_start(args_, fmt);                                                              \
		char *text_ = xvasprintf(fmt, args_);                                              \
		va_end(args_);                                                                     \
		text_;                                                                             \
	})

int err_set(struct err *err, int code, const char *fmt, ...)
{
	AUTO_FREE char *text = FORMATTED(fmt);

	return set(err, code ? code : EINVAL, xasprintf("%s: %s", text, strerror(code)));
}

int err_say(struct err *err, int code, const char *fmt, ...)
{
	return set(err, code ? code : EINVAL, FORMATTED(fmt));
}

int err_add(struct err *err, const char *fmt, ...)
{
	AUTO_FREE char *text = FORMATTED(fmt);

	if (!err)
		return -EINVAL;
	return set(err, err->code, xasprintf("%s: %s", text, err->msg ? err->msg : "failed"));
}

int err_hint(struct err *err, const char *fmt, ...)
{
	AUTO_FREE char *text = FORMATTED(fmt);

	if (!err)
		return -EINVAL;
	return set(err, err->code, xasprintf("%s; %s", err->msg ? err->msg : "failed", text));
}

void err_done(struct err *err)
{
	free(err->msg);
	*err = (struct err){0};
}
