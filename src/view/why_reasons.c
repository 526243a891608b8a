// SPDX-License-Identifier: Apache-2.0
/* Why two namespaces differ at a path, and what would help, sentence by sentence. */
#include "base/mem.h"
#include "view/why.h"

#include <string.h>

static const struct mnt *get(const struct view_why *view, unsigned s, uint32_t i)
{
	return &view->world->ns[view->why->side[s].ns].table.v[i];
}

/* "mount 34 (tmpfs t, /sub)": the number is what the other commands take as id:34. */
static char *describe(const struct mnt *mnt)
{
	bool part = strcmp(mnt->root, "/");

	return xasprintf("mount %u (%s %s%s%s)", mnt->id, mnt->fstype, mnt->source,
			 part ? ", its directory " : "", part ? mnt->root : "");
}

static uint32_t group_id(const struct view_why *view)
{
	return view->groups->v[view->why->group].id;
}

static void say_tie(const struct view_why *view, struct strv *out)
{
	const char *a = view->names[0], *b = view->names[1];

	switch (view->why->tie) {
	case MNT_TIE_PEERS:
		return strv_addf(out,
				 "Both mounts are in peer group %u: what is mounted on one of them "
				 "appears on the other.",
				 group_id(view));
	case MNT_TIE_DOWN:
	case MNT_TIE_UP:
		return strv_addf(
			out, "What is mounted in %s arrives in %s, but not the other way round.",
			view->why->tie == MNT_TIE_DOWN ? a : b,
			view->why->tie == MNT_TIE_DOWN ? b : a);
	case MNT_TIE_SISTERS:
		return strv_addf(out,
				 "Both receive what is mounted in peer group %u, but nothing from "
				 "each other.",
				 group_id(view));
	case MNT_TIE_NONE:
	default:
		return strv_addf(out,
				 "No propagation joins the two mounts: what is mounted in one of "
				 "the namespaces stays there.");
	}
}

static void say_covered(const struct view_why *view, unsigned s, struct strv *out)
{
	const struct mnt_why_side *side = &view->why->side[s];
	AUTO_FREE char *below = describe(get(view, s, side->mount));
	AUTO_FREE char *cover = describe(get(view, !s, side->cover));

	strv_addf(out, "What %s sees, %s, is in %s too, but covered by %s.", view->names[s], below,
		  view->names[!s], cover);
}

static void say_outside(const struct view_why *view, struct strv *out)
{
	const struct mnt_why_side *side = view->why->side;

	strv_addf(out,
		  "Both show the same file system there, but different directories of it: %s shows "
		  "%s, %s shows %s. What lies outside of such a root is never seen through it.",
		  view->names[0], get(view, 0, side[0].mount)->root, view->names[1],
		  get(view, 1, side[1].mount)->root);
}

/* The mount's number tells what came first, where the kernel gives numbers that do so. */
static void say_time(const struct view_why *view, unsigned s, struct strv *out)
{
	const struct mnt_why_side *side = &view->why->side[s];
	const struct mnt *mnt = get(view, s, side->mount);
	uint64_t copy = get(view, !s, view->why->side[!s].base)->unique;
	const char *a = view->names[s], *b = view->names[!s];

	if (mnt->unique && copy && mnt->unique < copy)
		strv_addf(out,
			  "Mounts pass from %s to %s today, but this one is older than the mount "
			  "below it in %s, which was made without it: propagation brings only what "
			  "is mounted afterwards.",
			  a, b, b);
	else
		strv_addf(
			out,
			"Mounts pass from %s to %s today, so this one was mounted before they did, "
			"moved here, or unmounted in %s since: propagation brings only what is "
			"mounted afterwards.",
			a, b, b);
}

static void say_mute(const struct view_why *view, unsigned s, const char *base, struct strv *out)
{
	const struct mnt *mnt = get(view, s, view->why->side[s].base);

	strv_addf(out, "Below it in %s is %s, %s: what is mounted on that stays in %s.",
		  view->names[s], base,
		  mnt->master ? "a slave that is in no peer group" : "which is private",
		  view->names[s]);
}

