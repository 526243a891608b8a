// SPDX-License-Identifier: Apache-2.0
/* leaks: mounts whose owner is gone, and their release. */
#include "base/mem.h"
#include "cli/cmds.h"
#include "cli/release.h"
#include "mnt/leak.h"
#include "read/alive.h"

#include <errno.h>
#include <stdio.h>

static const struct option leaks_options[] = {
	RELEASE_OPTION("release", 0, "Release", release, "unmount all of them, after a question"),
	RELEASE_OPTION("yes", 'y', NULL, yes, "do not ask"),
	RELEASE_OPTION("dry-run", 0, NULL, dry_run, "only show"),
	SEE_OPTIONS,
	TABLE_OPTIONS,
	{0},
};

enum {
	KIND,
	OWNER,
	NS,
	NAME,
	TARGET,
	EVIDENCE,
	RELEASE,
	ENGINE,
	FSTYPE,
	SOURCE,
	ID
};
static const struct view_column leaks_columns[] = {
	[KIND] = {"KIND", 0,
		  "what the owner was: pod, container, container root, unit, user, snap, netns; or "
		  "directory (a mount of a removed one), namespace (nothing in sight keeps it)"},
	[OWNER] = {"OWNER", VIEW_CUT, "its name or id, from the path"},
	[NS] = {"NS", VIEW_RIGHT, "the mount namespace: its inode number, as in mnt:[NS]"},
	[NAME] = {"NAME", VIEW_CUT, "whose namespace it is"},
	[TARGET] = {"TARGET", VIEW_CUT, "the mount point there"},
	[EVIDENCE] = {"EVIDENCE", VIEW_CUT, "why the owner is taken to be gone"},
	[RELEASE] = {"RELEASE", 0, "the command that unmounts it"},
	[ENGINE] = {"ENGINE", VIEW_EXTRA, "who made it, as the path says"},
	[FSTYPE] = {"FSTYPE", VIEW_EXTRA, "the type of the file system"},
	[SOURCE] = {"SOURCE", VIEW_EXTRA, "its source"},
	[ID] = {"ID", VIEW_RIGHT | VIEW_EXTRA, "the mount's id"},
	{0},
};

struct answer {
	const struct mnt_world *world;
	const struct mnt_leaks *leaks;
};

static void text(struct buf *out, const char *s)
{
	if (s)
		buf_adds(out, s);
}

static void print_name(const struct mnt_world *world, uint32_t ns, struct buf *out)
{
	AUTO_FREE char *label = mnt_ns_label(world, ns);

	buf_adds(out, label);
}

static void print_release(const struct mnt_world *world, const struct mnt_leak *leak,
			  struct buf *out)
{
	if (leak->mount != MAP_NONE)
		mnt_print_umount(world, leak->ns, &world->ns[leak->ns].table.v[leak->mount], out);
}

static void of_mount(const struct mnt *mnt, size_t column, struct buf *out)
{
	switch (column) {
	case TARGET:
		return buf_adds(out, mnt->target);
	case FSTYPE:
		return buf_adds(out, mnt->fstype);
	case SOURCE:
		return buf_adds(out, mnt->source);
	default:
		return buf_addf(out, "%u", mnt->id);
	}
}

static void cell(const void *ctx, size_t i, size_t column, struct buf *out)
{
	const struct answer *answer = ctx;
	const struct mnt_world *world = answer->world;
	const struct mnt_leak *leak = &answer->leaks->v[i];

	switch (column) {
	case KIND:
		return buf_adds(out, mnt_leak_words[leak->kind]);
	case OWNER:
		return text(out, leak->owner);
	case NS:
		return world->ns[leak->ns].inode
			       ? buf_addf(out, "%llu",
					  (unsigned long long)world->ns[leak->ns].inode)
			       : (void)0;
	case NAME:
		return print_name(world, leak->ns, out);
	case EVIDENCE:
		return buf_adds(out, leak->evidence);
	case RELEASE:
		return print_release(world, leak, out);
	case ENGINE:
		return text(out, leak->engine);
	default:
		return leak->mount != MAP_NONE
			       ? of_mount(&world->ns[leak->ns].table.v[leak->mount], column, out)
			       : (void)0;
	}
}

