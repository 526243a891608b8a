/* SPDX-License-Identifier: Apache-2.0 */
/* The whole machine in one look: all mount namespaces, what holds them, who uses their mounts. */
#ifndef READ_SCAN_H
#define READ_SCAN_H

#include "mnt/world.h"

enum scan_flag {
	SCAN_TABLES = 1 << 0, /* read every namespace's table, else only count mounts */
	SCAN_USES = 1 << 1,   /* world.uses without maps: they are statx(2) of what /proc shows */
	SCAN_MAPS = 1 << 2,   /* world.uses of memory maps too: reads every /proc/PID/maps */
	SCAN_BLOCKS = 1 << 3, /* world.blocks */
};

/*
 * A process that exits during the scan is no error, nor is a namespace that ends. What may not be
 * looked at is named in ret->gaps. Fails only if there is no /proc.
 */
int scan_world(unsigned flags, struct mnt_world *ret, struct err *err);

/*
 * Only one namespace, with its table: what /proc/PID/ns/mnt of `pid` is, or what the nsfs file is.
 * One that is given must be 0 or NULL.
 */
int scan_one(pid_t pid, const char *nsfs, struct mnt_world *ret, struct err *err);

/*
 * The paths that /proc shows for world.uses, of those whose mount is in some table. What has ended
 * or was closed meanwhile keeps NULL.
 */
void scan_paths(struct mnt_world *world);
/* The same for one of world.uses. */
void scan_path(struct mnt_world *world, uint32_t use);

#endif
