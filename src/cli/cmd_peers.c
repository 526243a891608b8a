// SPDX-License-Identifier: Apache-2.0
/* peers: who shares mounts with whom, across all namespaces. */
#include "base/mem.h"
#include "cli/cmds.h"
#include "cli/pick.h"
#include "mnt/group_rows.h"

#include <errno.h>

struct peers_args {
	struct see_args see; /* first: SEE_OPTIONS and TABLE_OPTIONS fill it */
	const char *ns;
};

static int set_ns(void *ctx, const struct option *option, const char *value, struct err *err)
{
	((struct peers_args *)ctx)->ns = value;
	return 0;
}

static const struct option peers_options[] = {
	SEE_OPTIONS,
	{"namespace", 'N', NULL, "NS", 0, NULL, NULL,
	 "PATH is meant in this mount namespace, not in the caller's own", set_ns, 0},
	TABLE_OPTIONS,
	{0},
};

enum {
	WHAT,
	KIND,
	NAMESPACE,
	ROOT,
	NOTE,
	GROUP,
	MASTER,
	NS,
	PATH,
	ID,
	SOURCE,
	FSTYPE,
	FLOW,
	ARRIVES
};
static const struct view_column peers_columns[] = {
	[WHAT] = {"WHAT", VIEW_TREE | VIEW_CUT,
		  "shared:N for a group; for a mount, its path in its namespace"},
	[KIND] = {"KIND", 0, "group, peer, slave (of the group, and in none itself) or private"},
	[NAMESPACE] = {"NAMESPACE", VIEW_CUT, "of a mount: a name for its namespace"},
	[ROOT] = {"ROOT", VIEW_CUT, "the directory of the file system that is mounted there"},
	[NOTE] = {"NOTE", VIEW_CUT, "what is special about it"},
	[GROUP] = {"GROUP", VIEW_RIGHT | VIEW_EXTRA, "the peer group's number"},
	[MASTER] = {"MASTER", VIEW_RIGHT | VIEW_EXTRA, "the group that it receives from"},
	[NS] = {"NS", VIEW_RIGHT | VIEW_EXTRA, "the namespace's inode number"},
	[PATH] = {"PATH", VIEW_EXTRA, "the mount's path in its namespace"},
	[ID] = {"ID", VIEW_RIGHT | VIEW_EXTRA, "the mount's id"},
	[SOURCE] = {"SOURCE", VIEW_EXTRA, "the mount's source"},
	[FSTYPE] = {"FSTYPE", VIEW_EXTRA, "the file system's type"},
	[FLOW] = {"FLOW", VIEW_EXTRA,
		  "above: what is asked for receives from here; below: it is that, or receives "
		  "from it"},
	[ARRIVES] = {"ARRIVES", VIEW_EXTRA,
		     "where a mount made at the path that is asked for would appear; shown when a "
		     "mount is asked for"},
	{0},
};

struct peers {
	const struct mnt_world *world;
	const struct mnt_groups *groups;
	struct mnt_group_rows rows;
	struct pick asked;
	bool is_asked;
	struct buf dir; /* of a mount that is asked for: the directory of its path */
	char **labels;	/* of namespaces, made when they are needed */
};

static void number(struct buf *out, uint64_t n)
{
	if (n)
		buf_addf(out, "%llu", (unsigned long long)n);
}

static bool is_asked(const struct peers *p, const struct mnt_group_row *row)
{
	const struct pick *asked = &p->asked;

	if (!p->is_asked)
		return false;
	if (row->kind == MNT_ROW_GROUP)
		return asked->group == row->group;
	return asked->group == MAP_NONE && asked->ref.ns == row->ref.ns &&
	       asked->ref.mount == row->ref.mount;
}

static void note(const struct peers *p, const struct mnt_group_row *row, struct buf *out)
{
	if (is_asked(p, row))
		buf_adds(out, row->kind == MNT_ROW_PRIVATE
				      ? "asked for; it neither receives mounts nor passes them on"
				      : "asked for");
	if (row->kind != MNT_ROW_GROUP)
		return;
	const struct mnt_group *group = &p->groups->v[row->group];
	if (!group->n_members)
		buf_addf(out,
			 "%sno member is visible: it may live in a detached tree or in a namespace "
			 "that cannot be seen",
			 out->len ? "; " : "");
	if (group->far)
		buf_addf(out, "%sgroups out of sight may stand above it", out->len ? "; " : "");
}

static void group_cell(const struct peers *p, const struct mnt_group_row *row, size_t column,
		       struct buf *out)
{
	const struct mnt_group *group = &p->groups->v[row->group];

	switch (column) {
	case WHAT:
		return buf_addf(out, "shared:%u", group->id);
	case GROUP:
		return number(out, group->id);
	case MASTER:
		return group->master == MAP_NONE ? (void)0
						 : number(out, p->groups->v[group->master].id);
	default:
		return;
	}
}

