// SPDX-License-Identifier: Apache-2.0
/* snapshot: all that can be seen of the machine's mounts, or of one namespace's, in one document.
 */
#include "base/io.h"
#include "cli/cmds.h"
#include "cli/see.h"
#include "cli/text.h"
#include "read/snapshot.h"

#include <errno.h>
#include <string.h>

static const struct option snapshot_options[] = {SEE_OPTIONS, {0}};

static int look(const struct see_args *args, const char *name, struct mnt_world *ret,
		struct err *err)
{
	unsigned flags = SCAN_TABLES | SCAN_USES | SCAN_MAPS | SCAN_BLOCKS;
	uint32_t ns;
	int rc = see_world(args, flags, ret, err);

	if (rc < 0)
		return rc;
	if (name && strcmp(name, "all")) {
		rc = see_find(ret, name, &ns, err);
		if (rc < 0) {
			mnt_world_done(ret);
			return rc;
		}
		mnt_world_only(ret, ns);
	}
	if (!args->from)
		scan_paths(ret);
	return 0;
}

static int cmd_snapshot(const struct command *self, char **argv, struct err *err)
{
	struct see_args args = {0};
	struct mnt_world world;
	int n = options_gather(self->options, &args, argv, err);

	if (n < 0)
		return EXIT_USAGE;
	if (n > 1)
		return err_say(err, EINVAL, "'%s': expected one namespace, or all", argv[1]),
		       EXIT_USAGE;
	if (look(&args, argv[0], &world, err) < 0)
		return EXIT_FAILED;
	snapshot_print(&world, stdout);
	mnt_world_done(&world);
	return io_flush_stdout(err) < 0 ? EXIT_FAILED : EXIT_OK;
}

const struct command command_snapshot = {
	.name = "snapshot",
	.usage = "mntns snapshot [OPTIONS] [NS|all] > FILE",
	.summary = "write all mounts of all namespaces, and who uses them, as one JSON document",
	.manual = "mntns-snapshot(1)",
	.words = "all",
	.options = snapshot_options,
	.run = cmd_snapshot,
	.mixed = true,
};
