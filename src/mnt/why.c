// SPDX-License-Identifier: Apache-2.0
/*
 * Where two namespaces part. A path is followed in both: as long as both are in the same directory
 * of the same file system they agree. Where they do not, a mount is on one side that the other one
 * lacks, and whether it could have arrived is a matter of the two mounts below it.
 */
#include "mnt/why.h"
#include "base/mem.h"

#include <errno.h>
#include <string.h>

/* What the search looks at on one side. */
struct look {
	const struct mnt_table *table;
	struct mnt_tree tree;
	uint32_t *stack; /* the mount below where they part, and those on it, the lowest first */
	uint32_t n;
};

static const struct mnt *get(const struct look *look, uint32_t i)
{
	return &look->table->v[i];
}

static bool same_device(const struct mnt *a, const struct mnt *b)
{
	return a->major == b->major && a->minor == b->minor;
}

static bool agree(const struct look *look, const char *path)
{
	AUTO(buf) struct buf dir = {0}, other = {0};
	uint32_t a = mnt_tree_find(&look[0].tree, look[0].table, path);
	uint32_t b = mnt_tree_find(&look[1].tree, look[1].table, path);
	bool same = false;

	if (a != MAP_NONE && b != MAP_NONE && same_device(get(&look[0], a), get(&look[1], b))) {
		mnt_dir_of(get(&look[0], a), path, &dir);
		mnt_dir_of(get(&look[1], b), path, &other);
		same = !strcmp(dir.data, other.data);
	}
	return same;
}

/* Component by component, so that the first difference is the one that counts. */
static void find_part(struct mnt_why *why, const struct look *look, const char *path)
{
	for (size_t len = 1;;) {
		AUTO_FREE char *prefix = xstrndup(path, len);
		if (!agree(look, prefix)) {
			why->part = TAKE_PTR(prefix);
			return;
		}
		free(why->last);
		why->last = TAKE_PTR(prefix);
		if (!path[len] || !path[1])
			return;
		len += path[len] == '/' ? 1 : 0;
		len += strcspn(path + len, "/");
	}
}

/* From what a path finds there down to what does not stand exactly there; below a root is none. */
static void find_stack(struct look *look, const char *part)
{
	uint32_t n = 1, top = mnt_tree_find(&look->tree, look->table, part);
	uint32_t i = top;

	while (i != MAP_NONE && !strcmp(get(look, i)->target, part)) {
		i = look->tree.v[i].parent;
		n++;
	}
	look->stack = xcalloc(n, sizeof(*look->stack));
	look->n = n;
	for (i = top; n-- > 0; i = i == MAP_NONE ? i : look->tree.v[i].parent)
		look->stack[n] = i;
}

static bool is_same_mount(const struct look *look, uint32_t a, uint32_t b)
{
	return mnt_is_same_dir(get(&look[0], a), get(&look[1], b));
}

/* The levels of the stacks that both sides have, bases included. */
static uint32_t count_common(const struct look *look)
{
	uint32_t k = 1;

	while (k < look[0].n && k < look[1].n &&
	       is_same_mount(look, look[0].stack[k], look[1].stack[k]))
		k++;
	return k;
}

/* The other side has the same, but something lies on it. */
static bool find_cover(struct mnt_why *why, const struct look *look, unsigned s)
{
	const struct look *here = &look[s], *there = &look[!s];
	struct mnt_why_side *side = &why->side[s];
	uint32_t top = here->stack[here->n - 1];

	for (uint32_t k = 1; here->n > 1 && k + 1 < there->n; k++) {
		if (!mnt_is_same_dir(get(here, top), get(there, there->stack[k])))
			continue;
		side->cut = MNT_CUT_COVERED;
		side->mount = top;
		side->cover = there->stack[there->n - 1];
		return true;
	}
	return false;
}

static enum mnt_cut cut_of_tie(enum mnt_tie tie, const struct mnt *from, const struct mnt *to,
			       bool turned)
{
	if (tie == MNT_TIE_PEERS || tie == (turned ? MNT_TIE_UP : MNT_TIE_DOWN))
		return MNT_CUT_TIME;
	if (tie == MNT_TIE_DOWN || tie == MNT_TIE_UP)
		return MNT_CUT_ONE_WAY;
	if (tie == MNT_TIE_SISTERS)
		return MNT_CUT_SISTERS;
	if (!from->group)
		return MNT_CUT_MUTE;
	return to->group || to->master ? MNT_CUT_STRANGERS : MNT_CUT_DEAF;
}

