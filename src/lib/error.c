// SPDX-License-Identifier: Apache-2.0
/* Errors that the caller owns. */
#include "base/mem.h"
#include "lib/parts.h"

const char *mntns_version(void)
{
	return MNTNS_VERSION;
}

int lib_fail(struct err *err, struct mntns_error **ret_error)
{
	int code = err->code;

	if (!ret_error) {
		err_done(err);
		return -code;
	}
	*ret_error = xcalloc(1, sizeof(**ret_error));
	(*ret_error)->err = *err;
	*err = (struct err){0};
	return -code;
}

int mntns_error_code(const struct mntns_error *error)
{
	return error->err.code;
}

const char *mntns_error_message(const struct mntns_error *error)
{
	return error->err.msg;
}

void mntns_error_free(struct mntns_error *error)
{
	if (!error)
		return;
	err_done(&error->err);
	free(error);
}
