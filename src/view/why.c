// SPDX-License-Identifier: Apache-2.0
/* What mntns why prints. */
#include "view/why.h"
#include "base/json.h"

static const struct mnt *at(const struct view_why *view, unsigned s)
{
	const struct mnt_why_side *side = &view->why->side[s];

	return &view->world->ns[side->ns].table.v[side->at];
}

static void print(const char *before, const char *text, FILE *out)
{
	AUTO_FREE char *printable = str_printable(text);

	fprintf(out, "%s%s\n", before, printable);
}

static void print_side(const struct view_why *view, unsigned s, FILE *out)
{
	const struct mnt *mnt = at(view, s);
	AUTO(buf) struct buf line = {0};

	buf_addf(&line, "%s: mount %u on %s, ", view->names[s], mnt->id, mnt->target);
	mnt_type_print(mnt, &line);
	buf_addf(&line, ": %s of %s %s", view->why->side[s].dir, mnt->fstype, mnt->source);
	print("  ", line.data, out);
}

static void print_part(const struct view_why *view, FILE *out)
{
	AUTO(buf) struct buf line = {0};

	if (view->why->last)
		buf_addf(&line, "They agree as far as %s and part at %s.", view->why->last,
			 view->why->part);
	else
		buf_adds(&line, "They have different roots: nothing is shared above.");
	print("", line.data, out);
}

void view_why_text(const struct view_why *view, FILE *out)
{
	AUTO(buf) struct buf line = {0};
	AUTO(strv) struct strv reasons = {0}, fixes = {0};

	buf_addf(&line, "%s and %s see %s at %s:", view->names[0], view->names[1],
		 view->why->is_same ? "the same" : "different things", view->path);
	print("", line.data, out);
	print_side(view, 0, out);
	print_side(view, 1, out);
	if (!view->why->is_same)
		print_part(view, out);
	view_why_reasons(view, &reasons);
	for (size_t i = 0; i < reasons.n; i++)
		print("", reasons.v[i], out);
	view_why_fixes(view, &fixes);
	if (fixes.n)
		print("What would help:", "", out);
	for (size_t i = 0; i < fixes.n; i++)
		print("  ", fixes.v[i], out);
}

static json_t *mount(const struct mnt *mnt)
{
	AUTO(buf) struct buf type = {0};

	mnt_type_print(mnt, &type);
	return json_pack("{s:I,s:o,s:o,s:o,s:o,s:o}", "id", (json_int_t)mnt->id, "target",
			 json_bytes(mnt->target), "root", json_bytes(mnt->root), "fstype",
			 json_bytes(mnt->fstype), "source", json_bytes(mnt->source), "propagation",
			 json_bytes(type.data));
}

static json_t *mount_or_null(const struct view_why *view, unsigned s, uint32_t i)
{
	return i == MAP_NONE ? json_null()
			     : mount(&view->world->ns[view->why->side[s].ns].table.v[i]);
}

static json_t *side(const struct view_why *view, unsigned s)
{
	static const char *const cuts[] = {NULL,   "covered", "roots",	 "outside",   "mute",
					   "deaf", "one-way", "sisters", "strangers", "time"};
	const struct mnt_why_side *why = &view->why->side[s];
	AUTO_FREE char *label = mnt_ns_label(view->world, why->ns);

	return json_pack("{s:o,s:I,s:o,s:o,s:o,s:o,s:o,s:s?}", "name", json_bytes(view->names[s]),
			 "ns", (json_int_t)view->world->ns[why->ns].inode, "label",
			 json_bytes(label), "mount", mount(at(view, s)), "dir",
			 json_bytes(why->dir), "below", mount_or_null(view, s, why->base), "has",
			 mount_or_null(view, s, why->mount), "cut", cuts[why->cut]);
}

static json_t *text_or_null(const char *text)
{
	return text ? json_bytes(text) : json_null();
}

void view_why_json(const struct view_why *view, FILE *out)
{
	static const char *const ties[] = {"none", "peers", "down", "up", "sisters"};
	const struct mnt_why *why = view->why;
	AUTO(strv) struct strv reasons = {0}, fixes = {0};

	view_why_reasons(view, &reasons);
	view_why_fixes(view, &fixes);
	json_t *root = json_pack(
		"{s:o,s:b,s:s,s:o,s:o,s:o,s:[o,o],s:o,s:o}", "path", json_bytes(view->path), "same",
		why->is_same, "tie", ties[why->tie], "group",
		why->group == MAP_NONE ? json_null() : json_integer(view->groups->v[why->group].id),
		"agree", text_or_null(why->last), "part",
		text_or_null(why->is_same ? NULL : why->part), "sides", side(view, 0),
		side(view, 1), "reasons", json_strv(&reasons), "fixes", json_strv(&fixes));
	json_dumpf(root, out, JSON_INDENT(3));
	fputc('\n', out);
	json_decref(root);
}
