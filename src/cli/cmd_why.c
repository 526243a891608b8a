// SPDX-License-Identifier: Apache-2.0
/* why: two namespaces see different things at a path. */
#include "base/io.h"
#include "cli/cmds.h"
#include "cli/pick.h"
#include "cli/text.h"
#include "view/why.h"

#include <errno.h>

static const struct option why_options[] = {
	SEE_OPTIONS,
	{"json", 'J', NULL, NULL, 0, NULL, "Output", "print JSON", option_set_flag,
	 offsetof(struct see_args, format.json)},
	{0},
};

/* A path is meant as in the first namespace; symbolic links can be followed in the caller's own. */
static int look(const struct see_args *args, const struct mnt_world *world, char **argv,
		struct mnt_why *ret, const struct mnt_groups *groups, char **ret_path,
		struct err *err)
{
	uint32_t ns[2];

	for (unsigned s = 0; s < 2; s++)
		if (see_find(world, argv[s + 1], &ns[s], err) < 0)
			return -err->code;
	bool is_own = !args->from && ns[0] == world->self;
	int rc = pick_path(is_own, argv[0], ret_path, err);
	return rc < 0 ? rc : mnt_why_init(ret, world, groups, ns, *ret_path, err);
}

static int explain(const struct see_args *args, const struct mnt_world *world, char **argv,
		   struct err *err)
{
	AUTO(mnt_groups) struct mnt_groups groups;
	AUTO_FREE char *path = NULL;
	struct mnt_why why;

	mnt_groups_init(&groups, world);
	if (look(args, world, argv, &why, &groups, &path, err) < 0)
		return EXIT_USAGE;
	struct view_why view = {&why, world, &groups, path, {argv[1], argv[2]}};
	if (args->format.json)
		view_why_json(&view, stdout);
	else
		view_why_text(&view, stdout);
	int status = why.is_same ? EXIT_OK : EXIT_FAILED;
	mnt_why_done(&why);
	return io_flush_stdout(err) < 0 ? EXIT_USAGE : status;
}

static int cmd_why(const struct command *self, char **argv, struct err *err)
{
	struct see_args args = {0};
	struct mnt_world world;
	int n = options_gather(self->options, &args, argv, err);

	if (n < 0)
		return EXIT_USAGE;
	if (n != 3)
		return err_say(err, EINVAL, "expected a path and two namespaces, got %d argument%s",
			       n, n == 1 ? "" : "s"),
		       EXIT_USAGE;
	if (see_world(&args, SCAN_TABLES, &world, err) < 0)
		return EXIT_USAGE;
	int status = explain(&args, &world, argv, err);
	mnt_world_done(&world);
	return status;
}

const struct command command_why = {
	.name = "why",
	.usage = "mntns why [OPTIONS] PATH NS1 NS2",
	.summary = "say why two mount namespaces see different things at a path",
	.manual = "mntns-why(1)",
	.words = "file",
	.options = why_options,
	.run = cmd_why,
	.mixed = true,
};
