/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of a watch share; private to read. */
#ifndef READ_WATCH_PARTS_H
#define READ_WATCH_PARTS_H

#include "base/map.h"
#include "read/watch.h"

/* One namespace that is watched. */
struct watched {
	uint64_t inode, id;
	char *label;
	pid_t pid;     /* the process whose mountinfo is open; 0: there is none */
	int fanotify;  /* -1: not to be had */
	int mountinfo; /* -1: no process is there */
	int pidfd;     /* of pid */
	bool woken;    /* there is something to look at */
	bool lost;     /* events, by the kernel's word */
	bool ended;
	struct mnt_table table, before;
	struct map seen; /* unique ids that fanotify named: -> how often, for MNT_PASSED */
	uint64_t *named; /* the same in their order */
	size_t n_named;
};

struct watch {
	int epoll;
	bool stopped;	    /* by a descriptor of the caller's */
	int timer;	    /* -1: only the namespaces that were there are watched */
	struct watched **v; /* an address is the epoll's data, and lasts */
	size_t n;
	uint64_t fingerprint; /* of the list of all namespaces */
	struct mnt_events events;
};

/* Opens what will wake us. */
int watched_open(struct watched *w, int epoll, struct err *err);
void watched_free(struct watched *w);
/* Reads what the kernel has to say, so that it may wake us again. */
void watched_drain(struct watched *w, int epoll);
/* The table as it is, by the unique ids that fanotify names. */
int watched_read(const struct watched *w, struct mnt_table *ret);
/* The process is gone: another one of the namespace, or none. False: the namespace has ended. */
bool watched_find_process(struct watched *w, int epoll);

/* A number that changes when a namespace comes or goes; 0: this kernel does not list them. */
uint64_t watch_fingerprint(void);
/* A descriptor of the namespace with this id, whether it has a process or not; -1. */
int watch_open_ns(uint64_t id);

#endif
