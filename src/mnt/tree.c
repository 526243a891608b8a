// SPDX-License-Identifier: Apache-2.0
/*
 * How mounts hang together: who sits on whom, what covers what, and on which mount a path lies.
 * Everything here is linear in the number of mounts and the length of their paths.
 */
#include "base/mem.h"
#include "base/str.h"
#include "mnt/mnt.h"

#include <errno.h>
#include <string.h>

/* A child by its parent's index and its path. */
static uint64_t place(uint32_t parent, const char *path, size_t len)
{
	return map_hash(((uint64_t)parent + 1) * 0x9e3779b97f4a7c15ULL, path, len);
}

static bool is_text(const char *s, const char *text, size_t len)
{
	return !strncmp(s, text, len) && !s[len];
}

/* True if path is `target` or lies below it. */
static bool reaches(const char *target, const char *path)
{
	size_t len = strlen(target);

	if (len == 1)
		return *path == '/';
	return !strncmp(path, target, len) && (path[len] == '/' || !path[len]);
}

static int index_ids(struct mnt_tree *tree, const struct mnt_table *table, struct err *err)
{
	map_reserve(&tree->ids, table->n);
	for (uint32_t i = 0; i < table->n; i++)
		if (map_add(&tree->ids, table->v[i].id, i) != i)
			return err_say(err, EINVAL, "mount id %u stands for two mounts",
				       table->v[i].id);
	return 0;
}

/* From the last to the first, so that each is put in front of its later sisters. */
static void link_all(struct mnt_tree *tree, const struct mnt_table *table)
{
	for (uint32_t i = (uint32_t)table->n; i-- > 0;) {
		struct mnt_link *link = &tree->v[i];
		const struct mnt *mnt = &table->v[i];
		uint32_t parent =
			mnt->parent == mnt->id ? MAP_NONE : map_get(&tree->ids, mnt->parent);
		uint32_t *head = parent == MAP_NONE ? &tree->first : &tree->v[parent].child;
		link->parent = parent;
		link->next = *head;
		*head = i;
	}
}

/* Preorder reaches what hangs on a root; what it does not reach hangs on itself. */
static int set_depths(struct mnt_tree *tree, const struct mnt_table *table, struct err *err)
{
	size_t reached = 0;

	for (uint32_t i = tree->first; i != MAP_NONE; i = mnt_tree_next(tree, i), reached++) {
		uint32_t parent = tree->v[i].parent;
		tree->v[i].depth = parent == MAP_NONE ? 0 : tree->v[parent].depth + 1;
	}
	if (reached == table->n)
		return 0;
	return err_say(err, EINVAL, "%zu mounts hang on each other: no root is above them",
		       table->n - reached);
}

/* The child of `parent` whose path is the first len bytes, by the index of places. */
static uint32_t child_at(const struct mnt_table *table, const struct map *places, uint32_t parent,
			 const char *path, size_t len)
{
	uint32_t i = map_get(places, place(parent, path, len));

	return i != MAP_NONE && is_text(table->v[i].target, path, len) ? i : MAP_NONE;
}

static void set_covers(struct mnt_tree *tree, const struct mnt_table *table, struct map *places)
{
	for (uint32_t i = 0; i < table->n; i++) {
		uint32_t parent = tree->v[i].parent;
		const char *target = table->v[i].target;
		map_set(places, place(parent, target, strlen(target)), i);
		if (parent != MAP_NONE && !strcmp(target, table->v[parent].target))
			tree->v[parent].cover = i;
	}
}

/* The process's root: a walk begins on it and does not follow what covers it, path_resolution(7).
 */
static bool is_start(const struct mnt_tree *tree, const struct mnt_table *table, uint32_t i)
{
	return tree->v[i].parent == MAP_NONE && !strcmp(table->v[i].target, "/");
}

/*
 * A mount at /a hides its sister at /a/b: no path gets there any more. Returns the one nearest to
 * the root, which a path meets first. In a chroot the roots are sisters, of a parent out of sight.
 */
static uint32_t sister_above(const struct mnt_tree *tree, const struct mnt_table *table,
			     const struct map *places, uint32_t i)
{
	uint32_t parent = tree->v[i].parent;
	const char *target = table->v[i].target;
	const char *below = parent == MAP_NONE ? "/" : table->v[parent].target;
	size_t skip = strlen(below);

	/* A file may say that a mount hangs on one that is nowhere above it. */
	if (!reaches(below, target) || !target[skip])
		return MAP_NONE;
	for (const char *c = target + (skip > 1 ? skip + 1 : 1); *c; c++) {
		if (*c != '/')
			continue;
		uint32_t found = child_at(table, places, parent, target, (size_t)(c - target));
		if (found != MAP_NONE)
			return found;
	}
	return MAP_NONE;
}

