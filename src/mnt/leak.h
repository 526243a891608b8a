/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mounts whose owner is gone. The path of a mount often says for whom it was made: a pod, a
 * container, a unit. Rules (leak_rules.c) read the owner's name from it; whether the owner is alive
 * is asked of the processes of the world here, and of the machine's files in read/alive.h.
 */
#ifndef MNT_LEAK_H
#define MNT_LEAK_H

#include "mnt/who.h"

enum mnt_leak_kind {
	MNT_LEAK_POD,	    /* a Kubernetes pod, by its UID */
	MNT_LEAK_CONTAINER, /* a container, by its id */
	MNT_LEAK_ROOT,	    /* a container's root, by the id of its topmost layer */
	MNT_LEAK_UNIT,	    /* a unit of systemd */
	MNT_LEAK_USER,	    /* a user's session, by UID */
	MNT_LEAK_SNAP,	    /* a snap, by its name */
	MNT_LEAK_NETNS,	    /* a network namespace that an engine made; its processes are it */
	MNT_LEAK_DIRECTORY, /* nobody's: the directory that it shows was removed */
	MNT_LEAK_NAMESPACE, /* a namespace that nothing in sight keeps */
};
extern const char *const mnt_leak_words[]; /* by enum mnt_leak_kind */

struct mnt_leak {
	enum mnt_leak_kind kind;
	uint32_t ns, mount; /* index of a namespace, and in its table; MAP_NONE: all of it */
	const char *engine; /* "docker", "kubelet", "systemd", …; NULL: not known */
	const char *owner;  /* its name or id; NULL: not known */
	const char *evidence;
};
struct mnt_leaks {
	struct mnt_leak *v; /* by namespace, in the order of its table */
	size_t n;
	struct arena text;
};

/* What the target (or, for a private /tmp, the root) of the mount says of its owner. False:
 * nothing. `owner` is put into text. */
bool mnt_leak_match(const struct mnt *mnt, struct mnt_leak *ret, struct arena *text);

/*
 * Those of whom no process is left. A world without processes tells nothing of owners: only
 * removed directories are then found.
 */
void mnt_leaks_find(const struct mnt_world *world, struct mnt_leaks *ret);
/* Drops those that alive() says true of; what it says of the others is added to their evidence. */
void mnt_leaks_filter(struct mnt_leaks *leaks,
		      bool (*alive)(void *ctx, const struct mnt_leak *leak,
				    const char **ret_evidence),
		      void *ctx);
void mnt_leaks_done(struct mnt_leaks *leaks);

/* The mounts of these leaks, and what is mounted on them, as rows that can be released. */
void mnt_leaks_rows(const struct mnt_world *world, const struct mnt_leaks *leaks,
		    struct mnt_who *ret);

#endif
