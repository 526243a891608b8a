// SPDX-License-Identifier: Apache-2.0
/* who: everything that keeps a file system busy, and its release. */
#include "base/mem.h"
#include "cli/cmds.h"
#include "cli/release.h"
#include "cli/who.h"
#include "read/maps.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct who_args {
	struct release_args release; /* first */
	bool only;
};

static const struct option who_options[] = {
	{"mount", 0, NULL, NULL, 0, NULL, "Question", "this mount alone, not its file system",
	 option_set_flag, offsetof(struct who_args, only)},
	RELEASE_OPTION("release", 0, "Release", release, "let go of all of it, after a question"),
	RELEASE_OPTION("yes", 'y', NULL, yes, "do not ask"),
	RELEASE_OPTION("kill", 0, NULL, kill, "kill processes that do not end within 5 seconds"),
	RELEASE_OPTION("dry-run", 0, NULL, dry_run,
		       "only show, in the order in which it would be released"),
	SEE_OPTIONS,
	TABLE_OPTIONS,
	{0},
};

enum {
	KIND,
	PID,
	COMMAND,
	UNIT,
	CONTAINER,
	NS,
	PATH,
	REASON,
	RELEASE,
	ENGINE,
	POD,
	USER,
	ID
};
static const struct view_column who_columns[] = {
	[KIND] = {"KIND", 0,
		  "mount, overlay, above (a mount on top), pin, ns (a descriptor of a namespace), "
		  "kernel, fd, cwd, root, exe, map, loop, stack, swap"},
	[PID] = {"PID", VIEW_RIGHT, "the process; of a mount the first of its namespace"},
	[COMMAND] = {"COMMAND", VIEW_CUT, "and its command"},
	[UNIT] = {"UNIT", VIEW_CUT, "its systemd unit"},
	[CONTAINER] = {"CONTAINER", VIEW_CUT, "its container's id or name"},
	[NS] = {"NS", VIEW_RIGHT, "the mount namespace: its inode number, as in mnt:[NS]"},
	[PATH] = {"PATH", VIEW_CUT, "where: as it is called there"},
	[REASON] = {"REASON", VIEW_CUT, "why it keeps it busy"},
	[RELEASE] = {"RELEASE", 0, "the command that lets go"},
	[ENGINE] = {"ENGINE", VIEW_EXTRA, "the container engine, from the cgroup"},
	[POD] = {"POD", VIEW_EXTRA, "the Kubernetes pod's UID"},
	[USER] = {"UID", VIEW_RIGHT | VIEW_EXTRA, "the process's user"},
	[ID] = {"ID", VIEW_RIGHT | VIEW_EXTRA, "the mount's id"},
	{0},
};

struct answer {
	const struct mnt_world *world;
	const struct mnt_who *who;
};

static void text(struct buf *out, const char *s)
{
	if (s)
		buf_adds(out, s);
}

static void of_process(const struct mnt_proc *proc, size_t column, struct buf *out)
{
	switch (column) {
	case PID:
		return buf_addf(out, "%d", proc->tid);
	case COMMAND:
		return text(out, proc->command);
	case UNIT:
		return text(out, proc->unit);
	case CONTAINER:
		return text(out, proc->container);
	case ENGINE:
		return text(out, proc->engine);
	case POD:
		return text(out, proc->pod);
	default:
		return buf_addf(out, "%u", proc->uid);
	}
}

static void print_id(const struct mnt_world *world, const struct mnt_who_row *row, struct buf *out)
{
	uint32_t id = row->mount != MAP_NONE ? world->ns[row->ns].table.v[row->mount].id
		      : row->use != MAP_NONE ? world->uses[row->use].mount
					     : 0;

	if (id)
		buf_addf(out, "%u", id);
}

static void cell(const void *ctx, size_t i, size_t column, struct buf *out)
{
	const struct answer *answer = ctx;
	const struct mnt_world *world = answer->world;
	const struct mnt_who_row *row = &answer->who->v[i];

	switch (column) {
	case KIND:
		return buf_adds(out, mnt_who_words[row->kind]);
	case NS:
		return row->ns != MAP_NONE && world->ns[row->ns].inode
			       ? buf_addf(out, "%llu", (unsigned long long)world->ns[row->ns].inode)
			       : (void)0;
	case PATH:
		return mnt_who_print_path(world, answer->who, row, out);
	case REASON:
		return mnt_who_print_reason(world, answer->who, row, out);
	case RELEASE:
		return mnt_who_print_release(world, row, out);
	case ID:
		return print_id(world, row, out);
	default:
		return row->proc != MAP_NONE ? of_process(&world->procs[row->proc], column, out)
					     : (void)0;
	}
}

/* Memory maps are read for what was found only. */
static void find_live(struct mnt_world *world, const struct mnt_subject *subject,
		      struct mnt_who *ret)
{
	struct mnt_who_search *search = mnt_who_begin(world, subject);

