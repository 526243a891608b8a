// SPDX-License-Identifier: Apache-2.0
/* tree: the mounts of one namespace, as they hang on each other. */
#include "base/mem.h"
#include "cli/cmds.h"
#include "cli/mount_columns.h"
#include "cli/see.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

struct tree_args {
	struct see_args see; /* first: SEE_OPTIONS and TABLE_OPTIONS fill it */
	bool list;
	char *ns, *path;
};

static const struct option tree_options[] = {
	SEE_OPTIONS,
	{"list", 'l', NULL, NULL, 0, NULL, NULL, "no tree: in the kernel's order", option_set_flag,
	 offsetof(struct tree_args, list)},
	TABLE_OPTIONS,
	{0},
};

static bool is_own(const struct tree_args *args)
{
	return !args->see.from && (!args->ns || !strcmp(args->ns, "self"));
}

/* The mounts to show, in their order. */
struct rows {
	struct mount_rows mounts;
	uint32_t *v;
	size_t n;
	size_t top; /* depth of the first one */
};

static void cell(const void *ctx, size_t row, size_t column, struct buf *out)
{
	const struct rows *rows = ctx;

	mount_cell(&rows->mounts, rows->v[row], column, out);
}

static size_t depth(const void *ctx, size_t row)
{
	const struct rows *rows = ctx;

	return rows->mounts.tree->v[rows->v[row]].depth - rows->top;
}

/* From `first` on, all that hang on it; everything if it is MAP_NONE. */
static void select_rows(struct rows *rows, uint32_t first, bool list)
{
	const struct mnt_tree *tree = rows->mounts.tree;
	uint32_t end = first == MAP_NONE ? MAP_NONE : mnt_tree_skip(tree, first);
	uint32_t i = first == MAP_NONE ? tree->first : first;

	rows->v = xcalloc(rows->mounts.table->n + 1, sizeof(*rows->v));
	rows->top = i == MAP_NONE ? 0 : tree->v[i].depth;
	if (list && first == MAP_NONE) {
		for (; rows->n < rows->mounts.table->n; rows->n++)
			rows->v[rows->n] = (uint32_t)rows->n;
		return;
	}
	for (; i != end; i = mnt_tree_next(tree, i))
		rows->v[rows->n++] = i;
}

/* Where the caller itself stands the kernel knows best: it follows symbolic links. */
static int find_own(const char *path, const struct mnt_tree *tree, uint32_t *ret, struct err *err)
{
	struct statx stx;

	if (statx(AT_FDCWD, path, AT_NO_AUTOMOUNT, STATX_MNT_ID, &stx) < 0)
		return err_set(err, errno, "%s", path);
	*ret = stx.stx_mask & STATX_MNT_ID ? map_get(&tree->ids, stx.stx_mnt_id) : MAP_NONE;
	if (*ret == MAP_NONE)
		return err_say(err, ENOENT, "%s: no mount of this namespace has it", path);
	return 0;
}

static int find(const struct tree_args *args, const struct mnt_tree *tree,
		const struct mnt_table *table, uint32_t *ret, struct err *err)
{
	*ret = MAP_NONE;
	if (!args->path)
		return 0;
	if (is_own(args))
		return find_own(args->path, tree, ret, err);
	*ret = mnt_tree_find(tree, table, args->path);
	if (*ret == MAP_NONE)
		return err_say(err, ENOENT, "%s: no mount of this namespace has it", args->path);
	return 0;
}

/*
 * What came into the namespace of another user namespace with its making is locked: the caller's
 * own table tells what that was.
 */
static bool *find_locked(const struct tree_args *args, const struct mnt_ns *ns)
{
	struct mnt_world world;
	uint32_t self;
	bool *locked = NULL;

	if (args->see.from || is_own(args) || !ns->owner ||
	    see_one(&args->see, "self", &world, &self, NULL) < 0)
		return NULL;
	const struct mnt_ns *own = &world.ns[self];
	if (own->owner && own->owner != ns->owner) {
		locked = xcalloc(ns->table.n + 1, sizeof(*locked));
		mnt_find_inherited(&ns->table, &own->table, locked);
	}
	mnt_world_done(&world);
	return locked;
}

static int show(const struct tree_args *args, const struct mnt_ns *ns, struct err *err)
{
	const struct mnt_table *table = &ns->table;
	struct mnt_tree tree;
	struct rows rows = {.mounts = {table, &tree, NULL, NULL}};
	int status = EXIT_FAILED;
	uint32_t first;

	if (mnt_tree_init(&tree, table, err) < 0)
		return EXIT_FAILED;
	if (find(args, &tree, table, &first, err) == 0) {
		bool *uniform = mnt_tree_uniform(&tree, table);
		AUTO_FREE bool *locked = find_locked(args, ns);
		rows.mounts.uniform = uniform;
		rows.mounts.locked = locked;
		select_rows(&rows, first, args->list);
		struct view_table view = {"filesystems", mount_columns, rows.n,
					  &rows,	 cell,		args->list ? NULL : depth};
		status = table_print(&view, &args->see.format, err);
		free(uniform);
		free(rows.v);
	}
	mnt_tree_done(&tree);
	return status;
}

/* A path is told from the name of a namespace by what is there: an nsfs file, or a snapshot. */
static bool is_place(const char *word)
{
	struct stat st;

	return *word == '/' && (stat(word, &st) < 0 || !S_ISREG(st.st_mode));
}

static int arguments(struct tree_args *args, char **argv, struct err *err)
{
	if (argv[0] && (argv[1] || !is_place(argv[0])))
		args->ns = *argv++;
	if (argv[0])
		args->path = *argv++;
	if (argv[0])
		return err_say(err, EINVAL, "'%s': expected a namespace and a path", argv[0]);
	if (args->path && *args->path != '/')
		return err_say(err, EINVAL, "'%s': expected an absolute path, that begins with /",
			       args->path);
	return 0;
}

static int cmd_tree(const struct command *self, char **argv, struct err *err)
{
	struct tree_args args = {0};
	struct mnt_world world;
	uint32_t ns;

	if (options_gather(self->options, &args, argv, err) < 0 || arguments(&args, argv, err) < 0)
		return EXIT_USAGE;
	if (see_one(&args.see, args.ns, &world, &ns, err) < 0)
		return EXIT_FAILED;
	int status = show(&args, &world.ns[ns], err);
	mnt_world_done(&world);
	return status;
}

const struct command command_tree = {
	.name = "tree",
	.usage = "mntns tree [OPTIONS] [NS] [PATH]",
	.summary = "show the mounts of a namespace as they hang on each other",
	.manual = "mntns-tree(1)",
	.words = "self host",
	.options = tree_options,
	.run = cmd_tree,
	.columns = mount_columns,
	.mixed = true,
};
