/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Watching mount namespaces: a wait that costs nothing until something happens, then the difference
 * of the tables. fanotify(7) tells of every mount that is attached or detached (Linux 6.15),
 * poll(2) on mountinfo also of changed ones; what neither tells, a propagation type that mount(2)
 * changed, is seen with the next event.
 *
 * Nothing is kept alive by it: of another namespace mountinfo is open only as long as a process is
 * in it, and a file system can be unmounted while it is watched.
 */
#ifndef READ_WATCH_H
#define READ_WATCH_H

#include "mnt/event.h"
#include "mnt/world.h"

struct watch;

/*
 * The namespaces of the world; `all`: also those that come later, for which it looks every few
 * seconds. Of all, those that cannot be watched are added to world->gaps.
 */
int watch_new(struct mnt_world *world, bool all, struct watch **ret, struct err *err);
void watch_free(struct watch *watch);
/* A descriptor that ends the wait when it becomes readable, or nobody reads what it writes to. */
void watch_stop_on(struct watch *watch, int fd);
/*
 * Waits until something happened, or timeout_ms passed (-1: for ever), and returns how many events
 * there are: they are valid until the next call. -ECANCELED: one of the descriptors above says
 * stop.
 */
int watch_next(struct watch *watch, int timeout_ms, struct mnt_events *ret);
/* How many namespaces are watched still. */
size_t watch_count(const struct watch *watch);
/* Of the namespace that an event names: its inode, and a name for people. */
uint64_t watch_inode(const struct watch *watch, uint32_t ns);
const char *watch_label(const struct watch *watch, uint32_t ns);

#endif
