// SPDX-License-Identifier: Apache-2.0
/* What becomes of one mount, as a line. */
#include "view/plan.h"

#include <string.h>

static void add_what(const struct mnt *mnt, struct buf *out)
{
	buf_addf(out, "%s: %s", mnt->target, mnt->fstype);
	if (*mnt->source && strcmp(mnt->source, "none") && strcmp(mnt->source, mnt->fstype))
		buf_addf(out, " %s", mnt->source);
	if (strcmp(mnt->root, "/"))
		buf_addf(out, "[%s]", mnt->root);
}

static void add_state(const struct mnt *mnt, struct buf *out)
{
	buf_adds(out, ", ");
	mnt_options_print(mnt, out);
	buf_adds(out, ", ");
	mnt_type_print(mnt, out);
}

static void add_change(const char *what, struct buf *a, struct buf *b, bool *first, struct buf *out)
{
	buf_addf(out, "%s %s %s -> %s", *first ? ":" : ",", what, a->data, b->data);
	*first = false;
}

static void add_changes(const struct mnt *a, const struct mnt *b, unsigned fields, struct buf *out)
{
	static const struct {
		unsigned field;
		const char *what;
		void (*print)(const struct mnt *, struct buf *);
	} rows[] = {
		{MNT_FIELD_OPTIONS, "options", mnt_options_print},
		{MNT_FIELD_PROPAGATION, "propagation", mnt_type_print},
	};
	bool first = true;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		AUTO(buf) struct buf was = {0}, is = {0};
		if (!(fields & rows[i].field))
			continue;
		rows[i].print(a, &was);
		rows[i].print(b, &is);
		add_change(rows[i].what, &was, &is, &first, out);
	}
	if (fields & MNT_FIELD_FS_OPTIONS)
		buf_addf(out, "%s the file system %.2s -> %.2s", first ? ":" : ",", a->options,
			 b->options);
}

static void add_cover(const struct plan_ns *ns, uint32_t by, const char *words, struct buf *out)
{
	if (by == MAP_NONE)
		return;
	const struct mnt *mnt = &ns->after.v[by];
	buf_addf(out, "%s %s on %s", words, mnt->fstype, mnt->target);
}

void view_plan_line(const struct plan *plan, const struct plan_ns *ns, const struct plan_line *line,
		    struct buf *out)
{
	const struct mnt_table *table = &plan->world->ns[ns->ns].table;
	const struct mnt *a = line->before == MAP_NONE ? NULL : &table->v[line->before];
	const struct mnt *b = line->after == MAP_NONE ? NULL : &ns->after.v[line->after];

	if (line->kind == PLAN_MOVES) {
		buf_addf(out, "%s -> %s: %s", a->target, b->target, b->fstype);
		if (line->along)
			buf_addf(out, ", and %u mount%s on it", line->along,
				 line->along == 1 ? "" : "s");
	} else if (line->kind == PLAN_CHANGES) {
		buf_adds(out, a->target);
		add_changes(a, b, line->fields, out);
	} else {
		add_what(b ? b : a, out);
	}
	if (line->kind == PLAN_APPEARS)
		add_state(b, out);
	if (line->kind == PLAN_APPEARS || line->kind == PLAN_MOVES)
		add_cover(ns, line->by, ", out of reach below", out);
	if (line->kind == PLAN_COVERED)
		add_cover(ns, line->by, ", by", out);
}