static void say_cut(const struct view_why *view, unsigned s, struct strv *out)
{
	const struct mnt_why_side *side = &view->why->side[s], *other = &view->why->side[!s];
	const char *a = view->names[s], *b = view->names[!s];
	AUTO_FREE char *here = NULL, *there = NULL;

	if (side->base != MAP_NONE && other->base != MAP_NONE) {
		here = describe(get(view, s, side->base));
		there = describe(get(view, !s, other->base));
	}
	switch (side->cut) {
	case MNT_CUT_ROOTS:
		return strv_addf(
			out, "It is the root of %s, and no propagation brings a root to %s.", a, b);
	case MNT_CUT_MUTE:
		return say_mute(view, s, here, out);
	case MNT_CUT_DEAF:
		return strv_addf(out,
				 "The copy of that in %s, %s, is private: it was cut off from peer "
				 "group %u, or was never in it, and receives nothing.",
				 b, there, get(view, s, side->base)->group);
	case MNT_CUT_ONE_WAY:
		return strv_addf(out,
				 "Below it in %s is %s, a slave of what %s has: it receives from "
				 "there and gives nothing back.",
				 a, here, b);
	case MNT_CUT_SISTERS:
		return strv_addf(out,
				 "Both sides receive from peer group %u, but nothing from each "
				 "other: %s in %s and %s in %s.",
				 group_id(view), here, a, there, b);
	case MNT_CUT_STRANGERS:
		return strv_addf(
			out,
			"%s in %s passes mounts on, but not to %s in %s: their groups have "
			"nothing to do with each other.",
			here, a, there, b);
	case MNT_CUT_TIME:
		return say_time(view, s, out);
	case MNT_CUT_NOTHING:
	case MNT_CUT_COVERED:
	case MNT_CUT_OUTSIDE:
	default:
		return;
	}
}

static void say_special(const struct view_why *view, unsigned s, struct strv *out)
{
	const struct mnt *mnt = get(view, s, view->why->side[s].mount);

	if (mnt->flags & MNT_UNBINDABLE)
		strv_addf(out, "It is unbindable: a recursive bind leaves it out.");
	if (!strcmp(mnt->fstype, "nsfs"))
		strv_addf(out,
			  "It is a pin of a namespace: a new mount namespace gets no copy of it.");
}

static void say_side(const struct view_why *view, unsigned s, struct strv *out)
{
	const struct mnt_why_side *side = &view->why->side[s];

	if (side->mount == MAP_NONE)
		return;
	AUTO_FREE char *mount = describe(get(view, s, side->mount));
	strv_addf(out, "%s has %s there, and %s has not.", view->names[s], mount, view->names[!s]);
	say_cut(view, s, out);
	say_special(view, s, out);
}

void view_why_reasons(const struct view_why *view, struct strv *out)
{
	const struct mnt_why_side *side = view->why->side;

	if (view->why->is_same)
		return say_tie(view, out);
	for (unsigned s = 0; s < 2; s++)
		if (side[s].cut == MNT_CUT_COVERED)
			return say_covered(view, s, out);
	if (side[0].cut == MNT_CUT_OUTSIDE)
		return say_outside(view, out);
	for (unsigned s = 0; s < 2; s++)
		say_side(view, s, out);
}

static void fix_cut(const struct view_why *view, unsigned s, struct strv *out)
{
	const char *a = view->names[s], *b = view->names[!s], *part = view->why->part;

	switch (view->why->side[s].cut) {
	case MNT_CUT_COVERED:
		return strv_addf(out, "Unmount in %s what covers it: umount %s there.", b, part);
	case MNT_CUT_OUTSIDE:
		return strv_addf(out,
				 "Nothing can widen a mount's root: %s needs a new bind of the "
				 "directory that %s shows.",
				 b, a);
	case MNT_CUT_ONE_WAY:
		return strv_addf(out, "Mount it in %s instead: from there it arrives in %s.", b, a);
	case MNT_CUT_SISTERS:
		return strv_addf(out,
				 "Mount it on a member of peer group %u instead: from there it "
				 "arrives in both.",
				 group_id(view));
	case MNT_CUT_TIME:
		return strv_addf(out, "Mount it once more in %s: it will arrive in %s.", a, b);
	case MNT_CUT_NOTHING:
	case MNT_CUT_ROOTS:
	case MNT_CUT_MUTE:
	case MNT_CUT_DEAF:
	case MNT_CUT_STRANGERS:
	default:
		return;
	}
}

static bool is_cut(const struct mnt_why_side *side)
{
	return side->cut == MNT_CUT_MUTE || side->cut == MNT_CUT_DEAF ||
	       side->cut == MNT_CUT_STRANGERS;
}

void view_why_fixes(const struct view_why *view, struct strv *out)
{
	const struct mnt_why_side *side = view->why->side;
	bool covered = side[0].cut == MNT_CUT_COVERED || side[1].cut == MNT_CUT_COVERED;

	if (view->why->is_same)
		return;
	for (unsigned s = 0; s < 2; s++)
		fix_cut(view, s, out);
	if (is_cut(&side[0]) || is_cut(&side[1]))
		strv_addf(out, "mount --make-shared cannot join again what is cut: it begins a new "
			       "peer group.");
	for (unsigned s = 0; s < 2 && !covered; s++)
		if (side[s].mount != MAP_NONE && side[s].cut != MNT_CUT_OUTSIDE)
			strv_addf(out,
				  "Hand the mount over: open_tree(2) with OPEN_TREE_CLONE in %s, "
				  "then move_mount(2) of that descriptor to %s in %s.",
				  view->names[s], view->why->part, view->names[!s]);
}
