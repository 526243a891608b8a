/* SPDX-License-Identifier: Apache-2.0 */
/* What the steps of a scan share; private to read. */
#ifndef READ_SCAN_PARTS_H
#define READ_SCAN_PARTS_H

#include "read/scan.h"

/* A way to open a namespace: beside world.ns, by the same index. What is not known is 0. */
struct scan_way {
	pid_t pid;	  /* a process or thread of it */
	pid_t rooted;	  /* one whose root directory is a mount's root: its mountinfo will do */
	pid_t holder;	  /* a process that has a descriptor of it */
	int fd;		  /* which */
	const char *bind; /* a path of it, from the root directory of the namespace `in` */
	uint32_t in;
	bool visited;
	bool pending; /* its table is still to be read */
	bool ended;   /* by now: it is left out */
};

/* Processes whose namespace may not be known, nor their files: how many, and the first few. */
struct scan_gap {
	size_t n;
	struct buf pids;
};

struct scan {
	unsigned flags;
	struct mnt_world *world;
	struct scan_way *ways;
	struct map by_inode; /* inode -> index of a namespace */
	unsigned nsfs_major, nsfs_minor;
	struct scan_gap gap;
};

/* The index of the namespace with this inode; a new one if there is none. */
uint32_t scan_ns(struct scan *scan, uint64_t inode);
void scan_hold(struct scan *scan, uint32_t ns, struct mnt_hold hold);
void scan_gap_add(struct scan *scan, pid_t pid);

/* Every process, and every thread with a namespace of its own. */
int scan_processes(struct scan *scan, struct err *err);
/* One process's open files, working and root directory, executable: uses, and holds of namespaces.
 */
void scan_files(struct scan *scan, int pid_dir, uint32_t proc);
/* Tables of all namespaces that are known by now, and of those that they lead to. */
void scan_namespaces(struct scan *scan);
/* Leaves out what has ended, and puts the others into the order of their inodes. */
void scan_sort(struct scan *scan);

/* What a descriptor of a namespace says of it: inode, id, owner, number of mounts. */
void scan_describe(int fd, struct mnt_ns *ns);
/* A descriptor of it, by whatever holds it; -1: there is no way. */
int scan_open(const struct scan *scan, uint32_t i);
/* Whether whatever held it is gone. */
bool scan_has_ended(const struct scan_way *way);
/* Reads the tables that are pending; false: none was. */
bool scan_tables(struct scan *scan);
/* What a table that was read, or could not be, says of other namespaces. */
void scan_finish(struct scan *scan, uint32_t i, const struct err *err);
/* Its table, whole if there is any way to that; fd is of it. */
int scan_table(struct mnt_ns *ns, const struct scan_way *way, int fd, struct err *err);
/* Whether the root directory of the process, whose directory in /proc this is, is a mount's root.
 */
bool scan_is_rooted(int pid_dir);

#endif
