// SPDX-License-Identifier: Apache-2.0
/*
 * A tree of several mounts that is a copy shares its peer groups with the original: what is
 * unmounted in it is unmounted there, too. So it and its copies in other namespaces are taken apart
 * there: a mount that carries others is made private, and only then anything is unmounted. What is
 * covered must wait for the next round.
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
	bool moved_on;	    /* something could be done in this round */
	bool has_strangers; /* somebody's mount hangs on a copy */
	bool passes_on;	    /* unmounting what is left here would unmount originals */
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

/* By mount of the namespace. The caller frees both. */
struct marks {
	bool *is_copy;	   /* it came with the tree */
	uint32_t *carries; /* how many of those that hang on it did, too */
};

static void marks_done(struct marks *marks)
{
	free(marks->is_copy);
	free(marks->carries);
}

static struct marks mark(const struct look *look)
{
	const struct mnt_tree *tree = &look->own.tree;
	struct marks marks = {
		.is_copy = xcalloc(look->own.table.n + 1, sizeof(bool)),
		.carries = xcalloc(look->own.table.n + 1, sizeof(uint32_t)),
	};

	for (size_t i = 0; i < look->undone->n_copies; i++) {
		const struct undo_copy *copy = &look->undone->copies[i];
		uint32_t at = copy->ns == look->ns ? apply_find(&look->own, &copy->id) : MAP_NONE;
		if (at == MAP_NONE)
			continue;
		marks.is_copy[at] = true;
		if (tree->v[at].parent != MAP_NONE)
			marks.carries[tree->v[at].parent]++;
	}
	return marks;
}

/* Somebody's mount hangs in the subtree. */
static bool has_stranger(const struct look *look, const struct marks *marks, uint32_t top)
{
	const struct mnt_tree *tree = &look->own.tree;
	uint32_t end = mnt_tree_skip(tree, top);

	for (uint32_t i = mnt_tree_next(tree, top); i != end; i = mnt_tree_next(tree, i))
		if (!marks->is_copy[i])
			return true;
	return false;
}

static bool is_top(const struct look *look, const struct marks *marks, uint32_t i)
{
	uint32_t up = look->own.tree.v[i].parent;

	return marks->is_copy[i] && (up == MAP_NONE || !marks->is_copy[up]);
}

/* Whether unmounting it would be passed on, inside of what hangs on it. */
static bool passes_on(const struct look *look, const struct marks *marks, uint32_t i, bool whole)
{
	const struct mnt_tree *tree = &look->own.tree;
	uint32_t end = whole ? mnt_tree_skip(tree, i) : mnt_tree_next(tree, i);

	for (uint32_t k = i; k != end; k = mnt_tree_next(tree, k))
		if (marks->is_copy[k] && marks->carries[k] && look->own.table.v[k].group)
			return true;
	return false;
}

static void make_private(struct look *look, const struct marks *marks, uint32_t i, bool whole)
{
	const struct mnt_tree *tree = &look->own.tree;
	struct mount_attr attr = {.propagation = MS_PRIVATE};
	uint32_t end = whole ? mnt_tree_skip(tree, i) : mnt_tree_next(tree, i);

	AUTO_FD int fd = passes_on(look, marks, i, whole) ? apply_open(&look->own, i, NULL) : -1;
	if (fd < 0 || mount_setattr(fd, "", AT_EMPTY_PATH | (whole ? AT_RECURSIVE : 0), &attr,
				    sizeof(attr)) < 0)
		return;
	for (uint32_t k = i; k != end; k = mnt_tree_next(tree, k))
		look->own.table.v[k].group = 0;
	look->moved_on = true;
}

/* With all that hangs on a top where all of that came with it, also what is covered. */
static void make_all_private(struct look *look, const struct marks *marks)
{
	const struct mnt_tree *tree = &look->own.tree;

	for (uint32_t i = tree->first; i != MAP_NONE; i = mnt_tree_next(tree, i)) {
		if (!marks->is_copy[i])
			continue;
		bool is_whole = is_top(look, marks, i) && !has_stranger(look, marks, i);
		make_private(look, marks, i, is_whole);
		look->has_strangers |= is_top(look, marks, i) && has_stranger(look, marks, i);
	}
}

/*
 * Where nobody's mount hangs on a copy, the tops go with all that is on them. Else what is on them
 * goes, the deepest first, and the tops are left to the kernel: where one has been there may be
 * somebody's mount in its place by then, and the unmounting of a top goes to all the others.
 */
static void take_off(struct look *look, struct marks *marks, uint32_t i)
{
	uint32_t up = look->own.tree.v[i].parent;
	bool is_inner = !is_top(look, marks, i);

	if (!marks->is_copy[i] || is_inner != look->has_strangers)
		return;
	if (is_inner ? marks->carries[i] || look->own.table.v[up].group
		     : passes_on(look, marks, i, true))
		return;
	if (apply_umount(&look->own, i, NULL) < 0)
		return;
	look->moved_on = true;
	if (is_inner)
		marks->carries[up]--;
}

static int cut_off(struct look *look, struct err *err)
{
	struct marks marks = mark(look);

	make_all_private(look, &marks);
	for (uint32_t i = 0; look->ns == 0 && i < look->own.table.n; i++)
		look->passes_on |= passes_on(look, &marks, i, false);
	marks_done(&marks);
	return 0;
}

static int take_apart(struct look *look, struct err *err)
{
	const struct mnt_tree *tree = &look->own.tree;
	AUTO_FREE uint32_t *order = xcalloc(look->own.table.n + 1, sizeof(*order));
	struct marks marks = mark(look);
	size_t n = 0;

	for (uint32_t i = tree->first; i != MAP_NONE; i = mnt_tree_next(tree, i))
		order[n++] = i;
	while (n > 0)
		take_off(look, &marks, order[--n]);
	marks_done(&marks);
	return 0;
}

int spread_undo(struct undo *undo, const struct undo_step *step, struct err *err)
{
	struct look look = {.undo = undo, .undone = step, .moved_on = true};
	int rc = 0;

	while (rc == 0 && look.moved_on) {
		look.moved_on = look.passes_on = look.has_strangers = false;
		rc = in_each(&look, cut_off, err);
		if (rc == 0)
			rc = in_each(&look, take_apart, err);
	}
	if (rc < 0 && err && !err->msg)
		err_set(err, -rc, "enter a namespace in which a copy arrived");
	if (rc == 0 && look.passes_on)
		rc = err_say(err, EBUSY,
			     "the tree is covered, and unmounting it would unmount others as well");
	return rc;
}
