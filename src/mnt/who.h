/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What keeps a file system, or a single mount of it, busy, wherever on the machine: a value worked
 * out of a world. What stands on it in turn (an overlay that has a layer there, a device whose
 * backing file is there) is followed: who keeps that busy keeps this busy.
 */
#ifndef MNT_WHO_H
#define MNT_WHO_H

#include "mnt/world.h"

/* What is asked about. Starts as {0} only through mnt_subject_*. */
struct mnt_subject {
	uint32_t major, minor; /* the file system */
	uint32_t block;	       /* index of the device that is meant itself; MAP_NONE: none */
	uint32_t ns, mount;    /* index of a namespace, and in its table: where it was named;
				  MAP_NONE: it was named by its device or its source */
	bool only;	       /* this mount, not its file system */
	bool backing;	       /* the image file of `block`: the device itself is in the way too */
};

/*
 * By "id:NN", "MAJOR:MINOR", the name of a device with or without /dev/, the file behind a loop
 * device, an absolute path as the world's own namespace has it, or the source of a mount. ENOENT or
 * EINVAL with a sentence.
 */
int mnt_subject_parse(const struct mnt_world *world, const char *text, struct mnt_subject *ret,
		      struct err *err);
/* By the number of a device, by the source of a mount, by mnt.id. */
int mnt_subject_device(const struct mnt_world *world, uint32_t major, uint32_t minor,
		       struct mnt_subject *ret, struct err *err);
int mnt_subject_source(const struct mnt_world *world, const char *text, struct mnt_subject *ret,
		       struct err *err);
int mnt_subject_mount(const struct mnt_world *world, uint32_t id, struct mnt_subject *ret,
		      struct err *err);

enum mnt_who_kind {
	MNT_WHO_MOUNT,	    /* a mount of it */
	MNT_WHO_OVERLAY,    /* a mount of an overlay that has a layer on it */
	MNT_WHO_ABOVE,	    /* a mount of something else, on top of one of these */
	MNT_WHO_PIN,	    /* keeps a namespace with such a mount */
	MNT_WHO_DESCRIPTOR, /* the same */
	MNT_WHO_KERNEL,	    /* the same, by what nobody can see */
	MNT_WHO_FD,
	MNT_WHO_CWD,
	MNT_WHO_ROOT,
	MNT_WHO_EXE,
	MNT_WHO_MAP,
	MNT_WHO_LOOP,	 /* a loop device whose file is on it */
	MNT_WHO_STACKED, /* device mapper or RAID on its device */
	MNT_WHO_SWAP,
};

struct mnt_who_row {
	enum mnt_who_kind kind;
	uint32_t fs;	 /* index of mnt_who.fs: which one it keeps busy */
	uint32_t proc;	 /* index; MAP_NONE: none; of a mount the first one of the namespace */
	uint32_t ns;	 /* index of the namespace of a mount, or that is held; MAP_NONE: none */
	uint32_t mount;	 /* index in its table; MAP_NONE: none */
	uint32_t hold;	 /* index of ns.holds */
	uint32_t use;	 /* index of world.uses */
	uint32_t block;	 /* index of world.blocks */
	bool is_root;	 /* the root of its namespace: it ends only with that */
	bool is_copy;	 /* goes with the mount asked about, and only its users are in the way */
	bool is_lazy;	 /* a use of a mount that is in no table */
	bool is_spared;	 /* of a process that must not be ended; the caller says so */
	const char *via; /* what makes an overlay or a device one of these: "lowerdir=/x", a path */
};

/* The file system asked about, and those that stand on it. */
struct mnt_who_fs {
	uint32_t major, minor;
	uint32_t on;	  /* index of the one it stands on; MAP_NONE: the one asked about */
	uint32_t stage;	  /* how many devices are between: they must be let go from the top */
	uint32_t block;	  /* the device it is on, if that is known; MAP_NONE */
	bool is_overlay;  /* else it is on a device */
	const char *name; /* of the device, or what the overlay has there; NULL: asked about */
};

struct mnt_who {
	struct mnt_subject subject;
	struct mnt_who_row *v; /* mounts by namespace, with what holds it; processes; devices */
	size_t n;
	struct mnt_who_fs *fs;
	size_t n_fs;
	struct arena text;
};

void mnt_who_find(const struct mnt_world *world, const struct mnt_subject *subject,
		  struct mnt_who *ret);
/*
 * The same in two steps, for a reader that wants to know first which file systems processes are to
 * be asked about. In between world.uses may grow, nothing else.
 */
struct mnt_who_search;
struct mnt_who_search *mnt_who_begin(const struct mnt_world *world,
				     const struct mnt_subject *subject);
/* By major << 32 | minor. */
const struct map *mnt_who_devices(struct mnt_who_search *search);
void mnt_who_end(struct mnt_who_search *search, struct mnt_who *ret);
/* Drops maps of a file that is told to be the process's program: for when paths are known. */
void mnt_who_tidy(const struct mnt_world *world, struct mnt_who *who);
void mnt_who_done(struct mnt_who *who);
/*
 * Puts the rows in the order in which they must be let go: swap, processes, mounts from the
 * farthest device to the nearest and from the deepest to the highest, behind those of a device the
 * device itself; at last what keeps namespaces.
 */
void mnt_who_order(struct mnt_who *who);
/* A namespace whose root is on it ends with its holders only: they are in the way, if no mount is.
 */
bool mnt_who_must_end(const struct mnt_who *who, uint32_t ns);

extern const char *const mnt_who_words[]; /* by enum mnt_who_kind */
/* Where it is: the mount point there, the file as the process sees it, the pin, the device. */
void mnt_who_print_path(const struct mnt_world *world, const struct mnt_who *who,
			const struct mnt_who_row *row, struct buf *out);
/* Why it keeps it busy: "slave, master:12", "descriptor 5". */
void mnt_who_print_reason(const struct mnt_world *world, const struct mnt_who *who,
			  const struct mnt_who_row *row, struct buf *out);
/* The command that releases it; nothing: there is none. */
void mnt_who_print_release(const struct mnt_world *world, const struct mnt_who_row *row,
			   struct buf *out);

/* A word that names the namespace for `umount -N` and nsenter --mount; false: there is none. */
bool mnt_ns_print_way(const struct mnt_world *world, uint32_t ns, struct buf *out);
/* "umount -N 123 /x" */
void mnt_print_umount(const struct mnt_world *world, uint32_t ns, const struct mnt *mnt,
		      struct buf *out);

#endif
