// SPDX-License-Identifier: Apache-2.0
/* The ops of plan and apply, and in which namespace they are meant. */
#include "cli/planned.h"
#include "cli/text.h"

#include <errno.h>

int planned_set_file(void *ctx, const struct option *option, const char *value, struct err *err)
{
	((struct planned_args *)ctx)->file = value;
	return 0;
}

int planned_set_in(void *ctx, const struct option *option, const char *value, struct err *err)
{
	((struct planned_args *)ctx)->in = value;
	return 0;
}

int planned_parse(const struct option *options, char **argv, struct planned_args *args,
		  struct ops *ret, struct err *err)
{
	int n = options_gather(options, args, argv, err);

	if (n < 0)
		return n;
	if (!n && !args->file)
		return err_say(err, EINVAL, "expected operations, as arguments or with --file");
	return text_parse_ops(args->file, argv, (size_t)n, ret, err);
}

static int find(const struct planned_args *args, const struct mnt_world *world, uint32_t *ret_in,
		struct err *err)
{
	if (args->in)
		return see_find(world, args->in, ret_in, err);
	if (world->self == MAP_NONE && world->n_ns != 1)
		return err_say(err, ENOENT,
			       "the snapshot does not say where it was taken: name a namespace "
			       "with --in");
	*ret_in = world->self != MAP_NONE ? world->self : 0;
	return 0;
}

int planned_look(const struct planned_args *args, struct mnt_world *ret, uint32_t *ret_in,
		 struct err *err)
{
	int rc = see_world(&args->see, SCAN_TABLES | SCAN_USES | SCAN_MAPS, ret, err);

	if (rc < 0)
		return rc;
	rc = find(args, ret, ret_in, err);
	if (rc < 0)
		mnt_world_done(ret);
	return rc;
}
