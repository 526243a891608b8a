// SPDX-License-Identifier: Apache-2.0
/*
 * Any text: the parser refuses it with line and column, or takes it; then what it takes is printed
 * to a text that means the same. A libFuzzer target; fuzz/replay.c runs it on given files.
 */
#include "base/mem.h"
#include "op/op.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void refused(const struct err *err)
{
	require(err->code == EINVAL || err->code == ENAMETOOLONG);
	require(err->msg && str_starts(err->msg, "f:") && strspn(err->msg + 2, "0123456789"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *text = xstrndup((const char *)data, size);
	AUTO(ops) struct ops ops = {0};
	AUTO(ops) struct ops back = {0};
	AUTO(buf) struct buf once = {0};
	AUTO(buf) struct buf twice = {0};
	AUTO(err) struct err err = {0};

	if (ops_parse(&ops, "f", text, &err) < 0) {
		refused(&err);
		return 0;
	}
	/* Whatever the list is like, the check may look at it. */
	ops_check(&ops, NULL);
	ops_print(&ops, &once);
	require(ops_parse(&back, "f", once.data ? once.data : "", &err) == 0);
	require(back.n == ops.n);
	ops_print(&back, &twice);
	require(once.len == twice.len &&
		!memcmp(once.data ? once.data : "", twice.data ? twice.data : "", once.len));
	return 0;
}
