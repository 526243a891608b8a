// SPDX-License-Identifier: Apache-2.0
/* graph: a picture of namespaces, their trees and who passes mounts on to whom. */
#include "base/io.h"
#include "base/mem.h"
#include "cli/cmds.h"
#include "cli/pick.h"
#include "cli/text.h"
#include "view/graph.h"

#include <errno.h>

struct graph_args {
	struct see_args see; /* first: SEE_OPTIONS fill it */
	graph_print *print;
	const char *of;
};

static int set_format(void *ctx, const struct option *option, const char *value, struct err *err)
{
	graph_print *print = graph_format(value);

	if (!print)
		return err_say(err, EINVAL, "'%s': expected dot, html, mermaid or svg", value);
	((struct graph_args *)ctx)->print = print;
	return 0;
}

static int set_of(void *ctx, const struct option *option, const char *value, struct err *err)
{
	((struct graph_args *)ctx)->of = value;
	return 0;
}

static const struct option graph_options[] = {
	SEE_OPTIONS,
	{"of", 0, NULL, "MOUNT", 0, "file", NULL,
	 "only what is connected to this mount or group: a path in the caller's namespace, 12 or "
	 "shared:12, id:MOUNT-ID",
	 set_of, 0},
	{"format", 'f', NULL, "FORMAT", 0, "dot html mermaid svg", "Output",
	 "dot for Graphviz, html for a browser, mermaid for Markdown, or svg, the default",
	 set_format, 0},
	{0},
};

/* Those that are named, each once; else all. */
static int choose(const struct mnt_world *world, char **names, uint32_t *ret, uint32_t *ret_n,
		  struct err *err)
{
	AUTO_FREE bool *taken = xcalloc(world->n_ns + 1, sizeof(*taken));
	uint32_t n = 0;

	for (uint32_t i = 0; !*names && i < world->n_ns; i++)
		ret[n++] = i;
	for (; *names; names++) {
		uint32_t ns;
		if (see_find(world, *names, &ns, err) < 0)
			return -err->code;
		if (!taken[ns])
			ret[n++] = ns;
		taken[ns] = true;
	}
	*ret_n = n;
	return 0;
}

static int restrict_to(const struct graph_args *args, const struct mnt_world *world,
		       const struct mnt_groups *groups, struct mnt_group_rows *rows,
		       struct err *err)
{
	struct pick pick;
	int rc = pick_read(&args->see, world, groups, NULL, args->of, &pick, err);

	if (rc < 0)
		return err_add(err, "--of");
	if (pick.group != MAP_NONE)
		mnt_group_rows_of(rows, groups, pick.group);
	else
		mnt_group_rows_mount(rows, groups, world, pick.ref);
	pick_done(&pick);
	return 0;
}

static int draw(const struct graph_args *args, const struct mnt_world *world, char **names,
		struct err *err)
{
	AUTO(mnt_groups) struct mnt_groups groups;
	AUTO(mnt_group_rows) struct mnt_group_rows rows = {0};
	AUTO(graph) struct graph graph = {0};
	AUTO_FREE uint32_t *ns = xcalloc(world->n_ns + 1, sizeof(*ns));
	uint32_t n = 0;

	mnt_groups_init(&groups, world);
	if (choose(world, names, ns, &n, err) < 0)
		return EXIT_FAILED;
	if (args->of && restrict_to(args, world, &groups, &rows, err) < 0)
		return EXIT_FAILED;
	if (graph_init(&graph, world, &groups, ns, n, args->of ? &rows : NULL, err) < 0)
		return EXIT_FAILED;
	args->print(&graph, stdout);
	return io_flush_stdout(err) < 0 ? EXIT_FAILED : EXIT_OK;
}

static int cmd_graph(const struct command *self, char **argv, struct err *err)
{
	struct graph_args args = {.print = graph_print_svg};
	struct mnt_world world;

	if (options_gather(self->options, &args, argv, err) < 0)
		return EXIT_USAGE;
	if (see_world(&args.see, SCAN_TABLES, &world, err) < 0)
		return EXIT_FAILED;
	int status = draw(&args, &world, argv, err);
	mnt_world_done(&world);
	return status;
}

const struct command command_graph = {
	.name = "graph",
	.usage = "mntns graph [OPTIONS] [NS...]",
	.summary = "draw the mounts of namespaces, and who passes mounts on to whom",
	.manual = "mntns-graph(1)",
	.options = graph_options,
	.run = cmd_graph,
	.mixed = true,
};
