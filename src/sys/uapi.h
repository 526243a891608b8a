/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernel constants that are newer than Debian 12's headers (Linux 6.1, glibc 2.36).
 * The only file with #ifndef; the number behind each is the kernel that brought it.
 */
#ifndef SYS_UAPI_H
#define SYS_UAPI_H

#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/syscall.h>

#ifndef MOVE_MOUNT_BENEATH
#define MOVE_MOUNT_BENEATH 0x00000200 /* 6.5 */
#endif

#ifndef NSFS_MAGIC
#define NSFS_MAGIC 0x6e736673
#endif

#ifndef STATX_MNT_ID
#define STATX_MNT_ID 0x00001000U /* 5.8 */
#endif

#ifndef STATX_MNT_ID_UNIQUE
#define STATX_MNT_ID_UNIQUE 0x00004000U /* 6.8 */
#endif

/* statmount(2) and listmount(2): 6.8, another namespace's 6.11. Structs under names of our own: a
   newer header has the kernel's. */
#ifndef SYS_open_tree_attr
#ifdef __alpha__
#define SYS_open_tree_attr 577
#else
#define SYS_open_tree_attr 467
#endif
#endif
#ifndef SYS_statmount
#ifdef __alpha__
#define SYS_statmount 567
#define SYS_listmount 568
#else
#define SYS_statmount 457
#define SYS_listmount 458
#endif
#endif

/* linux/pidfd.h */
#ifndef PIDFD_GET_NET_NAMESPACE
#define PIDFD_GET_NET_NAMESPACE _IO(0xFF, 4) /* 6.11 */
#endif
/* What fstatfs(2) says of a pidfd, whose inode is its process's alone: 6.9 */
#ifndef PID_FS_MAGIC
#define PID_FS_MAGIC 0x50494446
#endif

#ifndef LSMT_ROOT
#define LSMT_ROOT	  UINT64_MAX
#define LISTMOUNT_REVERSE 1
#endif

struct uapi_mnt_id_req {
	uint32_t size; /* 24; with mnt_ns_id 32 */
	uint32_t mnt_ns_fd;
	uint64_t mnt_id;
	uint64_t param; /* listmount: the last id seen; statmount: the mask */
	uint64_t mnt_ns_id;
};

#ifndef STATMOUNT_SB_BASIC
#define STATMOUNT_SB_BASIC	 0x00000001U /* 6.8 */
#define STATMOUNT_MNT_BASIC	 0x00000002U
#define STATMOUNT_PROPAGATE_FROM 0x00000004U
#define STATMOUNT_MNT_ROOT	 0x00000008U
#define STATMOUNT_MNT_POINT	 0x00000010U
#define STATMOUNT_FS_TYPE	 0x00000020U
#endif
#ifndef STATMOUNT_MNT_OPTS
#define STATMOUNT_MNT_NS_ID 0x00000040U /* 6.11 */
#define STATMOUNT_MNT_OPTS  0x00000080U
#endif
#ifndef STATMOUNT_FS_SUBTYPE
#define STATMOUNT_FS_SUBTYPE 0x00000100U /* 6.13 */
#define STATMOUNT_SB_SOURCE  0x00000200U
#endif
#ifndef STATMOUNT_SUPPORTED_MASK
#define STATMOUNT_SUPPORTED_MASK 0x00001000U /* 6.15 */
#endif

/* String fields are offsets into `text`; 0 is an empty one. */
struct uapi_statmount {
	uint32_t size, mnt_opts;
	uint64_t mask;
	uint32_t sb_dev_major, sb_dev_minor;
	uint64_t sb_magic;
	uint32_t sb_flags, fs_type;
	uint64_t mnt_id, mnt_parent_id;
	uint32_t mnt_id_old, mnt_parent_id_old;
	uint64_t mnt_attr, mnt_propagation, mnt_peer_group, mnt_master, propagate_from;
	uint32_t mnt_root, mnt_point;
	uint64_t mnt_ns_id;
	uint32_t fs_subtype, sb_source;
	uint32_t opt_num, opt_array, opt_sec_num, opt_sec_array;
	uint64_t supported_mask;
	uint64_t reserved[45];
	char text[];
};

struct uapi_mnt_ns_info {
	uint32_t size, nr_mounts;
	uint64_t mnt_ns_id;
};

#ifndef NS_GET_MNTNS_ID
#define NS_GET_MNTNS_ID _IOR(0xb7, 5, uint64_t) /* 6.11 */
#endif
#ifndef NS_MNT_GET_INFO
#define NS_MNT_GET_INFO _IOR(0xb7, 10, struct uapi_mnt_ns_info) /* 6.12 */
#define NS_MNT_GET_NEXT _IOR(0xb7, 11, struct uapi_mnt_ns_info)
#define NS_MNT_GET_PREV _IOR(0xb7, 12, struct uapi_mnt_ns_info)
#endif

/* fanotify(7) of mounts: 6.15 */
#ifndef FAN_REPORT_MNT
#define FAN_REPORT_MNT 0x00004000U
#define FAN_MNT_ATTACH 0x01000000U
#define FAN_MNT_DETACH 0x02000000U
#endif
#ifndef FAN_MARK_MNTNS
#define FAN_MARK_MNTNS 0x00000110U
#endif
#ifndef FAN_EVENT_INFO_TYPE_MNT
#define FAN_EVENT_INFO_TYPE_MNT 7
#endif

struct uapi_fanotify_event_info_mnt {
	uint8_t info_type, pad;
	uint16_t len;
	uint64_t mnt_id; /* unique */
};

/* Inodes of /proc/PID/ns/…: the same on every machine, since 3.8; in the headers since 6.18. */
#define INITIAL_USER_NS 0xeffffffdU
#define INITIAL_PID_NS	0xeffffffcU

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080 /* 5.6 */
#endif

#endif
