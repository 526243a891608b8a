/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's rules of mounts, in memory: what a call does to all mount namespaces, and how it is
 * refused. No call is made, nothing is read; docs/model.md has the rules in prose. A call returns 0
 * (or what the kernel's returns), or the kernel's negative errno, after which nothing has changed.
 */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "base/map.h"
#include "mnt/world.h"

struct model;
struct model_task;

/* Where kernels differ; {0} is Linux 6.18. */
struct model_rules {
	bool clones_unbindable; /* before 6.17: a copy of a namespace keeps the flag */
	bool types_of_own_only; /* before 6.17: only types of mounts of one's own namespace change
				 */
	bool umounts_hastily;	/* before 6.17: copies are judged one by one, see umount_older.c */
	bool closed_trees;	/* before 6.15: no copy of a detached tree, nor a move into one */
	bool no_beneath;	/* before 6.5: move_mount(2) does not know MODEL_MOVE_BENEATH */
	bool no_set_group;	/* before 5.15: nor MODEL_MOVE_SET_GROUP */
};
/* uname(2)'s release: "6.12.3-arch". */
struct model_rules model_rules_of(const char *release);

/* The bits of mount(2), umount2(2), mount_setattr(2), move_mount(2), unshare(2): the kernel's. */
enum model_ms {
	MODEL_MS_RDONLY = 1,
	MODEL_MS_NOSUID = 2,
	MODEL_MS_NODEV = 4,
	MODEL_MS_NOEXEC = 8,
	MODEL_MS_REMOUNT = 32,
	MODEL_MS_NOSYMFOLLOW = 256,
	MODEL_MS_NOATIME = 1024,
	MODEL_MS_NODIRATIME = 2048,
	MODEL_MS_BIND = 4096,
	MODEL_MS_MOVE = 8192,
	MODEL_MS_REC = 16384,
	MODEL_MS_SILENT = 32768,
	MODEL_MS_UNBINDABLE = 1 << 17,
	MODEL_MS_PRIVATE = 1 << 18,
	MODEL_MS_SLAVE = 1 << 19,
	MODEL_MS_SHARED = 1 << 20,
	MODEL_MS_RELATIME = 1 << 21,
	MODEL_MS_STRICTATIME = 1 << 24,
};
#define MODEL_MS_TYPES (MODEL_MS_UNBINDABLE | MODEL_MS_PRIVATE | MODEL_MS_SLAVE | MODEL_MS_SHARED)
enum model_attr {
	MODEL_ATTR_RDONLY = 1,
	MODEL_ATTR_NOSUID = 2,
	MODEL_ATTR_NODEV = 4,
	MODEL_ATTR_NOEXEC = 8,
	MODEL_ATTR_ATIME = 0x70, /* the field: 0 relatime, or one of the two below */
	MODEL_ATTR_NOATIME = 0x10,
	MODEL_ATTR_STRICTATIME = 0x20,
	MODEL_ATTR_NODIRATIME = 0x80,
	MODEL_ATTR_NOSYMFOLLOW = 0x200000,
	MODEL_ATTR_ALL = 0x2000ff,
	MODEL_ATTR_IDMAP = 0x100000, /* of mount_setattr(2) alone */
};
enum model_umount_flag {
	MODEL_UMOUNT_FORCE = 1,
	MODEL_UMOUNT_DETACH = 2,
	MODEL_UMOUNT_EXPIRE = 4,
	MODEL_UMOUNT_NOFOLLOW = 8, /* nothing to the model, which knows no symbolic links */
	MODEL_UMOUNT_UNKNOWN = 16,
};
enum model_move_flag {
	MODEL_MOVE_F_EMPTY = 0x4,
	MODEL_MOVE_T_EMPTY = 0x40,
	MODEL_MOVE_SET_GROUP = 0x100,
	MODEL_MOVE_BENEATH = 0x200,
	MODEL_MOVE_ALL = 0x377,
	MODEL_MOVE_UNKNOWN = 0x400,
};
enum model_clone_flag {
	MODEL_NEWNS = 0x20000,
	MODEL_NEWUSER = 0x10000000,
};

#define MODEL_CWD (-100)
/* Where a path starts: the working directory or a file of the task, or a task's ns/mnt in /proc. */
struct model_at {
	int fd;
	const char *path; /* "": the file itself, where the call allows it */
	const struct model_task *ns_of;
	bool in_root; /* the file is "/" of the path: RESOLVE_IN_ROOT of openat2(2) */
};

/* A machine with one task in one namespace that has one mount, "/", of the kind given. */
struct model *model_new(const struct model_rules *rules, const char *fstype, uint64_t ns_id);
void model_free(struct model *m);
void model_set_mount_max(struct model *m, uint32_t max);
struct model_task *model_first_task(const struct model *m);

/*
 * Tasks. ns_id: NS_GET_MNTNS_ID of what is made; the kernel hands them out in no order. 0: one
 * above all that there were.
 */
struct model_task *model_fork(struct model *m, const struct model_task *parent);
void model_exit(struct model *m, struct model_task *task);
int model_unshare(struct model *m, struct model_task *task, unsigned flags, uint64_t ns_id);
int model_setns(struct model *m, struct model_task *task, const struct model_at *at);
/* Whether the namespace that setns would enter has a "/", and not only what is below it. */
bool model_has_root(struct model *m, const struct model_task *task, const struct model_at *at);
/* Whether it is not on nsfs, the one file system that is the machine's and not the model's. */
bool model_is_plain(struct model *m, const struct model_task *task, const struct model_at *at);
/* Whether the task is in the user namespace of the first one. */
bool model_is_initial(const struct model_task *task);
bool model_has_path(struct model *m, const struct model_task *task, const char *path);
int model_chdir(struct model *m, struct model_task *task, const struct model_at *at);
int model_chroot(struct model *m, struct model_task *task, const char *path);

/* Files: numbers are chosen by the caller, and free; this is the lowest that is. */
int model_free_file(const struct model_task *task);
int model_open(struct model *m, struct model_task *task, int fd, const struct model_at *at);
/* The same for writing: what is written to cannot become read-only. */
int model_open_write(struct model *m, struct model_task *task, int fd, const struct model_at *at);
int model_close(struct model *m, struct model_task *task, int fd);
int model_open_tree(struct model *m, struct model_task *task, int fd, const struct model_at *at,
		    bool rec);
int model_fsmount(struct model *m, struct model_task *task, int fd, const char *fstype,
		  const char *source, unsigned attr);
bool model_file_is_dir(const struct model_task *task, int fd);
/* Whether the one may cover the other: both directories, or neither. */
bool model_files_fit(const struct model_task *task, int fd, int other);

/* Directories. */
int model_mkdir(struct model *m, struct model_task *task, const struct model_at *at);
int model_mkfile(struct model *m, struct model_task *task, const struct model_at *at);
int model_rmdir(struct model *m, struct model_task *task, const struct model_at *at);
int model_unlink(struct model *m, struct model_task *task, const struct model_at *at);
int model_rename(struct model *m, struct model_task *task, const struct model_at *from,
		 const struct model_at *to);

/* Mounts. source: a path, or what a new file system is called; source->ns_of: a bind of that. */
int model_mount(struct model *m, struct model_task *task, const struct model_at *source,
		const char *target, const char *fstype, unsigned flags);
int model_umount(struct model *m, struct model_task *task, const char *target, unsigned flags);
int model_move_mount(struct model *m, struct model_task *task, const struct model_at *from,
		     const struct model_at *to, unsigned flags);
struct model_setattr {
	uint64_t set, clear, propagation; /* MODEL_ATTR_*; MODEL_MS_* of one type, or 0 */
	/* MODEL_ATTR_IDMAP: the user namespace of that task; NULL: a new one below the caller's. */
	const struct model_task *userns_of;
};
int model_mount_setattr(struct model *m, struct model_task *task, const struct model_at *at,
			bool rec, const struct model_setattr *attr);
/* fspick(2) and its reconfiguration; read_only: 1, 0, or -1 for unchanged. */
int model_reconfigure(struct model *m, struct model_task *task, const struct model_at *at,
		      int read_only);
/* open_tree_attr(2) of a copy: nobody can see it before it has these attributes. */
int model_open_tree_attr(struct model *m, struct model_task *task, int fd,
			 const struct model_at *at, bool rec, const struct model_setattr *attr);
int model_pivot_root(struct model *m, struct model_task *task, const char *new_root,
		     const char *put_old);

/*
 * A model of the tables of a world; by namespace index a task that stands in it, NULL where there
 * is no table. EINVAL with a sentence for a world that lies: mounts that hang on each other, two at
 * one place, groups that no kernel makes. What tables do not show is taken to be harmless: a path
 * that is not known exists, nothing is locked, user namespaces lie side by side.
 */
int model_load(const struct model_rules *rules, const struct mnt_world *world, struct model **ret,
	       struct model_task **ret_tasks, struct err *err);

/*
 * For what tables do not show: of the task's namespace the mounts with these unique ids are locked,
 * as if they had come there from a more privileged one.
 */
void model_lock(struct model_task *task, const struct map *uniques);

/*
 * The same of paths, from above to below: what is there, and what is not; then nothing else is in
 * that directory than what is known of it.
 */
void model_know(struct model *m, struct model_task *task, const char *path, bool is_dir);
void model_know_missing(struct model *m, struct model_task *task, const char *path);

/* Groups that are made from here on are new. */
void model_see_groups(struct model *m);
bool model_group_is_new(const struct model *m, uint32_t group);
/* How many mounts the task's namespace has, with the one below "/". */
uint32_t model_count(const struct model_task *task);
/* The id of the task's namespace: as it was given, or the inode number where a table has no id. */
uint64_t model_ns_id(const struct model_task *task);
/* What the task would read: only what is below its root. */
void model_table(const struct model *m, const struct model_task *task, struct mnt_table *ret);
/* NULL, or a sentence about the first invariant that does not hold; to be freed. */
char *model_check(const struct model *m);

#endif
