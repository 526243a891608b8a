// SPDX-License-Identifier: Apache-2.0
/* A table as text: columns that line up, or raw. */
#include "base/mem.h"
#include "view/parts.h"

#include <string.h>

/*
 * So many rows are measured, evenly spaced in a larger table: a line whose cell is longer than
 * they were is longer, and the first line need not wait for the last row.
 */
#define MEASURED_MAX 4096

struct print {
	const struct view_table *table;
	const struct view_format *format;
	const struct view_choice *choice;
	struct view_lines lines;
	size_t *wide;	  /* of each chosen column; 0 in the raw form */
	struct buf line;  /* what is printed of the row */
	struct buf spare; /* a cell that has to be written in another way */
};

/* How many bytes at the front of s are shown as they are; eight at a time as far as they are ASCII.
 */
static size_t count_plain(const unsigned char *s, size_t len, bool raw)
{
	const uint64_t ones = 0x0101010101010101ULL, high = 0x80 * ones;
	size_t n = 0;

	for (uint64_t w; !raw && n + sizeof(w) <= len; n += sizeof(w)) {
		memcpy(&w, s + n, sizeof(w));
		/* Set in the high bit of a byte: it is beyond ASCII, 0x7f, or below a blank. */
		if ((w | (w + ones) | ((w - ' ' * ones) & ~w)) & high)
			break;
	}
	while (n < len && s[n] > ' ' - !raw && s[n] < 0x7f && !(raw && s[n] == '\\'))
		n++;
	return n;
}

/* Writes the end of the line anew, from `start` on, if it holds what must not be shown as it is. */
static size_t clean(struct print *p, size_t start)
{
	const unsigned char *s = (const unsigned char *)p->line.data + start;
	size_t len = p->line.len - start;
	bool raw = p->format->raw;

	if (count_plain(s, len, raw) == len)
		return len;
	p->spare.len = 0;
	buf_add(&p->spare, s, len);
	p->line.len = start;
	if (!raw)
		return buf_add_printable(&p->line, p->spare.data);
	buf_add_raw(&p->line, p->spare.data);
	return 0;
}

/* Appends a cell to the line, as it is shown, and returns its width. */
static size_t show(struct print *p, size_t row, size_t column)
{
	const struct view_table *table = p->table;
	size_t width = 0;

	if (table->columns[column].flags & VIEW_TREE && !p->format->raw)
		width = view_lines_print(&p->lines, table, row, &p->line);
	size_t start = p->line.len;
	table->cell(table->ctx, row, column, &p->line);
	if (p->line.len == start && !p->format->raw)
		buf_addc(&p->line, '-');
	return p->line.len == start ? width : width + clean(p, start);
}

static void measure_column(struct print *p, size_t k)
{
	size_t step = 1 + p->table->rows / MEASURED_MAX;

	for (size_t row = 0; row < p->table->rows; row += step) {
		p->line.len = 0;
		size_t width = show(p, row, p->choice->v[k]);
		p->wide[k] = width > p->wide[k] ? width : p->wide[k];
	}
	p->line.len = 0;
}

/* Nothing has to be filled up behind the last column. */
static void measure(struct print *p)
{
	for (size_t k = 0; k < p->choice->n; k++) {
		const struct view_column *column = &p->table->columns[p->choice->v[k]];
		size_t heading = p->format->no_headings ? 0 : strlen(column->name);
		p->wide[k] = p->wide[k] > heading ? p->wide[k] : heading;
		if (k + 1 < p->choice->n || p->format->width || column->flags & VIEW_RIGHT)
			measure_column(p, k);
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

static void add_blanks(struct buf *line, size_t n)
{
	static const char blanks[] = "                                ";

	for (size_t part; n; n -= part) {
		part = n < sizeof(blanks) - 1 ? n : sizeof(blanks) - 1;
		buf_add(line, blanks, part);
	}
}

/* Fills the column up to its width: what was appended from `start` on is so wide by now. */
static void fill(struct print *p, size_t k, size_t start, size_t width)
{
	size_t wide = p->wide[k], len = p->line.len - start;
	unsigned flags = p->table->columns[p->choice->v[k]].flags;

	if (width > wide && p->format->width && flags & VIEW_CUT) {
		p->line.len = start + head(p->line.data + start, wide ? wide - 1 : 0);
		buf_adds(&p->line, "…");
	}
	if (width >= wide)
		return;
	if (flags & VIEW_RIGHT) {
		add_blanks(&p->line, wide - width);
		memmove(p->line.data + start + wide - width, p->line.data + start, len);
		memset(p->line.data + start, ' ', wide - width);
	} else if (k + 1 < p->choice->n) {
		add_blanks(&p->line, wide - width);
	}
}

static void end_line(struct print *p, FILE *out)
{
	buf_addc(&p->line, '\n');
	fwrite_unlocked(p->line.data, 1, p->line.len, out);
	p->line.len = 0;
}

static void print_headings(struct print *p, FILE *out)
{
	for (size_t k = 0; k < p->choice->n; k++) {
		const char *name = p->table->columns[p->choice->v[k]].name;
		if (k)
			buf_addc(&p->line, ' ');
		size_t start = p->line.len;
		buf_adds(&p->line, name);
		fill(p, k, start, strlen(name));
	}
	end_line(p, out);
}

static void print_row(struct print *p, size_t row, FILE *out)
{
	for (size_t k = 0; k < p->choice->n; k++) {
		if (k)
			buf_addc(&p->line, ' ');
		size_t start = p->line.len;
		size_t width = show(p, row, p->choice->v[k]);
		if (!p->format->raw)
			fill(p, k, start, width);
	}
	end_line(p, out);
}

void view_print_text(const struct view_table *table, const struct view_format *format,
		     const struct view_choice *choice, FILE *out)
{
	AUTO_FREE size_t *own = format->wide ? NULL : xcalloc(choice->n, sizeof(*own));
	struct print p = {table, format, choice, .wide = own ? own : format->wide};

	view_lines_init(&p.lines, table);
	if (!format->raw) {
		measure(&p);
		fit(&p);
	}
	if (!format->no_headings)
		print_headings(&p, out);
	for (size_t row = 0; row < table->rows; row++)
		print_row(&p, row, out);
	view_lines_done(&p.lines);
	buf_done(&p.line);
	buf_done(&p.spare);
}
