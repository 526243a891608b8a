// SPDX-License-Identifier: Apache-2.0
/* A table as JSON, an object for each row; deeper rows are children of the one above them. */
#include "base/json.h"
#include "base/mem.h"
#include "view/parts.h"

#include <ctype.h>
#include <string.h>

struct print {
	const struct view_table *table;
	char **keys; /* of the chosen columns */
	const struct view_choice *choice;
	FILE *out;
};

static void print_words(const char *cell, FILE *out)
{
	AUTO(strv) struct strv list = {0};

	strv_split(&list, cell, ',');
	putc('[', out);
	for (size_t i = 0; i < list.n; i++) {
		fputs(i ? ", " : "", out);
		json_print_bytes(list.v[i], out);
	}
	putc(']', out);
}

static void print_value(const char *cell, unsigned flags, FILE *out)
{
	if (flags & VIEW_WORDS)
		print_words(cell, out);
	else if (flags & VIEW_BOOL)
		fputs(*cell ? "true" : "false", out);
	else if (flags & VIEW_RIGHT && *cell)
		fputs(cell, out);
	else
		json_print_bytes(cell, out);
}

static void indent(const struct print *p, size_t level)
{
	fprintf(p->out, "\n%*s", (int)(3 * level), "");
}

static void print_fields(const struct print *p, size_t row, size_t level)
{
	AUTO(buf) struct buf cell = {0};

	for (size_t k = 0; k < p->choice->n; k++) {
		size_t column = p->choice->v[k];
		cell.len = 0;
		p->table->cell(p->table->ctx, row, column, &cell);
		buf_add(&cell, "", 0);
		if (k)
			putc(',', p->out);
		indent(p, level);
		fprintf(p->out, "\"%s\": ", p->keys[k]);
		print_value(cell.data, p->table->columns[column].flags, p->out);
	}
}

static size_t depth(const struct print *p, size_t row)
{
	return p->table->depth && row < p->table->rows ? p->table->depth(p->table->ctx, row) : 0;
}

/* Two levels of indentation a depth: the object's, and its list of children's. */
static void print_rows(const struct print *p)
{
	for (size_t row = 0; row < p->table->rows; row++) {
		size_t here = depth(p, row), next = depth(p, row + 1);
		indent(p, 2 + 2 * here);
		putc('{', p->out);
		print_fields(p, row, 3 + 2 * here);
		if (next > here) {
			putc(',', p->out);
			indent(p, 3 + 2 * here);
			fputs("\"children\": [", p->out);
			continue;
		}
		for (;; here--) {
			indent(p, 2 + 2 * here);
			putc('}', p->out);
			if (here == next)
				break;
			indent(p, 1 + 2 * here);
			putc(']', p->out);
		}
		if (row + 1 < p->table->rows)
			putc(',', p->out);
	}
}

void view_print_json(const struct view_table *table, const struct view_choice *choice, FILE *out)
{
	struct print p = {table, xcalloc(choice->n, sizeof(*p.keys)), choice, out};

	for (size_t k = 0; k < choice->n; k++) {
		p.keys[k] = xstrdup(table->columns[choice->v[k]].name);
		for (char *c = p.keys[k]; *c; c++)
			*c = (char)tolower((unsigned char)*c);
	}
	fprintf(out, "{\n   \"%s\": [", table->name);
	print_rows(&p);
	if (table->rows)
		indent(&p, 1);
	fputs("]\n}\n", out);
	for (size_t k = 0; k < choice->n; k++)
		free(p.keys[k]);
	free(p.keys);
}
