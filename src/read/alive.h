/* SPDX-License-Identifier: Apache-2.0 */
/* Signs of life besides processes: cgroups, and what engines keep in /run. */
#ifndef READ_ALIVE_H
#define READ_ALIVE_H

#include "mnt/leak.h"

/* Drops the leaks whose owner has a cgroup or a state, and says of the others what was looked at.
 */
void alive_filter(struct mnt_world *world, struct mnt_leaks *leaks);
/*
 * Whether all processes of the machine are in sight: /proc is that of the initial PID namespace,
 * and hides nobody. If not, whoever seems to be gone may be elsewhere.
 */
bool alive_sees_all(void);

#endif
