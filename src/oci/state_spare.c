// SPDX-License-Identifier: Apache-2.0
/*
 * The process once more, beside the record: where no cgroup holds a container, nothing else finds
 * its process when the record is damaged. A link is made in one step and has no content to lose.
 */
#include "base/mem.h"
#include "oci/state.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define LINK "process"

int state_save_spare(const struct state *state, struct err *err)
{
	AUTO_FREE char *text = xasprintf("%d:%" PRIu64, state->pid, state->born);

	if (symlinkat(text, state->dir, LINK) < 0)
		return err_set(err, errno, "write down the process of container %s", state->id);
	return 0;
}

void state_read_spare(struct state *state)
{
	char text[64];
	ssize_t n = readlinkat(state->dir, LINK, text, sizeof(text) - 1);
	uint64_t born;
	int pid;

	if (n <= 0)
		return;
	text[n] = 0;
	if (sscanf(text, "%d:%" SCNu64, &pid, &born) != 2)
		return;
	state->pid = pid;
	state->born = born;
}
