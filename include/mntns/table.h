/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mounts of all mount namespaces of a machine, as a value: libmntns, pkg-config "mntns".
 *
 *	struct mntns_error *error = NULL;
 *	struct mntns_snapshot *snapshot;
 *
 *	if (mntns_snapshot_scan(MNTNS_SCAN_TABLES, &snapshot, &error) < 0) {
 *		fprintf(stderr, "%s\n", mntns_error_message(error));
 *		mntns_error_free(error);
 *		return 1;
 *	}
 *	...
 *	mntns_snapshot_free(snapshot);
 *
 * Ownership. What a function makes it returns through a `ret` parameter, and its _free function,
 * which takes NULL too, ends it. Everything else that is returned, strings as well, is borrowed: it
 * belongs to the snapshot and lives as long. Arguments are borrowed for the call. No function takes
 * NULL but where it says so.
 *
 * Errors. Functions that can fail return 0, or a negative errno. What `ret` points to is then left
 * alone, and if `ret_error` is not NULL, *ret_error is an error with a sentence, which the caller
 * frees. It is left alone on success. Out of memory ends the process by abort(3).
 *
 * Threads. There is no state besides the objects. A snapshot does not change once it was made: any
 * number of threads may look at it at the same time. It must be freed once, when nobody does any
 * more. Snapshots may be made in several threads at the same time.
 *
 * Stability. All types are opaque, all constants have fixed values. Functions and constants are
 * added, never changed, as long as the library is libmntns.so.0: expect values that you do not
 *know.
 *
 * Strings are bytes that end with 0; paths are not always UTF-8. Numbers are the kernel's. See
 * mount_namespaces(7), proc_pid_mountinfo(5), statmount(2) and mntns-snapshot(5).
 */
#ifndef MNTNS_TABLE_H
#define MNTNS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mntns_error;
struct mntns_snapshot;
struct mntns_namespace;
struct mntns_mount;
struct mntns_group;
struct mntns_diff;

/* The version of the library that runs: "0.1.0". */
const char *mntns_version(void);

/* --- errors --- */

/* A positive errno, the one that the function returned as a negative number. */
int mntns_error_code(const struct mntns_error *error);
/* A sentence in English, without a newline, that says what and why. It may have any bytes of paths.
 */
const char *mntns_error_message(const struct mntns_error *error);
void mntns_error_free(struct mntns_error *error);

/* --- snapshots --- */

enum mntns_scan_flag {
	MNTNS_SCAN_TABLES = 1, /* the mounts of each namespace, else only how many they are */
	MNTNS_SCAN_USES = 2,   /* for mntns_snapshot_write: open files, directories, executables */
	MNTNS_SCAN_MAPS = 4,   /* the same: memory maps */
	MNTNS_SCAN_BLOCKS = 8, /* the same: block devices on others, swap */
};

/*
 * Looks at the live machine, with the caller's rights: what these do not reach is named by
 * mntns_snapshot_gap. `flags` are of enum mntns_scan_flag. A process or namespace that ends
 * meanwhile is no error.
 *
 * It reads /proc, and may start a child process for a moment, for which it waits, to enter a
 * namespace without processes: a caller that has a handler of SIGCHLD or waits for any child may
 * notice. ENOENT: there is no usable /proc. EINVAL: unknown flags.
 */
int mntns_snapshot_scan(unsigned flags, struct mntns_snapshot **ret,
			struct mntns_error **ret_error);
/*
 * Looks at one namespace, with its mounts: that of the process or thread `pid`, where 0 is the
 * caller, or, if `path` is not NULL, that whose nsfs file is at `path`. EINVAL: pid and path are
 * both given, or it is none of a mount namespace; ESRCH: there is no such process; EACCES, EPERM.
 */
int mntns_snapshot_scan_one(int pid, const char *path, struct mntns_snapshot **ret,
			    struct mntns_error **ret_error);
