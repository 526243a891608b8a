// SPDX-License-Identifier: Apache-2.0
/* The end of a container: its process, its cgroups, its record, in this order. */
#include "oci/container_parts.h"
#include "base/mem.h"
#include "oci/cgroup_systemd.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PATIENCE_MS 10000

/* Killed, and gone: its cgroups can be removed only then. */
static int end_process(const struct container *c, struct err *err)
{
	struct err why = {0};
	AUTO_FD int pidfd = state_pidfd(&c->state, &why);
	struct pollfd end = {pidfd, POLLIN, 0};

	if (pidfd == -ESRCH)
		return err_done(&why), 0;
	if (pidfd < 0) {
		err_say(err, why.code, "container %s: %s", c->state.id, why.msg);
		err_done(&why);
		return pidfd;
	}
	if (cgroups_is_frozen(&c->cgroups, NULL) != 0)
		cgroups_freeze(&c->cgroups, false, NULL);
	syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
	if (poll(&end, 1, PATIENCE_MS) == 1)
		return 0;
	return err_say(err, EBUSY, "container %s: its process %d does not end", c->state.id,
		       c->state.pid);
}

int container_destroy(struct container *c, struct err *err)
{
	if (c->state.dir < 0)
		return 0;
	cgroup_systemd_let_go(&c->holder);
	int rc = end_process(c, err);
	if (rc < 0)
		return rc;
	if (cgroups_remove(&c->cgroups) < 0)
		return err_say(err, EBUSY, "container %s: its cgroup cannot be removed yet",
			       c->state.id);
	AUTO_FREE char *owner = container_unit_owner(&c->state);
	if (c->state.unit && cgroup_systemd_stop(c->state.unit, owner, err) < 0)
		return -EIO;
	rc = state_remove(&c->state);
	/* Who waits for it finds nothing; hooks that follow may take their time. */
	state_unlock(&c->state);
	return rc < 0 ? err_set(err, -rc, "remove the state of container %s", c->state.id) : 0;
}
