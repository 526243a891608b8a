// SPDX-License-Identifier: Apache-2.0
/* The third executor: it only writes down. The output is a valid script of ops. */
#include "exec/print.h"
#include "base/mem.h"

#include <string.h>

void exec_print(const struct ops *ops, struct buf *out)
{
	const char *said = NULL;

	for (size_t i = 0; i < ops->n; i++) {
		const char *now = ops->v[i].said;
		if (now && (!said || strcmp(said, now))) {
			AUTO_FREE char *comment = str_printable(now);
			buf_addf(out, "# %s\n", comment);
		}
		said = now;
		op_print(&ops->v[i], out);
		if (out->len && out->data[out->len - 1] != '\n')
			buf_addc(out, '\n');
	}
}
