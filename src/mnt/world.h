/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All mount namespaces of a machine, what holds them, and who uses their mounts: a value, made by
 * read/scan.h or from a snapshot. Things refer to each other by index. Strings are in `text`.
 */
#ifndef MNT_WORLD_H
#define MNT_WORLD_H

#include <sys/types.h>

#include "base/str.h"
#include "mnt/mnt.h"

/* A process, or a thread that has another mount namespace than its process. */
struct mnt_proc {
	pid_t pid, tid; /* equal: the process */
	uint32_t ns;	/* index of its namespace; MAP_NONE: may not be known */
	uint32_t uid;
	const char *comm;    /* proc_pid_comm(5) */
	const char *command; /* arguments joined by blanks; comm in brackets if it has none */
	const char *cgroup;  /* path of the cgroup that names an owner, else of the first one */
	/* Who it belongs to, from the cgroup; NULL: not known. See mnt/owner.h. */
	const char *unit;      /* systemd's: "nginx.service" */
	const char *engine;    /* "docker", "containerd", "crio", "podman", "lxc", "mntns", … */
	const char *container; /* its id or name */
	const char *pod;       /* Kubernetes' pod UID, with dashes */
};

/* What keeps a namespace alive besides processes. */
enum mnt_hold_kind {
	MNT_HOLD_BIND,	/* a bind of the nsfs file: mount `mount` of namespace `in`, at `path` */
	MNT_HOLD_FD,	/* descriptor `fd` of process `proc` */
	MNT_HOLD_KERNEL /* nothing that can be seen: a descriptor on its way through a socket, … */
};
struct mnt_hold {
	enum mnt_hold_kind kind;
	uint32_t proc; /* index; MAP_NONE: none */
	int fd;
	uint32_t in;	/* index of a namespace */
	uint32_t mount; /* mnt.id */
	const char *path;
};

struct mnt_ns {
	uint64_t inode;	   /* the number in mnt:[…] */
	uint64_t id;	   /* NS_GET_MNTNS_ID, 6.11; 0: not known */
	uint64_t owner;	   /* inode of the user namespace that owns it; 0: not known */
	uint32_t n_mounts; /* how many it has, as far as the caller can see */
	bool has_table;
	struct mnt_table table;
	const char *
		gap; /* why there is no table: a sentence; NULL: there is one, or none was wanted */
	const char *name; /* of a pin: the file's name; NULL: none */
	uint32_t *procs;  /* indexes, the lowest PID first */
	uint32_t n_procs;
	struct mnt_hold *holds;
	uint32_t n_holds;
};

/* How a process uses a mount. */
enum mnt_use_kind {
	MNT_USE_FD,
	MNT_USE_CWD,
	MNT_USE_ROOT,
	MNT_USE_EXE,
	MNT_USE_MAP
};
struct mnt_use {
	uint32_t proc; /* index */
	enum mnt_use_kind kind;
	int fd;				 /* MNT_USE_FD: which */
	uint32_t mount;			 /* mnt.id; 0: not known (MNT_USE_MAP) */
	uint32_t major, minor;		 /* of the file's file system, as statx(2) has it */
	const char *path;		 /* as /proc shows it; NULL: was not asked for */
	uint32_t node_major, node_minor; /* the block device that the file is a node of; 0: none */
};

/* A block device on others: a loop device and its file, device mapper, RAID. */
struct mnt_block {
	const char *name; /* "loop0", as in /dev */
	uint32_t major, minor;
	const char *backing;		       /* loop: the file; NULL: none */
	uint32_t backing_major, backing_minor; /* the file system that has this file */
	struct strv slaves;		       /* names of the devices below */
	bool swap;			       /* is a swap area */
};

struct mnt_world {
	struct mnt_ns *ns; /* by inode */
	uint32_t n_ns;
	struct mnt_proc *procs; /* by PID, TID */
	uint32_t n_procs;
	struct mnt_use *uses; /* by process */
	uint32_t n_uses;
	struct mnt_block *blocks; /* by name */
	uint32_t n_blocks;
	struct strv gaps;	   /* what could not be looked at, a sentence each */
	uint32_t self;		   /* index of the reader's own namespace; MAP_NONE: not there */
	uint64_t mount_max;	   /* fs.mount-max; 0: not known */
	int64_t time;		   /* of the scan, seconds since 1970 */
	const char *host, *kernel; /* uname(2): nodename, release */
	struct arena text;
};

void mnt_world_done(struct mnt_world *world);
/*
 * Leaves nothing but this namespace, the processes that are in it, hold it or use a mount of its
 * table, their uses of those mounts, and all block devices.
 */
void mnt_world_only(struct mnt_world *world, uint32_t ns);
/* By inode; MAP_NONE: none. */
uint32_t mnt_world_find(const struct mnt_world *world, uint64_t inode);
/* The mount with this mnt.id, in any namespace; the ids of one machine are one space. */
const struct mnt *mnt_world_mount(const struct mnt_world *world, uint32_t id, uint32_t *ret_ns);
/*
 * A short name for people: the pin's, "container 0123456789ab", the unit, or the first process's
 * "comm (PID)", "mnt:[INODE]" if there is nothing better.
 */
char *mnt_ns_label(const struct mnt_world *world, uint32_t ns);
/* "2 processes, pin /run/x, descriptor 5 of 123": how it is held. */
void mnt_ns_print_holds(const struct mnt_world *world, uint32_t ns, struct buf *out);

#endif
