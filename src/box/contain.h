/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Containers: boxes that outlive who made them. The caller stays in its own namespaces; a midwife
 * (a fork of it) opens the sources, joins and enters what the spec says, and bears the container's
 * first process as the caller's child (CLONE_PARENT). So whatever the caller does between birth and
 * release, it does with its own view and privilege.
 */
#ifndef BOX_CONTAIN_H
#define BOX_CONTAIN_H

#include "box/listener.h"
#include "box/spec.h"

/*
 * Cgroups that a process is in before anything else happens to it. It enters those of v1 by itself
 * and is born into that of v2 (CLONE_INTO_CGROUP, Linux 5.7): for one that is moved by another the
 * kernel stops all forks and exits of the machine, and waits for a grace period of RCU to do so.
 */
struct box_into {
	struct strv v1; /* directories */
	char *v2;	/* NULL: none */
};

struct contain {
	const struct spec *spec;
	const struct box_into *into;
	int listener; /* the process waits here for box_start; -1: it executes the program at once
		       */
	int console;  /* the terminal's master end is sent there; -1: to the caller */
	struct box_notify notify; /* for a filter with a listener, where the process does not wait
				   */
	/* Called by the process itself, `root` being the host's: the view is there. Or NULL. */
	int (*inside)(void *arg, int root, struct err *err);
	/* The same just before the program, with no more power than that has. */
	int (*starting)(void *arg, struct err *err);
	/*
	 * Waits for the cgroups that are being made: a bit for each of into->v1 that there is. Or
	 * NULL: all are there.
	 */
	int (*cgroups)(void *arg, uint32_t *ret_made, struct err *err);
	/* Says what the cgroups are to allow, before the process is in them. Or NULL. */
	int (*limit)(void *arg, struct err *err);
	/* The process exists and waits: records, hooks. */
	int (*settle)(void *arg, pid_t pid, struct err *err);
	bool settles_early; /* that needs no cgroups: the process may enter them after it */
	/* The program runs; box_contain only. */
	int (*started)(void *arg, struct err *err);
	void *arg;
};

/* Its process is the caller's child at once, and can be born before it has its cgroups. */
bool contain_is_direct(const struct spec *spec, bool rootless);
/* Until the process waits, or the program runs. Failure: -errno, *ret_status 125, 126, 127. */
int box_create(const struct contain *order, pid_t *ret_pid, int *ret_status, struct err *err);
/* The same, and waits for the program's end: its exit status, or 125 to 127 with err set. */
int box_contain(const struct contain *order, struct err *err);
/* `fd` is connected to the listener of process `pid`, which waits: it executes the program. */
int box_start(int fd, pid_t pid, const struct box_notify *notify, int *ret_status, struct err *err);

/* One more process in a container that runs. `spec`: argv, env, workdir, user, tty, process. */
struct box_join {
	const struct spec *spec;
	const struct box_into *into;
	pid_t pid;	     /* whose namespaces */
	int pidfd;	     /* the same one: a PID may be another's by now */
	uint64_t namespaces; /* which of them */
	bool own_root;	     /* its root is not that of its mount namespace */
	int console;
	bool foreground; /* wait for its end */
	struct box_notify notify;
	int (*settle)(void *arg, pid_t pid, struct err *err);
	void *arg;
};
/* Like box_contain, or for !foreground like box_create with *ret_pid, and 0. */
int box_join(const struct box_join *order, pid_t *ret_pid, struct err *err);

#endif
