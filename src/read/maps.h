/* SPDX-License-Identifier: Apache-2.0 */
/* Files that processes have mapped into memory, which need not be open any more. */
#ifndef READ_MAPS_H
#define READ_MAPS_H

#include "mnt/world.h"

/*
 * Adds MNT_USE_MAP to world.uses, one for each process and file, removed files too. `devices` are
 * the file systems wanted, by who is asked (major << 32 | minor); NULL: all. The mount is known
 * where the caller has CAP_SYS_PTRACE and CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN.
 */
void maps_scan(struct mnt_world *world, const struct map *devices);
/* Whether the process still has a map of this file system. */
bool maps_has(pid_t pid, uint32_t major, uint32_t minor);

#endif
