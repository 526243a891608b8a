// SPDX-License-Identifier: Apache-2.0
/* What a task would read in its mountinfo: the mounts below its root, in the order of their ids. */
#include "base/mem.h"
#include "model/parts.h"

#include <stdlib.h>
#include <string.h>

struct seen {
	const struct mount *mnt;
	const char *path; /* from the reader's root */
	size_t len;
};
struct view {
	struct seen *v;
	size_t n;
	struct map of_mount; /* uid -> index */
	struct map groups;   /* of which a member is seen */
	struct arena text;
};

/* Appends "/a/b": the way from `top` to d. */
static void add_path(const struct dentry *d, const struct dentry *top, struct buf *out)
{
	if (d == top || d->parent == d)
		return;
	add_path(d->parent, top, out);
	buf_addc(out, '/');
	buf_adds(out, d->name);
}

static void see(struct view *view, const struct mount *mnt, const struct place *root)
{
	uint32_t parent = map_get(&view->of_mount, mnt->parent->uid);
	AUTO(buf) struct buf path = {0};

	if (mnt != root->mnt && parent != MAP_NONE)
		buf_adds(&path, view->v[parent].path);
	if (mnt != root->mnt)
		add_path(mnt->mp, mnt->parent == root->mnt ? root->d : mnt->parent->root, &path);
	const char *text = arena_strn(&view->text, path.data ? path.data : "", path.len);
	map_set(&view->of_mount, mnt->uid, (uint32_t)view->n);
	VEC_PUSH(view->v, view->n, (struct seen){mnt, text, path.len});
	if (mnt->group)
		map_set(&view->groups, mnt->group, 0);
}

/* Nor has a path what is on a directory that was renamed out of the mount. */
static bool has_path(const struct mount *mnt, const struct place *root)
{
	return dentry_is_under(mnt->mp, mnt->parent->root) &&
	       (mnt->parent != root->mnt || dentry_is_under(mnt->mp, root->d));
}

/* In a chroot at a plain directory the mount that carries it is out of sight. */
static void see_all(struct view *view, const struct place *root)
{
	struct mount *mnt = root->mnt->kids;

	if (root->d == root->mnt->root)
		see(view, root->mnt, root);
	while (mnt) {
		if (!has_path(mnt, root)) {
			mnt = mount_skip(mnt, root->mnt);
			continue;
		}
		see(view, mnt, root);
		mnt = mount_next(mnt, root->mnt);
	}
}

/* The nearest group above that has a member in sight; it is not said twice. */
static uint32_t dominating(const struct view *view, const struct mount *mnt)
{
	for (const struct mount *up = mnt->master; up; up = up->master)
		if (map_get(&view->groups, up->group) != MAP_NONE)
			return up->group == mnt->master->group ? 0 : up->group;
	return 0;
}

static const char *root_text(const struct mount *mnt, struct arena *text)
{
	AUTO(buf) struct buf b = {0};

	if (mnt->root->is_bare || mnt->root->kind == DENTRY_MNT_NS)
		return arena_str(text, mnt->root->name);
	add_path(mnt->root, NULL, &b);
	if (!b.len)
		buf_addc(&b, '/');
	if (mnt->root->dead)
		buf_adds(&b, "//deleted");
	return arena_strn(text, b.data, b.len);
}

static void export_one(const struct view *view, const struct seen *seen, struct mnt_table *table)
{
	const struct mount *mnt = seen->mnt;
	const struct sb *sb = mnt->root->sb;
	struct arena *text = &table->text;
	AUTO_FREE char *options = xasprintf("%s%s", sb->ro ? "ro" : "rw", sb->options);

	VEC_PUSH(table->v, table->n,
		 (struct mnt){
			 .unique = mnt->uid,
			 .id = (uint32_t)mnt->uid,
			 .parent = (uint32_t)mnt->parent->uid,
			 .major = sb->major,
			 .minor = sb->minor,
			 .root = root_text(mnt, text),
			 .target = seen->len ? arena_strn(text, seen->path, seen->len) : "/",
			 .fstype = arena_str(text, sb->fstype),
			 .source = arena_str(text, sb->source),
			 .options = arena_str(text, options),
			 .extra = "",
			 .group = mnt->group,
			 .master = mnt->master ? mnt->master->group : 0,
			 .from = dominating(view, mnt),
			 .attr = mnt->attr,
			 .flags = (mnt->flags & MOUNT_UNBINDABLE ? MNT_UNBINDABLE : 0) |
				  (mnt->flags & MOUNT_IDMAPPED ? MNT_IDMAPPED : 0) |
				  (mnt->root->dead ? MNT_DELETED : 0),
		 });
}

static int by_uid(const void *a, const void *b)
{
	uint64_t x = ((const struct seen *)a)->mnt->uid, y = ((const struct seen *)b)->mnt->uid;

	return (x > y) - (x < y);
}

void model_table(const struct model *m, const struct model_task *task, struct mnt_table *ret)
{
	struct mnt_table table = {0};
	struct view view = {0};

	/* A root that was unmounted, or another namespace's, shows nothing. */
	if (task->root.mnt->ns == task->ns)
		see_all(&view, &task->root);
	if (view.n)
		qsort(view.v, view.n, sizeof(*view.v), by_uid);
	for (size_t i = 0; i < view.n; i++)
		export_one(&view, &view.v[i], &table);
	map_done(&view.of_mount);
	map_done(&view.groups);
	arena_done(&view.text);
	free(view.v);
	*ret = table;
}
