/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happened to mounts between two looks at the tables of namespaces: a value, from two tables.
 * One call of the kernel may change several mounts, here and in other namespaces: they are told
 * apart by `entry`.
 */
#ifndef MNT_EVENT_H
#define MNT_EVENT_H

#include "mnt/mnt.h"

enum mnt_event_kind {
	MNT_DETACHED, /* `before` is set */
	MNT_MOVED,    /* both are set: another target or parent */
	MNT_CHANGED,  /* both: attributes, options or propagation */
	MNT_ATTACHED, /* `after` */
	MNT_PASSED, /* attached and detached before it could be looked at: only `unique` is known */
	MNT_LOST,   /* the kernel dropped events: what came and went meanwhile is not known */
	MNT_NS_BEGAN, /* a namespace came into sight */
	MNT_NS_ENDED,
};

struct mnt_event {
	enum mnt_event_kind kind;
	uint32_t ns; /* the caller's number of the namespace */
	uint32_t entry;
	const struct mnt *before, *after; /* of the tables; NULL: there is none */
	uint64_t unique;
	uint64_t place; /* attached, detached: a hash of where in its parent's file system; or 0 */
};
struct mnt_events {
	struct mnt_event *v;
	size_t n;
};

void mnt_events_done(struct mnt_events *events);
/*
 * Appends what turns `before` into `after`. Mounts are the same by `unique` where both tables have
 * it, else by id, as long as they are of the same directory of the same file system. What moved
 * with the mount below it is no event of its own.
 */
void mnt_events_compare(const struct mnt_table *before, const struct mnt_table *after, uint32_t ns,
			struct mnt_events *events);
/*
 * Gives the copies of one event, in other namespaces or in the same, the same `entry`: those of the
 * same kind and directory at the same place whose mounts are peers, or master and slave. The
 * numbers begin with 0, and events with the same number stand next to each other afterwards.
 */
void mnt_events_group(struct mnt_events *events);

#endif
