// SPDX-License-Identifier: Apache-2.0
/* diff: two namespaces compared. Trouble is 2, as with diff(1): 1 says that they differ. */
#include "cli/change_columns.h"
#include "cli/cmds.h"
#include "cli/see.h"
#include "mnt/diff.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

struct diff_args {
	struct see_args see;
	bool copy_ok;
};

static const struct option diff_options[] = {
	SEE_OPTIONS,
	{"copy-ok", 0, NULL, NULL, 0, NULL, "What counts",
	 "the second may be a copy that unshare(2) made of the first: private or slave, nothing "
	 "unbindable, no pins of mount namespaces",
	 option_set_flag, offsetof(struct diff_args, copy_ok)},
	TABLE_OPTIONS,
	{0},
};

/* One of the two. */
struct seen {
	struct mnt_world world;
	const struct mnt_ns *ns;
	struct mnt_tree tree;
};

/* A file is one also where --from says which file the names are from. */
static int look(const struct see_args *args, const char *name, struct seen *ret, struct err *err)
{
	struct see_args where = *args;
	struct stat st;
	uint32_t ns = 0;

	if (name && stat(name, &st) == 0 && S_ISREG(st.st_mode))
		where.from = NULL;
	int rc = see_one(&where, name, &ret->world, &ns, err);
	if (rc < 0)
		return rc;
	ret->ns = &ret->world.ns[ns];
	rc = mnt_tree_init(&ret->tree, &ret->ns->table, err);
	if (rc < 0) {
		mnt_world_done(&ret->world);
		return err_add(err, "%s", name ? name : args->from);
	}
	return 0;
}

static void forget(struct seen *seen)
{
	mnt_tree_done(&seen->tree);
	mnt_world_done(&seen->world);
}

/* A copy of a mountinfo file says neither which namespace nor which machine it is from. */
static bool same_machine(const struct seen *a, const struct seen *b)
{
	struct utsname here;

	if (!a->ns->inode || !b->ns->inode || uname(&here) < 0)
		return false;
	const char *host_a = a->world.host ? a->world.host : here.nodename;
	const char *host_b = b->world.host ? b->world.host : here.nodename;
	return !strcmp(host_a, host_b);
}

static int print(const struct diff_args *args, const struct seen *a, const struct seen *b,
		 struct err *err)
{
	struct changes changes = {&a->ns->table, &b->ns->table, &a->tree, &b->tree};
	unsigned flags = (args->copy_ok ? MNT_DIFF_COPY_OK : 0) |
			 (same_machine(a, b) ? MNT_DIFF_SAME_MACHINE : 0);
	struct mnt_diff diff;
	int status = EXIT_OK;

	mnt_diff(&a->ns->table, &a->tree, &b->ns->table, &b->tree, flags, &diff);
	changes_init(&changes, &diff);
	struct view_format format = args->see.format;
	/* Nothing to say, nothing said; but a script gets its list, and a wrong column its
	 * sentence. */
	format.no_headings |= !diff.n;
	struct view_table table = changes_table(&changes);
	if (table_print(&table, &format, err) != EXIT_OK)
		status = EXIT_USAGE;
	else if (diff.n)
		status = EXIT_FAILED;
	changes_done(&changes);
	mnt_diff_done(&diff);
	return status;
}

static int cmd_diff(const struct command *self, char **argv, struct err *err)
{
	struct diff_args args = {0};
	struct seen a, b;
	int n = options_gather(self->options, &args, argv, err);

	if (n < 0)
		return EXIT_USAGE;
	/* What --from names is the first of the two if there is only one more. */
	bool from_first = n == 1 && args.see.from;
	if (n != 2 && !from_first)
		return err_say(err, EINVAL, "expected two namespaces or files, got %d", n),
		       EXIT_USAGE;
	if (look(&args.see, from_first ? NULL : argv[0], &a, err) < 0)
		return EXIT_USAGE;
	args.see.from = from_first ? NULL : args.see.from;
	if (look(&args.see, argv[n - 1], &b, err) < 0) {
		forget(&a);
		return EXIT_USAGE;
	}
	int status = print(&args, &a, &b, err);
	forget(&a);
	forget(&b);
	return status;
}

const struct command command_diff = {
	.name = "diff",
	.usage = "mntns diff [OPTIONS] NAMESPACE|FILE NAMESPACE|FILE",
	.summary = "compare the mounts of two namespaces",
	.manual = "mntns-diff(1)",
	.words = "file",
	.options = diff_options,
	.run = cmd_diff,
	.columns = change_columns,
	.mixed = true,
};
