// SPDX-License-Identifier: Apache-2.0
/* A table as text: columns that line up, or raw. */
#include "base/mem.h"
#include "view/parts.h"

#include <string.h>

struct print {
	const struct view_table *table;
	const struct view_format *format;
	const struct view_choice *choice;
	struct view_lines lines;
	size_t *wide;	       /* of each chosen column; 0 in the raw form */
	struct buf cell, text; /* as the table has it, as it is shown */
};

/* util-linux's raw form: no blank in a cell, so that awk and read can take a line apart. */
static void add_raw(struct buf *out, const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		if (c <= ' ' || c == '\\' || c == 0x7f)
			buf_addf(out, "\\x%02x", c);
		else
			buf_addc(out, (char)c);
	}
}

static void show(struct print *p, size_t row, size_t column)
{
	const struct view_table *table = p->table;

	p->cell.len = p->text.len = 0;
	table->cell(table->ctx, row, column, &p->cell);
	buf_add(&p->cell, "", 0);
	if (table->columns[column].flags & VIEW_TREE && !p->format->raw)
		view_lines_print(&p->lines, table, row, &p->text);
	if (p->format->raw)
		add_raw(&p->text, p->cell.data);
	else
		buf_add_printable(&p->text, p->cell.len ? p->cell.data : "-");
	buf_add(&p->text, "", 0);
}

static void measure(struct print *p)
{
	for (size_t k = 0; k < p->choice->n; k++) {
		size_t column = p->choice->v[k];
		if (!p->format->no_headings)
			p->wide[k] = strlen(p->table->columns[column].name);
		/* Nothing has to be filled up behind the last one. */
		if (k + 1 == p->choice->n && !p->format->width &&
		    !(p->table->columns[column].flags & VIEW_RIGHT))
			continue;
		for (size_t row = 0; row < p->table->rows; row++) {
			show(p, row, column);
			size_t width = str_width(p->text.data);
			p->wide[k] = width > p->wide[k] ? width : p->wide[k];
		}
	}
}

/* Takes from the widest of the columns that may be cut, as far as their headings. */
static void fit(struct print *p)
{
	size_t sum = p->choice->n ? p->choice->n - 1 : 0;

	for (size_t k = 0; k < p->choice->n; k++)
		sum += p->wide[k];
	while (p->format->width && sum > p->format->width) {
		size_t widest = SIZE_MAX;
		for (size_t k = 0; k < p->choice->n; k++) {
			const struct view_column *c = &p->table->columns[p->choice->v[k]];
			if (c->flags & VIEW_CUT && p->wide[k] > strlen(c->name) &&
			    (widest == SIZE_MAX || p->wide[k] > p->wide[widest]))
				widest = k;
		}
		if (widest == SIZE_MAX)
			return;
		p->wide[widest]--;
		sum--;
	}
}

/* The bytes of the first n characters. */
static size_t head(const char *s, size_t n)
{
	size_t i = 0;

	for (; s[i]; i++)
		if (((unsigned char)s[i] & 0xc0) != 0x80 && n-- == 0)
			break;
	return i;
}

static void put(const struct print *p, size_t k, const char *text, FILE *out)
{
	size_t width = str_width(text), wide = p->wide[k];
	unsigned flags = p->table->columns[p->choice->v[k]].flags;
	int blanks = wide > width ? (int)(wide - width) : 0;

	if (k)
		putc_unlocked(' ', out);
	if (flags & VIEW_RIGHT)
		fprintf(out, "%*s%s", blanks, "", text);
	else if (p->format->width && flags & VIEW_CUT && width > wide)
		fprintf(out, "%.*s…", (int)head(text, wide ? wide - 1 : 0), text);
	else
		fputs_unlocked(text, out);
	if (!(flags & VIEW_RIGHT) && k + 1 < p->choice->n && blanks)
		fprintf(out, "%*s", blanks, "");
}

static void print_rows(struct print *p, FILE *out)
{
	for (size_t k = 0; k < p->choice->n && !p->format->no_headings; k++)
		put(p, k, p->table->columns[p->choice->v[k]].name, out);
	if (!p->format->no_headings)
		putc('\n', out);
	for (size_t row = 0; row < p->table->rows; row++) {
		for (size_t k = 0; k < p->choice->n; k++) {
			show(p, row, p->choice->v[k]);
			put(p, k, p->text.data, out);
		}
		putc_unlocked('\n', out);
	}
}

void view_print_text(const struct view_table *table, const struct view_format *format,
		     const struct view_choice *choice, FILE *out)
{
	struct print p = {table, format, choice, .wide = xcalloc(choice->n, sizeof(*p.wide))};

	view_lines_init(&p.lines, table);
	if (!format->raw) {
		measure(&p);
		fit(&p);
	}
	print_rows(&p, out);
	view_lines_done(&p.lines);
	buf_done(&p.cell);
	buf_done(&p.text);
	free(p.wide);
}
