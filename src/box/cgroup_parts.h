/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of box/cgroup*.c share; private to them and to their unit test. */
#ifndef BOX_CGROUP_PARTS_H
#define BOX_CGROUP_PARTS_H

#include <stdio.h>

#include "box/cgroup.h"

#define CGROUP_PREFIX "mntns-"

/* --- cgroup_limit.c: how much --- */
struct cgroup_limit {
	const char *word;	/* as the user knows it: option, profile key */
	const char *controller; /* as the kernel knows it */
	size_t offset;		/* of the value in struct spec_limits */
	uint64_t min, max;	/* what the kernel accepts; 0 is no limit */
	unsigned unit;		/* of the value, for messages */
	const char *unit_name;
};
#define CGROUP_N_LIMITS 3
extern const struct cgroup_limit cgroup_limits[CGROUP_N_LIMITS];
uint64_t cgroup_limit_value(const struct spec_limits *limits, const struct cgroup_limit *limit);
/* Refuses values that the kernel would refuse or silently change. Pure. */
int cgroup_limits_check(const struct spec_limits *limits, struct err *err);
/* The words of the limits asked for: "memory, pids". */
char *cgroup_limits_words(const struct spec_limits *limits);
/* Writes them into the directories that have their controllers, and reads them back. */
int cgroup_limits_apply(const struct cgroup *cg, const struct spec_limits *limits, struct err *err);

/* --- cgroup_find.c: where --- */
struct cgroup_mount {
	bool v2;
	char *root, *point;	 /* mountinfo's fields 4 and 5, unescaped */
	struct strv controllers; /* v1: the super block's options; v2: what its top offers */
};
/* One line of mountinfo; false: not of a cgroup file system. */
bool cgroup_mount_parse(const char *line, struct cgroup_mount *ret);
void cgroup_mount_done(struct cgroup_mount *mount);
/* The caller's path in the v1 hierarchy of `controller` (NULL: in v2's), from the text of
 * /proc/self/cgroup. NULL: it says none. */
char *cgroup_position(const char *self, const char *controller);
/* The directory of a position below a mount. NULL: it is outside what is mounted there. */
char *cgroup_directory(const struct cgroup_mount *mount, const char *position);
/* A path below `dir`, which may be "/". */
char *cgroup_path_below(const char *dir, const char *name);
/* cgroup_plan, from given texts of /proc/self/cgroup and /proc/self/mountinfo. */
int cgroup_plan_from(const struct spec_limits *limits, const char *id, const char *self,
		     FILE *mountinfo, struct strv *ret_dirs, struct err *err);

/* --- cgroup_v2.c: what only v2 has --- */
/* What `dir` is offered from above. None: it is no such directory, or another mount hides it. */
void cgroup_v2_controllers(const char *dir, struct strv *ret);
/* The directory that a box's is to be made in, when the caller is in `own`. */
int cgroup_v2_parent(const struct cgroup_mount *mount, const struct cgroup_limit *limit,
		     const char *own, char **ret, struct err *err);
/* Has the controller passed on by `parent`. 1: done, 0: this hierarchy does not have it. `dir`
 * is the box's directory, for messages. */
int cgroup_v2_enable(int parent, const char *dir, const struct cgroup_limit *limit,
		     struct err *err);

/* --- cgroup_kill.c: the end --- */
enum cgroup_version {
	CGROUP_NONE,
	CGROUP_V1,
	CGROUP_V2
};
enum cgroup_version cgroup_version_of(int fd);
/* A moment this many milliseconds from now, to be given to cgroup_kill. */
int64_t cgroup_deadline(int64_t ms);
/* Kills what is in parent/name and below, and removes it all. -EBUSY: not before the deadline. */
int cgroup_kill(int parent, const char *name, int64_t deadline);

#endif
