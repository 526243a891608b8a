/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A container's cgroups by plain directories: one below each hierarchy of the machine, v1, v2 or
 * both. What the configuration does not ask for may be missing; what it asks for must be given.
 */
#ifndef OCI_CGROUPS_H
#define OCI_CGROUPS_H

#include "box/ahead.h"
#include "box/contain.h"
#include "box/pids.h"
#include "oci/config.h"

/* In front of the id of those that are told no place. */
#define CGROUPS_OWN "/mntns-oci-"

struct hierarchy {
	bool v2;
	struct strv controllers; /* v1: as mounted; v2: of cgroup.controllers; "name=systemd" */
	char *mount;		 /* where it is mounted */
	char *dir;		 /* of the container, below that */
	bool made;
	int why_not; /* errno of what could not be made */
};

struct cgroups {
	struct hierarchy *v;
	size_t n;
	bool pure_v2;		 /* /sys/fs/cgroup is cgroup2 itself */
	bool by_systemd;	 /* they are those of a unit of its */
	pid_t holder;		 /* a process of ours in that unit, 0: none */
	struct ahead_dir *begun; /* those of v1 that are being made beside us, NULL: none */
};

/* Where the container's directories are to be; nothing is made. */
int cgroups_plan(const char *path, const char *id, struct cgroups *ret, struct err *err);
/* Those of a container that is there, from its record. */
void cgroups_recall(const struct strv *dirs, struct cgroups *ret);
void cgroups_done(struct cgroups *cg);
/* The directories, for the record. */
void cgroups_dirs(const struct cgroups *cg, struct strv *ret);

/* A directory that has the controller, v1 first; NULL: none. */
const struct hierarchy *cgroups_with(const struct cgroups *cg, const char *controller);
/* The one of v2; NULL: none. */
const struct hierarchy *cgroups_v2(const struct cgroups *cg);
/* Those that are there, for a process that is to be in them. */
void cgroups_into(const struct cgroups *cg, struct box_into *ret);

/* --- cgroup_make.c --- */
/* Those of v1 begin to be made beside us, if that can be, and count as made meanwhile. */
void cgroups_begin(struct cgroups *cg);
void cgroups_done_begun(struct cgroups *cg);
/* All that are not begun. */
int cgroups_make(struct cgroups *cg, struct err *err);
/* Waits for those that are begun. A bit for each of v1, in their order: it is made indeed. */
int cgroups_await(struct cgroups *cg, uint32_t *ret_made, struct err *err);

/* --- cgroup_write.c --- */
int cgroups_limit(const struct cgroups *cg, const struct resources *resources, struct err *err);
int cgroups_rule_devices(const struct cgroups *cg, const struct resources *resources,
			 struct err *err);

/* --- cgroup_give.c --- */
/* To the container's user, where it may divide them: the mounts are as the configuration says. */
void cgroups_give(const struct cgroups *cg, const struct spec *spec);

/* --- cgroup_follow.c --- */
/* For one that joins a container: the cgroups of its first process, where only below is room for
 * any. */
void cgroups_follow(struct cgroups *cg, pid_t pid);
/* Where a process is in one of v2, as a directory, to be freed; NULL: it is not known. */
char *cgroups_of(const struct hierarchy *h, pid_t pid);

/* --- cgroup_remove.c --- */
/* Kills what is in them and removes them. */
int cgroups_remove(const struct cgroups *cg);

/* --- cgroup_pids.c --- */
/* All processes, of the nested ones too; sorted. */
int cgroups_pids(const struct cgroups *cg, struct pids *ret, struct err *err);

/* --- cgroup_freeze.c --- */
int cgroups_freeze(const struct cgroups *cg, bool freeze, struct err *err);
/* 1, 0; -errno: it is not known. */
int cgroups_is_frozen(const struct cgroups *cg, struct err *err);

/* --- cgroup_mounts.c --- */
/* Mounts of type cgroup and cgroup2 become those that this machine has. */
void cgroups_expand_mounts(const struct cgroups *cg, struct spec *spec);

#endif
