/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Letting go, one thing at a time. Each function looks once more, just before it acts, whether the
 * thing is still the one that was meant: ESTALE if it is another one.
 */
#ifndef EXEC_RELEASE_H
#define EXEC_RELEASE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

/*
 * umount(2) in the namespace, by a child that enters it, of the mount with this mnt.id (and unique
 * id, where that is not 0) that is on top at the path. ESTALE: it is not, or no longer. id 0: the
 * caller has looked, as the file system must not be asked.
 */
int release_umount(int ns_fd, const char *target, uint32_t id, uint64_t unique, struct err *err);
/* A loop device, if its number is this one. EBUSY: it has other users still. */
int release_loop(const char *name, unsigned major, unsigned minor, struct err *err);
int release_swap(const char *path, struct err *err);

/*
 * Asks the process to end: SIGTERM, and for a shell on a terminal, which ignores that, SIGHUP; it
 * is woken if it is stopped. `force`: SIGKILL.
 */
int release_signal(int pidfd, pid_t pid, bool force, struct err *err);

#endif
