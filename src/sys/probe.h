/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What this kernel has beyond Linux 5.12. Asked for where an older path exists; the variable
 * MNTNS_WITHOUT (names joined by commas) makes the answer no, so that the older path can be
 * tested on a newer kernel.
 */
#ifndef SYS_PROBE_H
#define SYS_PROBE_H

#include <stdbool.h>

enum probe {
	PROBE_OVERLAY_LOWERDIR, /* "lowerdir+": overlay takes its layers one by one, 6.8 */
	PROBE_STATMOUNT,	/* "statmount": statmount(2) with all that mountinfo has, 6.15 */
	PROBE_MOUNTINFO,	/* "mountinfo": always there; without it all is read by statmount */
	PROBE_NSFS,		/* "nsfs": enumeration of mount namespaces, 6.12 */
	PROBE_FANOTIFY,		/* "fanotify": events of mounts, 6.15 */
	PROBE_DETACHED,		/* "detached": a copy of a detached tree, 6.15 */
	PROBE_AHEAD,		/* "ahead": always there; without it a container has no helper */
	PROBE_PIDFS,		/* "pidfs": a pidfd's inode is its process's alone, 6.9 */
	PROBE_TEMPLATE,		/* "template": not a feature of the kernel, but of the machine */
	PROBE_MAX,
};

/* False if MNTNS_WITHOUT names it; else true: the kernel is then asked by trying. */
bool probe_may_try(enum probe feature);
/* By uname(2), for what costs more to try than to do without. */
bool probe_is_since(unsigned major, unsigned minor);

#endif
