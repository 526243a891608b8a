/* SPDX-License-Identifier: Apache-2.0 */
/* Block devices and what they stand on, from sysfs and /proc/swaps. */
#ifndef READ_BLOCK_H
#define READ_BLOCK_H

#include "mnt/world.h"

/*
 * Fills world.blocks: disks, their partitions (on the disk), loop devices and their files, device
 * mapper, RAID; swap areas are marked. A swap file is a block of its own, with the number 0:0: its
 * name is the file's path, and so is what backs it. A machine without sysfs has none.
 */
void block_scan(struct mnt_world *world);

#endif