/*
 * Reads a snapshot that `mntns snapshot` or mntns_snapshot_write wrote, or a copy of a
 * /proc/PID/mountinfo, which becomes a snapshot of one namespace. It is checked: nothing in a file
 * can make the other functions misbehave. EINVAL: it is neither, or it lies.
 */
int mntns_snapshot_load(const char *file, struct mntns_snapshot **ret,
			struct mntns_error **ret_error);
/* The same from memory: `len` bytes at `text`; `name` stands for the file in sentences. */
int mntns_snapshot_parse(const char *text, size_t len, const char *name,
			 struct mntns_snapshot **ret, struct mntns_error **ret_error);
/*
 * Writes it as mntns-snapshot(5), piece by piece, and flushes `out`. A negative errno if that
 * fails.
 */
int mntns_snapshot_write(const struct mntns_snapshot *snapshot, FILE *out);
/* Ends all that was borrowed from it. */
void mntns_snapshot_free(struct mntns_snapshot *snapshot);

/* How many mount namespaces there are; they are in the order of their inode numbers. */
size_t mntns_snapshot_n_namespaces(const struct mntns_snapshot *snapshot);
/* One of them, from 0; NULL: there are not so many. */
const struct mntns_namespace *mntns_snapshot_namespace(const struct mntns_snapshot *snapshot,
						       size_t i);
/* The one from which the machine was looked at; NULL: it is not there. */
const struct mntns_namespace *mntns_snapshot_self(const struct mntns_snapshot *snapshot);
/* The one with this inode number, the one in mnt:[…]; NULL: there is none. */
const struct mntns_namespace *mntns_snapshot_find(const struct mntns_snapshot *snapshot,
						  uint64_t inode);
/* What could not be looked at: how many sentences; one of them, from 0, NULL: not so many. */
size_t mntns_snapshot_n_gaps(const struct mntns_snapshot *snapshot);
const char *mntns_snapshot_gap(const struct mntns_snapshot *snapshot, size_t i);
/* When it was made, in seconds since 1970; 0: not known. */
int64_t mntns_snapshot_time(const struct mntns_snapshot *snapshot);
/* The machine's name, uname(2); NULL: not known. */
const char *mntns_snapshot_host(const struct mntns_snapshot *snapshot);

/* --- namespaces --- */

/* The snapshot that it is in. */
const struct mntns_snapshot *mntns_namespace_snapshot(const struct mntns_namespace *ns);
/* The number in mnt:[…]; 0: not known. */
uint64_t mntns_namespace_inode(const struct mntns_namespace *ns);
/* NS_GET_MNTNS_ID of ioctl_nsfs(2), which is never used again; 0: not known. */
uint64_t mntns_namespace_id(const struct mntns_namespace *ns);
/* The inode number of the user namespace that owns it; 0: not known. */
uint64_t mntns_namespace_owner(const struct mntns_namespace *ns);
/* A short name for people: of its pin, container, unit or first process; never NULL. */
const char *mntns_namespace_label(const struct mntns_namespace *ns);
/* Why its mounts are not there: a sentence; NULL: they are, or they were not asked for. */
const char *mntns_namespace_gap(const struct mntns_namespace *ns);
/* How many processes are in it; the PID and the command line of one, from 0; 0 and NULL beyond. */
size_t mntns_namespace_n_processes(const struct mntns_namespace *ns);
int mntns_namespace_pid(const struct mntns_namespace *ns, size_t i);
const char *mntns_namespace_command(const struct mntns_namespace *ns, size_t i);

/* How many mounts are known of it; they are in the kernel's order. */
size_t mntns_namespace_n_mounts(const struct mntns_namespace *ns);
/* One of them, from 0; NULL: there are not so many. */
const struct mntns_mount *mntns_namespace_mount(const struct mntns_namespace *ns, size_t i);
/* The root mount, the first one whose parent is not here; NULL: there are no mounts. */
const struct mntns_mount *mntns_namespace_root(const struct mntns_namespace *ns);
/* The mount with this id, of mntns_mount_id; NULL: there is none. */
const struct mntns_mount *mntns_namespace_find_id(const struct mntns_namespace *ns, uint32_t id);
/*
 * The mount on which this path lies, as path_resolution(7) finds it: hidden mounts are not found.
 * The path must be absolute and without symbolic links, "." and ".."; whether the file is there is
 * not asked. NULL: no mount, or the path is not absolute.
 */