static void mount_cell(const struct peers *p, const struct mnt_group_row *row, size_t column,
		       struct buf *out)
{
	const struct mnt *mnt = mnt_ref_get(p->world, row->ref);

	switch (column) {
	case WHAT:
	case PATH:
		return buf_adds(out, mnt->target);
	case NAMESPACE:
		if (!p->labels[row->ref.ns])
			p->labels[row->ref.ns] = mnt_ns_label(p->world, row->ref.ns);
		return buf_adds(out, p->labels[row->ref.ns]);
	case ROOT:
		return buf_adds(out, mnt->root);
	case GROUP:
		return number(out, mnt->group);
	case MASTER:
		return number(out, mnt->master);
	case NS:
		return number(out, p->world->ns[row->ref.ns].inode);
	case ID:
		return number(out, mnt->id);
	case SOURCE:
		return buf_adds(out, mnt->source);
	default:
		return buf_adds(out, mnt->fstype);
	}
}

/* Rows that are not above receive from what is asked for: only directories are in question. */
static void arrives_cell(const struct peers *p, const struct mnt_group_row *row, struct buf *out)
{
	AUTO(buf) struct buf path = {0};

	if (!p->dir.data || row->above || row->kind == MNT_ROW_GROUP || is_asked(p, row))
		return;
	const struct mnt *from = mnt_ref_get(p->world, p->asked.ref);
	if (mnt_arrives(from, p->dir.data, mnt_ref_get(p->world, row->ref), &path))
		buf_adds(out, path.data);
}

static void cell(const void *ctx, size_t i, size_t column, struct buf *out)
{
	static const char *const kinds[] = {"group", "peer", "slave", "private"};
	const struct peers *p = ctx;
	const struct mnt_group_row *row = &p->rows.v[i];

	if (column == KIND)
		buf_adds(out, kinds[row->kind]);
	else if (column == NOTE)
		note(p, row, out);
	else if (column == FLOW)
		buf_adds(out, row->above ? "above" : "below");
	else if (column == ARRIVES)
		arrives_cell(p, row, out);
	else if (row->kind == MNT_ROW_GROUP)
		group_cell(p, row, column, out);
	else
		mount_cell(p, row, column, out);
}

static size_t depth(const void *ctx, size_t row)
{
	return ((const struct peers *)ctx)->rows.v[row].depth;
}

static int choose(struct peers *p, const struct peers_args *args, const char *word, struct err *err)
{
	if (!word) {
		mnt_group_rows_all(&p->rows, p->groups);
		return 0;
	}
	int rc = pick_read(&args->see, p->world, p->groups, args->ns, word, &p->asked, err);
	if (rc < 0)
		return rc;
	p->is_asked = true;
	if (p->asked.group != MAP_NONE) {
		mnt_group_rows_of(&p->rows, p->groups, p->asked.group);
		return 0;
	}
	mnt_group_rows_mount(&p->rows, p->groups, p->world, p->asked.ref);
	mnt_dir_of(mnt_ref_get(p->world, p->asked.ref), p->asked.path, &p->dir);
	return 0;
}

static int show(const struct peers_args *args, const struct mnt_world *world, const char *word,
		struct err *err)
{
	AUTO(mnt_groups) struct mnt_groups groups;
	struct peers p = {.world = world, .groups = &groups};
	int status = EXIT_FAILED;

	mnt_groups_init(&groups, world);
	p.labels = xcalloc(world->n_ns + 1, sizeof(*p.labels));
	if (choose(&p, args, word, err) == 0) {
		struct view_table table = {"peers", peers_columns, p.rows.n, &p, cell, depth};
		struct view_format format = args->see.format;
		if (!format.columns && p.dir.data)
			format.columns = "+ARRIVES";
		status = table_print(&table, &format, err);
	}
	for (uint32_t i = 0; i < world->n_ns; i++)
		free(p.labels[i]);
	free(p.labels);
	mnt_group_rows_done(&p.rows);
	pick_done(&p.asked);
	buf_done(&p.dir);
	return status;
}

static int cmd_peers(const struct command *self, char **argv, struct err *err)
{
	struct peers_args args = {0};
	struct mnt_world world;
	int n = options_gather(self->options, &args, argv, err);

	if (n < 0)
		return EXIT_USAGE;
	if (n > 1)
		return err_say(err, EINVAL, "'%s': expected one path, group or mount id", argv[1]),
		       EXIT_USAGE;
	if (see_world(&args.see, SCAN_TABLES, &world, err) < 0)
		return EXIT_FAILED;
	int status = show(&args, &world, argv[0], err);
	mnt_world_done(&world);
	return status;
}

const struct command command_peers = {
	.name = "peers",
	.usage = "mntns peers [OPTIONS] [PATH|GROUP|id:MOUNT-ID]",
	.summary = "show which mounts pass mounts on to which, in all namespaces",
	.manual = "mntns-peers(1)",
	.words = "file",
	.options = peers_options,
	.run = cmd_peers,
	.columns = peers_columns,
	.mixed = true,
};
