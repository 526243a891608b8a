// SPDX-License-Identifier: Apache-2.0
/* The name of a container whose creation was killed half-way is free: it never ran. */
#include "oci/reclaim.h"

#include <stdlib.h>

static bool is_abandoned(const struct args *args, const char *id)
{
	struct state state;

	if (state_open(args->root, id, STATE_LOOK, &state, NULL) < 0)
		return false;
	bool abandoned = state_is_abandoned(&state);
	state_done(&state);
	return abandoned;
}

/* Its creator may have been killed after the last step. */
static bool lives(const struct container *c)
{
	struct pids pids = {0};
	int status = state_status(&c->state, NULL);
	bool has = cgroups_pids(&c->cgroups, &pids, NULL) < 0 || pids.n;

	free(pids.v);
	return has || (status != STATUS_CREATING && status != STATUS_STOPPED);
}

bool reclaim(const struct args *args, const char *id)
{
	struct container dead;
	bool done;

	if (!is_abandoned(args, id))
		return false;
	done = container_open(&dead, args, id, true, NULL) == 0 &&
	       state_is_abandoned(&dead.state) && !lives(&dead) &&
	       container_destroy(&dead, NULL) == 0;
	container_done(&dead);
	return done;
}