const struct mntns_mount *mntns_namespace_find_path(const struct mntns_namespace *ns,
						    const char *path);

/* --- mounts --- */

const struct mntns_namespace *mntns_mount_namespace(const struct mntns_mount *mount);
/* Columns 1 and 2 of mountinfo. Ids are used again when a mount has gone. */
uint32_t mntns_mount_id(const struct mntns_mount *mount);
uint32_t mntns_mount_parent_id(const struct mntns_mount *mount);
/* mnt_id of statmount(2), never used again; 0: not known. */
uint64_t mntns_mount_unique_id(const struct mntns_mount *mount);
/* Column 3, the file system. */
uint32_t mntns_mount_major(const struct mntns_mount *mount);
uint32_t mntns_mount_minor(const struct mntns_mount *mount);
/* Column 4, the directory of the file system that is mounted. */
const char *mntns_mount_root(const struct mntns_mount *mount);
/* Column 5, the mount point. */
const char *mntns_mount_target(const struct mntns_mount *mount);
/* The last three columns: type, source, options of the file system. */
const char *mntns_mount_fstype(const struct mntns_mount *mount);
const char *mntns_mount_source(const struct mntns_mount *mount);
const char *mntns_mount_fs_options(const struct mntns_mount *mount);
/* MOUNT_ATTR_* of mount_setattr(2), without MOUNT_ATTR_IDMAP. */
uint64_t mntns_mount_attributes(const struct mntns_mount *mount);
/*
 * Column 6, "rw,nosuid,relatime", into `size` bytes at `buffer`, cut off if they are too few and
 * always ended with 0 if size is not 0. Returns the length of all of it, as snprintf(3) does.
 */
size_t mntns_mount_vfs_options(const struct mntns_mount *mount, char *buffer, size_t size);
/* Column 7: the peer group that it is in, the one it receives from, and propagate_from; 0: none. */
uint32_t mntns_mount_group(const struct mntns_mount *mount);
uint32_t mntns_mount_master(const struct mntns_mount *mount);
uint32_t mntns_mount_propagate_from(const struct mntns_mount *mount);
bool mntns_mount_is_unbindable(const struct mntns_mount *mount);
/* It has an id map; the directory that is mounted was removed. */
bool mntns_mount_is_idmapped(const struct mntns_mount *mount);
bool mntns_mount_is_deleted(const struct mntns_mount *mount);
/* In words of mount_namespaces(7): "private", "shared", "slave", "shared,slave", "unbindable". */
const char *mntns_mount_propagation(const struct mntns_mount *mount);

/* The tree of its namespace; NULL: none. A root may have a `next`, which is the next root. */
const struct mntns_mount *mntns_mount_parent(const struct mntns_mount *mount);
const struct mntns_mount *mntns_mount_child(const struct mntns_mount *mount);
const struct mntns_mount *mntns_mount_next(const struct mntns_mount *mount);
/* How many mounts are above it: 0, a root. */
uint32_t mntns_mount_depth(const struct mntns_mount *mount);
/* The mount that stands on this one's own root; NULL: none. */
const struct mntns_mount *mntns_mount_cover(const struct mntns_mount *mount);
/* The mount that keeps paths from reaching this one's root; NULL: a path reaches it. */
const struct mntns_mount *mntns_mount_hidden_by(const struct mntns_mount *mount);

/* --- peer groups --- */

/*
 * A peer group, as mount_namespaces(7) has it: the mounts, in whatever namespaces, among which a
 * mount made on one appears on all, and the mounts that receive from it. A snapshot with the tables
 * of all namespaces has all members that the caller may see; in one of a single namespace a group
 * has the members there, and others are out of sight. Groups of which only slaves are in sight have
 * no members.
 */

