/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A container's sysctls: only those of a namespace, and only of one that is not the caller's. See
 * namespaces(7), sysctl(8).
 */
#ifndef BOX_SYSCTL_H
#define BOX_SYSCTL_H

#include "base/err.h"

#include <stdint.h>
#include <sys/stat.h>

struct box;

struct sysctl_kind {
	uint64_t kind;	  /* CLONE_NEW… */
	const char *ns;	  /* its name in /proc/PID/ns */
	const char *name; /* its name in sentences */
	const char *prefixes[5];
};
/* Whose "net/ipv4/…" or "net.ipv4.…" is; NULL: the whole host's. */
const struct sysctl_kind *sysctl_kind(const char *name);

enum {
	SYSCTL_KINDS = 3
};
struct sysctl_callers {
	struct stat ns[SYSCTL_KINDS];
};
/* The caller's namespaces, before any is joined. */
int sysctl_note_callers(const struct box *box, struct sysctl_callers *ret, struct err *err);
/* Once all are joined: none of those that sysctls are to be set in is the caller's. */
int sysctl_check_joined(const struct box *box, const struct sysctl_callers *callers,
			struct err *err);
/* Sets them, in the container's namespaces. */
int sysctl_set(struct box *box, struct err *err);

#endif
