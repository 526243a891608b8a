/* SPDX-License-Identifier: Apache-2.0 */
/* The names of systemd in linux.cgroupsPath: SLICE:PREFIX:NAME. No bus is spoken to here. */
#ifndef OCI_CGROUP_SYSTEMD_H
#define OCI_CGROUP_SYSTEMD_H

#include "base/err.h"

/* The unit, and where its cgroup is below the manager's own: /a.slice/a-b.slice/PREFIX-NAME.scope.
 */
int cgroup_systemd_name(const char *said, char **ret_unit, char **ret_path, struct err *err);

#endif
