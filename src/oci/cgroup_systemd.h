/* SPDX-License-Identifier: Apache-2.0 */
/* systemd's scopes, and their names in linux.cgroupsPath: SLICE:PREFIX:NAME. */
#ifndef OCI_CGROUP_SYSTEMD_H
#define OCI_CGROUP_SYSTEMD_H

#include "oci/cgroups.h"

#include <sys/types.h>

struct cgroup_unit {
	char *slice, *name;
	char *path; /* below the manager's own cgroup: /a.slice/a-b.slice/PREFIX-NAME.scope */
};

/* Without a SLICE it is system.slice, of a user's manager user.slice. */
int cgroup_systemd_name(const char *said, bool users, struct cgroup_unit *ret, struct err *err);
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

/* --- cgroup_systemd_user.c --- */
/* The caller's own manager is meant, not the system's. */
bool cgroup_systemd_is_users(void);
/* unit->path from the top: a user's manager is in a cgroup itself. */
void cgroup_systemd_place(struct cgroup_unit *unit);
/*
 * Into the part of the tree that is the user's, by a scope of its own: from elsewhere, as from a
 * login's session, nothing may enter cgroups there.
 */
int cgroup_systemd_come(const struct cgroups *cg, struct err *err);

/* --- for the two --- */
/* What the helper prints: its answer, or why there is none. argv[0] and [1] are filled in here. */
int cgroup_systemd_ask(const char **argv, struct buf *ret, struct err *err);

#endif