/* How many groups there are; they are in the order of their numbers. */
size_t mntns_snapshot_n_groups(const struct mntns_snapshot *snapshot);
/* One of them, from 0; NULL: there are not so many. */
const struct mntns_group *mntns_snapshot_group(const struct mntns_snapshot *snapshot, size_t i);
/* The group with the number of mntns_mount_group or mntns_mount_master; NULL: none, also for 0. */
const struct mntns_group *mntns_snapshot_find_group(const struct mntns_snapshot *snapshot,
						    uint32_t number);
/* Its number, as in "shared:12". The kernel gives it to another group when this one has gone. */
uint32_t mntns_group_number(const struct mntns_group *group);
/* The mounts in it, namespace by namespace; one of them, from 0, NULL: there are not so many. */
size_t mntns_group_n_members(const struct mntns_group *group);
const struct mntns_mount *mntns_group_member(const struct mntns_group *group, size_t i);
/* The mounts whose master it is. They may be members of groups of their own. */
size_t mntns_group_n_slaves(const struct mntns_group *group);
const struct mntns_mount *mntns_group_slave(const struct mntns_group *group, size_t i);
/*
 * The group that its members receive from; NULL: none, or no member is in sight. In a file that
 * lies groups may be masters of each other: who follows masters must see to it that there is an
 * end.
 */
const struct mntns_group *mntns_group_master(const struct mntns_group *group);

/* --- differences --- */

enum mntns_diff_flag {
	/* Both are of one machine: the same device number is the same file system. */
	MNTNS_DIFF_SAME_MACHINE = 1,
	/* What unshare(2) changes in a fresh copy, made private or slave, is no difference. */
	MNTNS_DIFF_COPY_OK = 2,
};

/* What differs of a mount that is in both; see mntns-diff(1). */
enum mntns_field {
	MNTNS_FIELD_TARGET = 1, /* it was moved */
	MNTNS_FIELD_SOURCE = 2,
	MNTNS_FIELD_ROOT = 4,
	MNTNS_FIELD_FSTYPE = 8,
	MNTNS_FIELD_DEVICE = 16,
	MNTNS_FIELD_VFS_OPTIONS = 32,
	MNTNS_FIELD_FS_OPTIONS = 64,
	MNTNS_FIELD_PROPAGATION = 128, /* apart from the numbers of the groups */
	MNTNS_FIELD_PARENT = 256,      /* it is on another mount, at the same place */
	MNTNS_FIELD_HIDDEN = 512,      /* paths reach only one of the two */
};

/*
 * Compares the mounts of two namespaces, of one snapshot or of two: what must be done to `a` to
 * have `b`. Ids do not count, and the numbers of peer groups only as far as they tell groups apart.
 * The snapshots must live as long as the diff. The caller frees it with mntns_diff_free. Never
 * NULL; a namespace whose table could not be read has no mounts.
 */
struct mntns_diff *mntns_diff_new(const struct mntns_namespace *a, const struct mntns_namespace *b,
				  unsigned flags);
/* How many mounts differ, in the order of their paths; 0: the two are equal. */
size_t mntns_diff_n_changes(const struct mntns_diff *diff);
/* The mount in `a`; NULL: it was added, or there are not so many changes. */
const struct mntns_mount *mntns_diff_before(const struct mntns_diff *diff, size_t i);
/* The mount in `b`; NULL: it was removed, or there are not so many. */
const struct mntns_mount *mntns_diff_after(const struct mntns_diff *diff, size_t i);
/* Of a mount that is in both: enum mntns_field, ORed. 0 for one that was added or removed. */
unsigned mntns_diff_fields(const struct mntns_diff *diff, size_t i);
/* NULL is fine. */
void mntns_diff_free(struct mntns_diff *diff);

#ifdef __cplusplus
}
#endif

#endif
