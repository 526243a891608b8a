// SPDX-License-Identifier: Apache-2.0
/* unpin: removes the mounts that mntns keeps. */
#include "box/box.h"
#include "cli/cmds.h"

#include <errno.h>

static const struct option unpin_options[] = {
	{"all", 'a', NULL, NULL, 0, NULL, "Options", "remove every pin", option_set_flag, 0},
	{0},
};

static int cmd_unpin(const struct command *self, char **argv, struct err *err)
{
	bool all = false;
	int used = options_parse(self->options, &all, argv, err);

	if (used < 0)
		return EXIT_USAGE;
	if (argv[used])
		return err_say(err, EINVAL, "'%s': expected no argument, only --all", argv[used]),
		       EXIT_USAGE;
	if (!all)
		return err_say(err, EINVAL, "expected --all"), EXIT_USAGE;
	box_clean();
	return box_unpin_all(err) < 0 ? EXIT_FAILED : EXIT_OK;
}

const struct command command_unpin = {
	.name = "unpin",
	.usage = "mntns unpin --all",
	.summary = "remove what mntns pinned: the template namespace",
	.manual = "mntns-unpin(1)",
	.options = unpin_options,
	.run = cmd_unpin,
};