static uint32_t what_hides(const struct mnt_tree *tree, const struct mnt_table *table,
			   const struct map *places, uint32_t i)
{
	uint32_t parent = tree->v[i].parent;

	if (parent == MAP_NONE)
		return sister_above(tree, table, places, i);
	const struct mnt_link *above = &tree->v[parent];
	bool starts = is_start(tree, table, parent);
	if (starts && above->cover == i)
		return parent;
	if (!starts && above->cover != MAP_NONE && above->cover != i)
		return above->cover;
	if (above->hidden != MAP_NONE)
		return above->hidden;
	return above->cover == i ? MAP_NONE : sister_above(tree, table, places, i);
}

/* Parents first, as what hides them hides all that hangs on them; then each one's own cover. */
static void set_hidden(struct mnt_tree *tree, const struct mnt_table *table,
		       const struct map *places)
{
	for (uint32_t i = tree->first; i != MAP_NONE; i = mnt_tree_next(tree, i))
		tree->v[i].hidden = what_hides(tree, table, places, i);
	for (uint32_t i = 0; i < table->n; i++)
		if (tree->v[i].hidden == MAP_NONE && !is_start(tree, table, i))
			tree->v[i].hidden = tree->v[i].cover;
}

int mnt_tree_init_links(struct mnt_tree *tree, const struct mnt_table *table, struct err *err)
{
	*tree = (struct mnt_tree){.first = MAP_NONE};
	tree->v = xrealloc(NULL, table->n, sizeof(*tree->v));
	memset(tree->v, 0xff, table->n * sizeof(*tree->v)); /* MAP_NONE everywhere */
	int rc = index_ids(tree, table, err);
	if (rc == 0) {
		link_all(tree, table);
		rc = set_depths(tree, table, err);
	}
	if (rc < 0)
		mnt_tree_done(tree);
	return rc;
}

int mnt_tree_init(struct mnt_tree *tree, const struct mnt_table *table, struct err *err)
{
	struct map places = {0};
	int rc = mnt_tree_init_links(tree, table, err);

	if (rc < 0)
		return rc;
	map_reserve(&places, table->n);
	set_covers(tree, table, &places);
	set_hidden(tree, table, &places);
	map_done(&places);
	return 0;
}

void mnt_tree_done(struct mnt_tree *tree)
{
	free(tree->v);
	map_done(&tree->ids);
	*tree = (struct mnt_tree){.first = MAP_NONE};
}

uint32_t mnt_tree_skip(const struct mnt_tree *tree, uint32_t i)
{
	while (i != MAP_NONE && tree->v[i].next == MAP_NONE)
		i = tree->v[i].parent;
	return i == MAP_NONE ? MAP_NONE : tree->v[i].next;
}

uint32_t mnt_tree_next(const struct mnt_tree *tree, uint32_t i)
{
	return tree->v[i].child != MAP_NONE ? tree->v[i].child : mnt_tree_skip(tree, i);
}

uint32_t mnt_tree_top(const struct mnt_tree *tree, uint32_t i)
{
	while (tree->v[i].cover != MAP_NONE)
		i = tree->v[i].cover;
	return i;
}

bool mnt_tree_is_below(const struct mnt_tree *tree, uint32_t a, uint32_t b)
{
	while (b != MAP_NONE && b != a)
		b = tree->v[b].parent;
	return b == a;
}

/*
 * Of i and its sisters behind it, the one on the way that is nearest to the root: the walk meets it
 * first. `cover` is not met: it was followed before, or is out of reach.
 */
static uint32_t step(const struct mnt_tree *tree, const struct mnt_table *table, uint32_t i,
		     uint32_t cover, const char *path)
{
	uint32_t found = MAP_NONE;
	size_t least = SIZE_MAX;

	for (; i != MAP_NONE; i = tree->v[i].next) {
		size_t len = strlen(table->v[i].target);
		if (i != cover && len < least && reaches(table->v[i].target, path)) {
			found = i;
			least = len;
		}
	}
	return found;
}

uint32_t mnt_tree_find(const struct mnt_tree *tree, const struct mnt_table *table, const char *path)
{
	uint32_t found = step(tree, table, tree->first, MAP_NONE, path), i = found;

	while (i != MAP_NONE) {
		found = is_start(tree, table, i) ? i : mnt_tree_top(tree, i);
		const struct mnt_link *link = &tree->v[found];
		i = step(tree, table, link->child, link->cover, path);
	}
	return found;
}