	maps_scan(world, mnt_who_devices(search));
	mnt_who_end(search, ret);
	for (size_t i = 0; i < ret->n; i++)
		if (ret->v[i].use != MAP_NONE)
			scan_path(world, ret->v[i].use);
	mnt_who_tidy(world, ret);
	release_spare(world, ret);
}

static void find(const struct who_args *args, struct mnt_world *world,
		 const struct mnt_subject *subject, struct mnt_who *ret)
{
	if (args->release.see.from)
		mnt_who_find(world, subject, ret);
	else
		find_live(world, subject, ret);
	if (args->release.release || args->release.dry_run)
		mnt_who_order(ret);
}

/* A device that has a number of its own is looked at once more: somebody may have come since. */
static size_t count_new(const struct mnt_subject *subject)
{
	struct mnt_world world;
	struct mnt_subject again;
	struct mnt_who who;
	size_t n = 0;

	if (subject->only || subject->block == MAP_NONE ||
	    scan_world(SCAN_TABLES | SCAN_USES | SCAN_BLOCKS, &world, NULL) < 0)
		return 0;
	if (mnt_subject_device(&world, subject->major, subject->minor, &again, NULL) == 0) {
		mnt_who_find(&world, &again, &who);
		n = who.n;
		mnt_who_done(&who);
	}
	mnt_world_done(&world);
	return n;
}

static int release(const struct who_args *args, const struct mnt_world *world,
		   const struct mnt_who *who, struct err *err)
{
	int answer = release_ask(&args->release, err);

	if (answer < 0)
		return EXIT_FAILED;
	if (answer == 0)
		return err_say(err, ECANCELED, "nothing was released"), EXIT_FAILED;
	size_t kept = release_rows(world, who, args->release.kill);
	if (kept)
		return err_say(err, EBUSY, "%zu of %zu could not be released", kept, who->n),
		       EXIT_FAILED;
	size_t n = count_new(&who->subject);
	if (n)
		return err_say(err, EBUSY, "all of this was released, but %zu more came meanwhile",
			       n),
		       EXIT_FAILED;
	return EXIT_OK;
}

static int answer(const struct who_args *args, const char *word, struct mnt_world *world,
		  struct err *err)
{
	struct mnt_subject subject;
	AUTO(mnt_who) struct mnt_who who = {0};
	int rc = args->release.see.from ? mnt_subject_parse(world, word, &subject, err)
					: who_live_subject(world, word, &subject, err);

	if (rc < 0)
		return EXIT_FAILED;
	if (args->only && subject.mount == MAP_NONE)
		return err_say(err, EINVAL,
			       "--mount: '%s' names no mount: give a path or id:NUMBER", word),
		       EXIT_USAGE;
	subject.only |= args->only;
	find(args, world, &subject, &who);
	if (args->release.release && who_may_release(world, word, &who, err) < 0)
		return EXIT_FAILED;
	struct answer ctx = {world, &who};
	struct view_table table = {"who", who_columns, who.n, &ctx, cell};
	int status = table_print(&table, &args->release.see.format, err);
	if (status || !who.n)
		return status ? status : EXIT_FAILED;
	return args->release.release && !args->release.dry_run ? release(args, world, &who, err)
							       : EXIT_OK;
}

/* A copy of a mountinfo file tells nothing but mounts. */
static void tell_unknown(const struct who_args *args, const struct mnt_world *world)
{
	if (!args->release.see.from)
		return;
	if (!world->n_procs)
		fprintf(stderr, "mntns: what processes use is not known: the file has none\n");
	if (!world->n_blocks)
		fprintf(stderr, "mntns: what stands on which device is not known: the file has "
				"no devices\n");
}

static int cmd_who(const struct command *self, char **argv, struct err *err)
{
	struct who_args args = {0};
	struct mnt_world world;
	int n = options_gather(self->options, &args, argv, err);

	if (n < 0 || release_check(&args.release, err) < 0)
		return EXIT_USAGE;
	if (n != 1)
		return err_say(err, EINVAL,
			       "expected one argument: a path, a device, a source, or id:NUMBER"),
		       EXIT_USAGE;
	if (see_world(&args.release.see, SCAN_TABLES | SCAN_USES | SCAN_BLOCKS, &world, err) < 0)
		return EXIT_FAILED;
	tell_unknown(&args, &world);
	int status = answer(&args, argv[0], &world, err);
	mnt_world_done(&world);
	return status;
}

const struct command command_who = {
	.name = "who",
	.usage = "mntns who [OPTIONS] PATH|DEVICE|SOURCE|id:MOUNT",
	.summary = "show everything that keeps a file system or a mount busy, and let go of it",
	.manual = "mntns-who(1)",
	.words = "file",
	.options = who_options,
	.run = cmd_who,
	.columns = who_columns,
	.mixed = true,
};
