// SPDX-License-Identifier: Apache-2.0
/* A container that is there, or is to be. */
#include "oci/container_parts.h"
#include "base/mem.h"
#include "box/box.h"

#include <errno.h>
#include <stdlib.h>

void container_init(struct container *c)
{
	*c = (struct container){.state = {.dir = -1, .root = -1}, .listener = -1, .console = -1};
}

int container_open(struct container *c, const struct args *args, const char *id, bool lock,
		   struct err *err)
{
	container_init(c);
	enum state_lock how = !lock ? STATE_LOOK : args->force ? STATE_SEIZE : STATE_LOCK;
	if (state_open(args->root, id, how, &c->state, err) < 0)
		return -err->code;
	/* To act without what it says is for those who want an end of it. */
	if (c->state.unread && !args->force)
		return state_unread(&c->state, err);
	cgroups_recall(&c->state.cgroups, &c->cgroups);
	return c->state.pid <= 0 && !c->cgroups.n ? container_guess_cgroups(c, err) : 0;
}

void container_done(struct container *c)
{
	config_done(&c->config);
	buf_done(&c->text);
	state_done(&c->state);
	strv_done(&c->into.v1);
	free(c->into.v2);
	cgroups_done(&c->cgroups);
	auto_close(&c->listener);
	auto_close(&c->console);
	c->listener = c->console = -1;
}

int container_say_failure(const struct spec *spec, int status, struct err *err)
{
	if (status == BOX_EXIT_NOT_FOUND)
		return err_say(err, ENOENT,
			       "exec: \"%s\": executable file not found in $PATH: no such file or "
			       "directory",
			       spec->argv.v[0]);
	if (status == BOX_EXIT_NOT_EXECUTABLE)
		return err_add(err, "exec: \"%s\": permission denied", spec->argv.v[0]);
	return -err->code;
}
