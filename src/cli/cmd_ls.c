// SPDX-License-Identifier: Apache-2.0
/* ls: the mount namespaces of the machine, and what holds them. */
#include "base/mem.h"
#include "cli/cmds.h"
#include "cli/see.h"

#include <errno.h>

static const struct option ls_options[] = {SEE_OPTIONS, TABLE_OPTIONS, {0}};

enum {
	NS,
	PROCS,
	PID,
	MOUNTS,
	NAME,
	COMMAND,
	HELD,
	ID,
	USERNS,
	UNIT,
	ENGINE,
	CONTAINER,
	POD,
	GAP
};
static const struct view_column ls_columns[] = {
	[NS] = {"NS", VIEW_RIGHT, "the namespace: its inode number, as in mnt:[NS]"},
	[PROCS] = {"PROCS", VIEW_RIGHT, "how many processes it has; and threads that entered it"},
	[PID] = {"PID", VIEW_RIGHT, "of the first of them"},
	[MOUNTS] = {"MOUNTS", VIEW_RIGHT, "how many mounts it has"},
	[NAME] = {"NAME", VIEW_CUT, "the name of its pin, else its container's, else its unit"},
	[COMMAND] = {"COMMAND", VIEW_CUT, "of the first process"},
	[HELD] = {"HELD", VIEW_CUT, "what keeps it: processes, pins, descriptors"},
	[ID] = {"ID", VIEW_RIGHT | VIEW_EXTRA, "its 64-bit id, never used again (Linux 6.11)"},
	[USERNS] = {"USERNS", VIEW_RIGHT | VIEW_EXTRA, "the user namespace that owns it"},
	[UNIT] = {"UNIT", VIEW_EXTRA, "the first process's systemd unit"},
	[ENGINE] = {"ENGINE", VIEW_EXTRA, "the container engine, from the cgroup"},
	[CONTAINER] = {"CONTAINER", VIEW_EXTRA, "the container's id or name"},
	[POD] = {"POD", VIEW_EXTRA, "the Kubernetes pod's UID"},
	[GAP] = {"GAP", VIEW_EXTRA, "why its table cannot be read"},
	{0},
};

static void number(struct buf *out, uint64_t n)
{
	if (n)
		buf_addf(out, "%llu", (unsigned long long)n);
}

static void text(struct buf *out, const char *s)
{
	if (s)
		buf_adds(out, s);
}

static void name(const struct mnt_ns *ns, const struct mnt_proc *first, struct buf *out)
{
	if (ns->name)
		buf_adds(out, ns->name);
	else if (first->container)
		buf_addf(out, "%s%s%.12s", first->engine ? first->engine : "",
			 first->engine ? ":" : "", first->container);
	else
		text(out, first->unit);
}

static void cell(const void *ctx, size_t row, size_t column, struct buf *out)
{
	static const struct mnt_proc nobody;
	const struct mnt_world *world = ctx;
	const struct mnt_ns *ns = &world->ns[row];
	const struct mnt_proc *first = ns->n_procs ? &world->procs[ns->procs[0]] : &nobody;

	switch (column) {
	case NS:
		return number(out, ns->inode);
	case PROCS:
		return buf_addf(out, "%u", ns->n_procs);
	case PID:
		return number(out, (uint64_t)first->tid);
	case MOUNTS:
		return number(out, ns->n_mounts);
	case NAME:
		return name(ns, first, out);
	case COMMAND:
		return text(out, first->command);
	case HELD:
		return mnt_ns_print_holds(world, (uint32_t)row, out);
	case ID:
		return number(out, ns->id);
	case USERNS:
		return number(out, ns->owner);
	case UNIT:
		return text(out, first->unit);
	case ENGINE:
		return text(out, first->engine);
	case CONTAINER:
		return text(out, first->container);
	case POD:
		return text(out, first->pod);
	default:
		return text(out, ns->gap);
	}
}

static int cmd_ls(const struct command *self, char **argv, struct err *err)
{
	struct see_args args = {0};
	struct mnt_world world;
	int n = options_gather(self->options, &args, argv, err);

	if (n < 0)
		return EXIT_USAGE;
	if (n)
		return err_say(err, EINVAL, "'%s': expected no argument", argv[0]), EXIT_USAGE;
	if (see_world(&args, 0, &world, err) < 0)
		return EXIT_FAILED;
	struct view_table table = {"namespaces", ls_columns, world.n_ns, &world, cell};
	int status = table_print(&table, &args.format, err);
	mnt_world_done(&world);
	return status;
}

const struct command command_ls = {
	.name = "ls",
	.usage = "mntns ls [OPTIONS]",
	.summary = "list the mount namespaces of the machine, and what holds them",
	.manual = "mntns-ls(1)",
	.options = ls_options,
	.run = cmd_ls,
	.columns = ls_columns,
	.mixed = true,
};
