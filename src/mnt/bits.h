/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's bits, for what knows them by name but makes no call: these layers build where there
 * are no headers of Linux. exec/bits.c checks that they are the same.
 */
#ifndef MNT_BITS_H
#define MNT_BITS_H

/* MOUNT_ATTR_* */
enum mnt_attr_bit {
	MNT_ATTR_RDONLY = 0x1,
	MNT_ATTR_NOSUID = 0x2,
	MNT_ATTR_NODEV = 0x4,
	MNT_ATTR_NOEXEC = 0x8,
	MNT_ATTR_ATIME = 0x70, /* the field of the three below */
	MNT_ATTR_RELATIME = 0,
	MNT_ATTR_NOATIME = 0x10,
	MNT_ATTR_STRICTATIME = 0x20,
	MNT_ATTR_NODIRATIME = 0x80,
	MNT_ATTR_NOSYMFOLLOW = 0x200000,
};
/* MS_* of the propagation types */
enum mnt_type_bit {
	MNT_TYPE_UNBINDABLE = 1 << 17,
	MNT_TYPE_PRIVATE = 1 << 18,
	MNT_TYPE_SLAVE = 1 << 19,
	MNT_TYPE_SHARED = 1 << 20,
};
/* CLONE_NEW* */
enum mnt_clone_bit {
	MNT_NEWTIME = 0x80,
	MNT_NEWNS = 0x20000,
	MNT_NEWCGROUP = 0x2000000,
	MNT_NEWUTS = 0x4000000,
	MNT_NEWIPC = 0x8000000,
	MNT_NEWUSER = 0x10000000,
	MNT_NEWPID = 0x20000000,
	MNT_NEWNET = 0x40000000,
};

#endif
