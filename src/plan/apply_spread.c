// SPDX-License-Identifier: Apache-2.0
/*
 * A tree of several mounts that is a copy shares its peer groups with the original: what is
 * unmounted in it is unmounted there, too. So before it goes, it and its copies in other namespaces
 * are made private, and what is on them is unmounted there one by one. The tops are left: they
 * hang on mounts that pass the unmounting on.
 */
#include "base/mem.h"
#include "plan/apply_parts.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>

/* Entering a namespace changes the root and the working directory. */
struct visit {
	int root, cwd;
};

static int visit(const struct undo *undo, size_t i, struct visit *visit)
{
	*visit = (struct visit){-1, -1};
	if (i == 0)
		return 0;
	visit->root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	visit->cwd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return setns(undo->ns[i].fd, CLONE_NEWNS) < 0 ? -errno : 0;
}

static int leave(const struct undo *undo, size_t i, struct visit *visit)
{
	int rc = 0;

	if (i > 0 && (setns(undo->ns[0].fd, CLONE_NEWNS) < 0 || fchdir(visit->root) < 0 ||
		      chroot(".") < 0 || fchdir(visit->cwd) < 0))
		rc = -errno;
	auto_close(&visit->root);
	auto_close(&visit->cwd);
	return rc;
}

static uint64_t key(const struct mnt *mnt)
{
	return mnt->unique ? mnt->unique : mnt->id;
}

/* What each function does in one namespace. */
struct look {
	struct undo *undo;
	struct undo_step *step;
	const struct undo_step *undone;
	size_t ns;
	struct apply_own own;
};

static int in_each(struct look *look, int (*act)(struct look *, struct err *), struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < look->undo->n_ns && rc == 0; i++) {
		struct visit v;
		look->ns = i;
		rc = visit(look->undo, i, &v);
		if (rc == 0)
			rc = apply_own_init(&look->own, look->undo->proc, err);
		if (rc == 0)
			rc = act(look, err);
		apply_own_done(&look->own);
		look->own = (struct apply_own){0};
		int back = leave(look->undo, i, &v);
		if (back < 0)
			return err_set(err, -back, "return to the mount namespace");
	}
	return rc;
}

static int keep_ids(struct look *look, struct err *err)
{
	struct map *before = &look->undo->ns[look->ns].before;

	map_done(before);
	*before = (struct map){0};
	for (uint32_t i = 0; i < look->own.table.n; i++)
		map_set(before, key(&look->own.table.v[i]), i);
	return 0;
}

void spread_before(struct undo *undo)
{
	struct look look = {.undo = undo};

	in_each(&look, keep_ids, NULL);
}

static int find_new(struct look *look, struct err *err)
{
	const struct mnt_table *table = &look->own.table;
	struct undo_step *step = look->step;

	for (uint32_t i = look->own.tree.first; i != MAP_NONE;
	     i = mnt_tree_next(&look->own.tree, i)) {
		const struct mnt *mnt = &table->v[i];
		if (map_get(&look->undo->ns[look->ns].before, key(mnt)) == MAP_NONE)
			VEC_PUSH(step->copies, step->n_copies,
				 (struct undo_copy){(uint32_t)look->ns, {mnt->unique, mnt->id}});
	}
	return 0;
}

void spread_after(struct undo *undo, struct undo_step *step)
{
	struct look look = {.undo = undo, .step = step};

	in_each(&look, find_new, NULL);
}

/* By mount of the namespace: whether it came with the tree. The caller frees it. */
static bool *mark_copies(const struct look *look)
{
	bool *is_copy = xcalloc(look->own.table.n + 1, sizeof(*is_copy));

	for (size_t i = 0; i < look->undone->n_copies; i++) {
		const struct undo_copy *copy = &look->undone->copies[i];
		uint32_t at = copy->ns == look->ns ? apply_find(&look->own, &copy->id) : MAP_NONE;
		if (at != MAP_NONE)
			is_copy[at] = true;
	}
	return is_copy;
}

static int make_private(struct look *look, struct err *err)
{
	AUTO_FREE bool *is_copy = mark_copies(look);
	struct mount_attr attr = {.propagation = MS_PRIVATE};

	for (uint32_t i = 0; i < look->own.table.n; i++) {
		if (!is_copy[i] || look->own.tree.v[i].child == MAP_NONE)
			continue;
		AUTO_FD int fd = apply_open(&look->own, i, err);
		if (fd < 0)
			return fd;
		if (mount_setattr(fd, "", AT_EMPTY_PATH, &attr, sizeof(attr)) < 0)
			return err_set(err, errno, "make %s private", look->own.table.v[i].target);
	}
	return 0;
}

/* The deepest first. */
static int umount_inner(struct look *look, struct err *err)
{
	const struct mnt_tree *tree = &look->own.tree;
	AUTO_FREE bool *is_copy = mark_copies(look);
	AUTO_FREE uint32_t *inner = xcalloc(look->own.table.n + 1, sizeof(*inner));
	size_t n = 0;
	int rc = 0;

	for (uint32_t i = tree->first; i != MAP_NONE; i = mnt_tree_next(tree, i))
		if (is_copy[i] && tree->v[i].parent != MAP_NONE && is_copy[tree->v[i].parent])
			inner[n++] = i;
	while (n > 0 && rc == 0)
		rc = apply_umount(&look->own, inner[--n], err);
	return rc;
}

int spread_undo(struct undo *undo, const struct undo_step *step, struct err *err)
{
	struct look look = {.undo = undo, .undone = step};
	int rc = in_each(&look, make_private, err);

	if (rc == 0)
		rc = in_each(&look, umount_inner, err);
	if (rc < 0 && err && !err->msg)
		err_set(err, -rc, "enter a namespace in which a copy arrived");
	return rc;
}
