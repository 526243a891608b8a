/* SPDX-License-Identifier: Apache-2.0 */
/* systemd's scopes, and their names in linux.cgroupsPath: SLICE:PREFIX:NAME. */
#ifndef OCI_CGROUP_SYSTEMD_H
#define OCI_CGROUP_SYSTEMD_H

#include "base/err.h"

#include <sys/types.h>

struct cgroup_unit {
	char *slice, *name;
	char *path; /* below the manager's own cgroup: /a.slice/a-b.slice/PREFIX-NAME.scope */
};

int cgroup_systemd_name(const char *said, struct cgroup_unit *ret, struct err *err);
void cgroup_unit_done(struct cgroup_unit *unit);

/*
 * Makes the scope, with a process in it that is to be let go once another one is there. `owner` is
 * its description, by which it is told from another of that name. *ret_path: its cgroup.
 */
int cgroup_systemd_start(const struct cgroup_unit *unit, const char *owner, pid_t *ret_holder,
			 char **ret_path, struct err *err);
void cgroup_systemd_let_go(pid_t *holder);
/* One that is not there, or is another's, is no error. */
int cgroup_systemd_stop(const char *unit, const char *owner, struct err *err);

#endif