static void judge(struct mnt_why *why, const struct look *look, unsigned s)
{
	struct mnt_why_side *side = &why->side[s], *other = &why->side[!s];

	if (side->mount == MAP_NONE || side->cut == MNT_CUT_COVERED)
		return;
	if (other->mount != MAP_NONE &&
	    same_device(get(&look[s], side->mount), get(&look[!s], other->mount)))
		side->cut = MNT_CUT_OUTSIDE;
	else if (side->base == MAP_NONE || other->base == MAP_NONE)
		side->cut = MNT_CUT_ROOTS;
	else
		side->cut = cut_of_tie(why->tie, get(&look[s], side->base),
				       get(&look[!s], other->base), s);
}

static void compare(struct mnt_why *why, const struct mnt_groups *groups, struct look *look)
{
	for (unsigned s = 0; s < 2; s++)
		find_stack(&look[s], why->part);
	uint32_t k = count_common(look);
	for (unsigned s = 0; s < 2; s++) {
		why->side[s].base = look[s].stack[k - 1];
		why->side[s].mount = k < look[s].n ? look[s].stack[k] : MAP_NONE;
	}
	if (why->side[0].base != MAP_NONE && why->side[1].base != MAP_NONE)
		why->tie = mnt_tie(groups, get(&look[0], why->side[0].base),
				   get(&look[1], why->side[1].base), &why->group);
	bool covered = find_cover(why, look, 0) || find_cover(why, look, 1);
	for (unsigned s = 0; s < 2 && !covered; s++)
		judge(why, look, s);
}

static int look_at(struct mnt_why_side *side, const struct mnt_world *world, const char *path,
		   struct look *look, struct err *err)
{
	const struct mnt_ns *ns = &world->ns[side->ns];
	AUTO(buf) struct buf dir = {0};

	if (!ns->has_table)
		return err_say(err, EACCES, "%s", ns->gap ? ns->gap : "a namespace has no table");
	int rc = mnt_tree_init(&look->tree, &ns->table, err);
	if (rc < 0)
		return rc;
	look->table = &ns->table;
	side->at = mnt_tree_find(&look->tree, look->table, path);
	if (side->at == MAP_NONE)
		return err_say(err, ENOENT, "no mount is above '%s' in mnt:[%llu]", path,
			       (unsigned long long)ns->inode);
	mnt_dir_of(get(look, side->at), path, &dir);
	side->dir = buf_take(&dir);
	return 0;
}

static void look_done(struct look *look)
{
	mnt_tree_done(&look->tree);
	free(look->stack);
}

int mnt_why_init(struct mnt_why *why, const struct mnt_world *world,
		 const struct mnt_groups *groups, const uint32_t ns[2], const char *path,
		 struct err *err)
{
	struct look look[2] = {0};
	int rc = 0;

	*why = (struct mnt_why){.group = MAP_NONE};
	for (unsigned s = 0; s < 2; s++)
		why->side[s] =
			(struct mnt_why_side){ns[s], MAP_NONE, NULL, MAP_NONE, MAP_NONE, MAP_NONE};
	for (unsigned s = 0; rc == 0 && s < 2; s++)
		rc = look_at(&why->side[s], world, path, &look[s], err);
	if (rc == 0) {
		find_part(why, look, path);
		why->is_same = agree(look, path);
		if (why->is_same)
			why->tie = mnt_tie(groups, get(&look[0], why->side[0].at),
					   get(&look[1], why->side[1].at), &why->group);
		else
			compare(why, groups, look);
	}
	look_done(&look[0]);
	look_done(&look[1]);
	if (rc < 0)
		mnt_why_done(why);
	return rc;
}

void mnt_why_done(struct mnt_why *why)
{
	free(why->side[0].dir);
	free(why->side[1].dir);
	free(why->last);
	free(why->part);
	*why = (struct mnt_why){0};
}
