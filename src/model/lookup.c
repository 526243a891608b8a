// SPDX-License-Identifier: Apache-2.0
/*
 * Paths. A walk begins where it begins, also below a mount that covers that place; after each
 * component it goes up to the top of what is mounted there.
 */
#include "model/parts.h"

#include <string.h>

struct place place_top(const struct model *m, struct place at)
{
	for (struct mount *on; (on = mount_at(m, at.mnt, at.d));)
		at = (struct place){on, on->root};
	return at;
}

/* Whether going up from `at` comes past `root`. */
bool place_is_reachable(const struct place *at, const struct place *root)
{
	const struct mount *mnt = at->mnt;
	const struct dentry *d = at->d;

	while (mnt != root->mnt && mount_has_parent(mnt)) {
		d = mnt->mp;
		mnt = mnt->parent;
	}
	return mnt == root->mnt && dentry_is_under(d, root->d);
}

/* From a directory that was renamed out of a bind no way leads up. */
static int step_up(struct model *m, const struct place *root, struct place *ret)
{
	struct place at = *ret;

	while (!(at.mnt == root->mnt && at.d == root->d)) {
		if (at.d != at.mnt->root) {
			at.d = at.d->parent;
			if (!dentry_is_under(at.d, at.mnt->root))
				return refuse_name(m, MODEL_WHY_NOT_THERE, at.mnt, "..", 2);
			break;
		}
		if (!mount_has_parent(at.mnt))
			break;
		at = (struct place){at.mnt->parent, at.mnt->mp};
	}
	*ret = place_top(m, at);
	return 0;
}

static int step(struct model *m, const struct place *root, const char *name, size_t len,
		struct place *at)
{
	if (!dentry_is_dir(at->d))
		return refuse_name(m, MODEL_WHY_NOT_DIR, at->mnt, at->d->name, strlen(at->d->name));
	if (len == 1 && *name == '.')
		return 0;
	if (len == 2 && !memcmp(name, "..", 2))
		return step_up(m, root, at);
	struct dentry *d = dentry_child(m, at->d, name, len);
	if (!d && m->knows_not_all && !at->d->dead && !at->d->sb->is_new && !at->d->is_whole)
		d = dentry_add(m, at->d, name, len, DENTRY_UNKNOWN);
	if (!d)
		return refuse_name(m, MODEL_WHY_NOT_THERE, at->mnt, name, len);
	*at = place_top(m, (struct place){at->mnt, d});
	return 0;
}

static int start(struct model *m, const struct model_task *task, const struct model_at *at,
		 struct place *ret)
{
	const struct file *file = task_file(task, at->fd);

	if (*at->path == '/' && !at->in_root)
		*ret = task->root;
	else if (at->fd == MODEL_CWD)
		*ret = task->cwd;
	else if (!file)
		return refuse(m, MODEL_WHY_NOT_OPEN);
	else
		*ret = file->at;
	return 0;
}

/* Up to `end`, which need not be the end of the path. */
static int walk(struct model *m, const struct model_task *task, const struct model_at *from,
		const char *end, struct place *at)
{
	struct place root = from->in_root ? *at : task->root;
	const char *path = from->path;
	int rc = 0;

	while (rc == 0 && path < end) {
		size_t len = strcspn(path, "/");
		if (len)
			rc = step(m, &root, path, len, at);
		path += len + (path[len] == '/');
	}
	return rc;
}

/*
 * Whoever arrives on a mount that was found unused once makes it a used one; so does who is there
 * when the next name of the path is missing, or when it should be a directory.
 */
static void touch(struct mount *mnt)
{
	if (mnt)
		mnt->flags &= (uint16_t)~MOUNT_EXPIRES;
}

int lookup_unseen(struct model *m, const struct model_task *task, const struct model_at *at,
		  bool may_be_empty, struct place *ret)
{
	if (at->ns_of) {
		/* As ptrace(2) would be allowed. */
		if (!userns_has_cap(task, at->ns_of->userns))
			return refuse(m, MODEL_WHY_NS_FILE_MAY_NOT);
		*ret = (struct place){m->nsfs_mount, at->ns_of->ns->file};
		return 0;
	}
	if (!*at->path && !may_be_empty)
		return refuse(m, MODEL_WHY_PATH_EMPTY);
	int rc = start(m, task, at, ret);
	return rc < 0 ? rc : walk(m, task, at, at->path + strlen(at->path), ret);
}

int lookup(struct model *m, const struct model_task *task, const struct model_at *at,
	   bool may_be_empty, struct place *ret)
{
	struct place place = {0};
	int rc = lookup_unseen(m, task, at, may_be_empty, &place);

	if (!at->ns_of)
		touch(place.mnt);
	if (rc == 0)
		*ret = place;
	return rc;
}

int lookup_path(struct model *m, const struct model_task *task, const char *path, struct place *ret)
{
	return lookup(m, task, &(struct model_at){MODEL_CWD, path, NULL}, false, ret);
}

bool model_is_plain(struct model *m, const struct model_task *task, const struct model_at *at)
{
	struct place place;

	if (lookup_unseen(m, task, at, true, &place) < 0)
		return true;
	return place_top(m, place).mnt->root->sb != m->nsfs;
}

/* Who only asks must not make a mount a used one. */
bool model_has_path(struct model *m, const struct model_task *task, const char *path)
{
	struct place place;

	return lookup_unseen(m, task, &(struct model_at){MODEL_CWD, path, NULL}, false, &place) ==
	       0;
}

void model_know(struct model *m, struct model_task *task, const char *path, bool is_dir)
{
	struct place at;

	if (lookup_path(m, task, path, &at) == 0 && at.d->kind == DENTRY_UNKNOWN)
		at.d->kind = is_dir ? DENTRY_DIR : DENTRY_FILE;
}

void model_know_missing(struct model *m, struct model_task *task, const char *path)
{
	const struct model_at at = {MODEL_CWD, path, NULL, false};
	struct place dir;
	const char *name;
	size_t len;

	if (lookup_parent(m, task, &at, &dir, &name, &len) == 0 &&
	    !dentry_child(m, dir.d, name, len))
		dir.d->is_whole = true;
}

/* For umount, which only looks: on the top of the place, and as if nobody had come. */
int lookup_mountpoint(struct model *m, const struct model_task *task, const char *path,
		      struct place *ret)
{
	struct place place = {0};
	int rc = lookup_unseen(m, task, &(struct model_at){MODEL_CWD, path, NULL}, false, &place);

	if (rc == 0)
		*ret = place_top(m, place);
	else
		touch(place.mnt);
	return rc;
}

/* The directory, and the last name: len 0 if the path has none ("/"). */
int lookup_parent(struct model *m, const struct model_task *task, const struct model_at *at,
		  struct place *ret, const char **ret_name, size_t *ret_len)
{
	const char *end = at->path + strlen(at->path), *name;
	int rc = *at->path ? start(m, task, at, ret) : refuse(m, MODEL_WHY_PATH_EMPTY);

	while (end > at->path && end[-1] == '/')
		end--;
	for (name = end; name > at->path && name[-1] != '/';)
		name--;
	if (rc == 0) {
		rc = walk(m, task, at, name, ret);
		touch(ret->mnt);
	}
	if (rc == 0 && !dentry_is_dir(ret->d))
		rc = refuse_name(m, MODEL_WHY_NOT_DIR, ret->mnt, ret->d->name,
				 strlen(ret->d->name));
	*ret_name = name;
	*ret_len = (size_t)(end - name);
	return rc;
}