static int release(const struct release_args *args, const struct mnt_world *world,
		   const struct mnt_leaks *leaks, struct err *err)
{
	AUTO(mnt_who) struct mnt_who rows = {0};
	int answer = release_ask(args, err);

	if (answer < 0)
		return EXIT_FAILED;
	if (answer == 0)
		return err_say(err, ECANCELED, "nothing was released"), EXIT_FAILED;
	mnt_leaks_rows(world, leaks, &rows);
	mnt_who_order(&rows);
	size_t kept = release_rows(world, &rows, false);
	if (kept)
		return err_say(err, EBUSY,
			       "%zu of %zu mounts could not be released; mntns who --mount id:ID "
			       "tells who uses one",
			       kept, rows.n),
		       EXIT_FAILED;
	return EXIT_OK;
}

/* Signs of life that are not in sight. */
static int tell_unknown(const struct release_args *args, const struct mnt_world *world,
			struct err *err)
{
	if (args->see.from && !world->n_procs)
		fprintf(stderr, "mntns: whose mounts these are is not known: the file has no "
				"processes; only removed directories are shown\n");
	else if (args->see.from)
		fprintf(stderr, "mntns: whether owners have cgroups or a state in /run is not "
				"known: the file does not say it\n");
	else if (!alive_sees_all())
		fprintf(stderr, "mntns: not all processes of the machine are in sight: what seems "
				"to have no owner may have one\n");
	else
		return 0;
	return args->release ? err_say(err, EPERM,
				       "--release: wants all processes of the machine in sight: "
				       "the initial PID namespace, a /proc without hidepid")
			     : 0;
}

static bool is_elsewhere(void *ctx, const struct mnt_leak *leak, const char **ret_evidence)
{
	return leak->ns != *(const uint32_t *)ctx;
}

/* name: of the namespace that is asked about; NULL: all. */
static int answer(const struct release_args *args, const char *name, struct mnt_world *world,
		  struct err *err)
{
	AUTO(mnt_leaks) struct mnt_leaks leaks = {0};
	uint32_t ns;

	if ((name && see_find(world, name, &ns, err) < 0) || tell_unknown(args, world, err) < 0)
		return EXIT_FAILED;
	mnt_leaks_find(world, &leaks);
	if (name)
		mnt_leaks_filter(&leaks, is_elsewhere, &ns);
	if (!args->see.from)
		alive_filter(world, &leaks);
	struct answer ctx = {world, &leaks};
	struct view_table table = {"leaks", leaks_columns, leaks.n, &ctx, cell};
	int status = table_print(&table, &args->see.format, err);
	if (status || !leaks.n || !args->release || args->dry_run)
		return status;
	return release(args, world, &leaks, err);
}

static int cmd_leaks(const struct command *self, char **argv, struct err *err)
{
	struct release_args args = {0};
	struct mnt_world world;
	int n = options_gather(self->options, &args, argv, err);

	if (n < 0 || release_check(&args, err) < 0)
		return EXIT_USAGE;
	if (n > 1)
		return err_say(err, EINVAL, "'%s': expected one namespace, or none for all",
			       argv[1]),
		       EXIT_USAGE;
	if (see_world(&args.see, SCAN_TABLES | SCAN_USES, &world, err) < 0)
		return EXIT_FAILED;
	int status = answer(&args, argv[0], &world, err);
	mnt_world_done(&world);
	return status;
}

const struct command command_leaks = {
	.name = "leaks",
	.usage = "mntns leaks [OPTIONS] [NS]",
	.summary = "list mounts whose owner is gone, and unmount them",
	.manual = "mntns-leaks(1)",
	.options = leaks_options,
	.run = cmd_leaks,
	.columns = leaks_columns,
	.mixed = true,
};
