/* SPDX-License-Identifier: Apache-2.0 */
/* A way back from a namespace of a world to the namespace itself. */
#ifndef READ_OPEN_NS_H
#define READ_OPEN_NS_H

#include "mnt/world.h"

/*
 * A descriptor of it, through a process, a descriptor, a pin or the kernel's list; its inode and,
 * where it is known, its 64-bit id are the same. ENOENT: it has ended, or there is no way to it.
 */
int read_open_ns(const struct mnt_world *world, uint32_t ns, struct err *err);

#endif
