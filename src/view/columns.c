// SPDX-License-Identifier: Apache-2.0
/* Which columns of a table are shown, and in which form. */
#include "view/columns.h"
#include "base/mem.h"
#include "view/parts.h"

#include <errno.h>
#include <strings.h>

static int unknown(const struct view_column *columns, const char *name, struct err *err)
{
	AUTO(buf) struct buf known = {0};

	for (; columns->name; columns++)
		buf_addf(&known, "%s%s", known.len ? ", " : "", columns->name);
	return err_say(err, EINVAL, "'%s': expected columns of %s", name, known.data);
}

static int choose(const struct view_column *columns, const char *text, struct view_choice *ret,
		  struct err *err)
{
	AUTO(strv) struct strv names = {0};
	bool adds = !text || *text == '+';

	for (size_t i = 0; adds && columns[i].name; i++)
		if (!(columns[i].flags & VIEW_EXTRA))
			VEC_PUSH(ret->v, ret->n, i);
	if (!text)
		return 0;
	strv_split(&names, text + adds, ',');
	if (!names.n)
		return unknown(columns, "", err);
	for (size_t i = 0; i < names.n; i++) {
		/* "+A,+B", as findmnt has it */
		const char *name = names.v[i] + (adds && i && *names.v[i] == '+');
		size_t k = 0;
		while (columns[k].name && strcasecmp(columns[k].name, name))
			k++;
		if (!columns[k].name)
			return unknown(columns, name, err);
		VEC_PUSH(ret->v, ret->n, k);
	}
	return 0;
}

int view_print(const struct view_table *table, const struct view_format *format, FILE *out,
	       struct err *err)
{
	struct view_choice choice = {0};
	int rc = choose(table->columns, format->columns, &choice, err);

	if (rc == 0 && format->json)
		view_print_json(table, &choice, out);
	else if (rc == 0)
		view_print_text(table, format, &choice, out);
	free(choice.v);
	return rc;
}
