// SPDX-License-Identifier: Apache-2.0
/* Tables as text in columns, raw, and as JSON. */
#include "view/columns.h"
#include "base/json.h"
#include "base/mem.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

struct choice {
	size_t *v; /* indexes of columns */
	size_t n;
};

static void choice_done(struct choice *choice)
{
	free(choice->v);
}

static size_t count(const struct view_column *columns)
{
	size_t n = 0;

	while (columns[n].name)
		n++;
	return n;
}

static int unknown(const struct view_column *columns, const char *name, struct err *err)
{
	AUTO(buf) struct buf known = {0};

	for (; columns->name; columns++)
		buf_addf(&known, "%s%s", known.len ? ", " : "", columns->name);
	return err_say(err, EINVAL, "'%s': expected columns of %s", name, known.data);
}

static int choose(const struct view_column *columns, const char *text, struct choice *ret,
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
		size_t k = 0;
		while (columns[k].name && strcasecmp(columns[k].name, names.v[i]))
			k++;
		if (!columns[k].name)
			return unknown(columns, names.v[i], err);
		VEC_PUSH(ret->v, ret->n, k);
	}
	return 0;
}

/* How wide a terminal shows it: UTF-8 continuation bytes take no place of their own. */
static size_t width(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

/* util-linux's raw form: no blank in a cell, so that awk and read can take a line apart. */
static char *raw(const char *s)
{
	struct buf b = {0};

	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		if (c <= ' ' || c == '\\' || c == 0x7f)
			buf_addf(&b, "\\x%02x", c);
		else
			buf_addc(&b, (char)c);
	}
	return buf_take(&b);
}

/* A column of what is printed: its heading, if wanted, and its cells, escaped. */
static struct strv column_text(const struct view_table *table, size_t column,
			       const struct view_format *format)
{
	size_t n = count(table->columns);
	struct strv text = {0};

	if (!format->no_headings)
		strv_add(&text, table->columns[column].name);
	for (size_t i = column; i < table->cells.n; i += n) {
		const char *cell = table->cells.v[i];
		AUTO_FREE char *shown = format->raw ? raw(cell) : str_printable(cell);
		strv_add(&text, *shown || format->raw ? shown : "-");
	}
	return text;
}

static size_t widest(const struct strv *text)
{
	size_t most = 0;

	for (size_t i = 0; i < text->n; i++)
		most = width(text->v[i]) > most ? width(text->v[i]) : most;
	return most;
}

/* One cell behind what stands in the lines already; the last one is not filled up. */
static void append(struct buf *line, const char *text, size_t wide, bool right, bool last)
{
	size_t blanks = wide - width(text);

	for (size_t i = 0; right && i < blanks; i++)
		buf_addc(line, ' ');
	buf_adds(line, text);
	for (size_t i = 0; !right && !last && i < blanks; i++)
		buf_addc(line, ' ');
}

static void print_text(const struct view_table *table, const struct view_format *format,
		       const struct choice *choice, struct buf *out)
{
	size_t lines = table->cells.n / count(table->columns) + !format->no_headings;
	struct buf *line = xcalloc(lines + 1, sizeof(*line));

	for (size_t k = 0; k < choice->n; k++) {
		AUTO(strv) struct strv text = column_text(table, choice->v[k], format);
		size_t wide = format->raw ? 0 : widest(&text);
		bool right = table->columns[choice->v[k]].flags & VIEW_RIGHT;
		for (size_t i = 0; i < lines; i++) {
			if (k)
				buf_addc(&line[i], ' ');
			append(&line[i], text.v[i], format->raw ? width(text.v[i]) : wide, right,
			       k + 1 == choice->n);
		}
	}
	for (size_t i = 0; i < lines; i++) {
		buf_addf(out, "%s\n", line[i].data);
		buf_done(&line[i]);
	}
	free(line);
}

static json_t *cell_to_json(const char *cell, unsigned flags)
{
	if (!*cell)
		return json_null();
	return flags & VIEW_RIGHT ? json_integer(strtoll(cell, NULL, 10)) : json_bytes(cell);
}

static json_t *row_to_json(const struct view_table *table, size_t first,
			   const struct choice *choice)
{
	json_t *object = json_object();

	for (size_t k = 0; k < choice->n; k++) {
		const struct view_column *column = &table->columns[choice->v[k]];
		AUTO_FREE char *key = xstrdup(column->name);
		for (char *c = key; *c; c++)
			*c = (char)tolower((unsigned char)*c);
		json_object_set_new(
			object, key,
			cell_to_json(table->cells.v[first + choice->v[k]], column->flags));
	}
	return object;
}

static void print_json(const struct view_table *table, const struct choice *choice, struct buf *out)
{
	json_t *rows = json_array(), *document = json_object();
	size_t n = count(table->columns);

	for (size_t i = 0; i < table->cells.n; i += n)
		json_array_append_new(rows, row_to_json(table, i, choice));
	json_object_set_new(document, table->name, rows);
	AUTO_FREE char *text = json_dumps(document, JSON_INDENT(3));
	buf_addf(out, "%s\n", text);
	json_decref(document);
}

int view_print(const struct view_table *table, const struct view_format *format, struct buf *out,
	       struct err *err)
{
	__attribute__((cleanup(choice_done))) struct choice choice = {0};
	int rc = choose(table->columns, format->columns, &choice, err);

	if (rc < 0)
		return rc;
	if (format->json)
		print_json(table, &choice, out);
	else
		print_text(table, format, &choice, out);
	return 0;
}
