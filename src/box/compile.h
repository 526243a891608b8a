/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spec -> ops: pure, no system call. What depends on the machine comes in as struct box_host,
 * so that the same spec and host always give the same list, and tests need no privilege.
 */
#ifndef BOX_COMPILE_H
#define BOX_COMPILE_H

#include "box/spec.h"
#include "op/op.h"

struct box_host {
	const char *template; /* path of the pinned template namespace; NULL: the classic way */
	const char *idmap;    /* the box's user namespace has this map; NULL: no user namespace */
	bool confined;	      /* in a user namespace anyway: no device node can be made */
	bool closed_trees;    /* a detached tree cannot be copied: before Linux 6.15 */
};

/* A new file system that starts with what it covers; see struct spec_mount. */
struct box_copy_up {
	size_t at; /* before this op, which covers `path` */
	int handle;
	const char *path; /* the spec's */
};

/*
 * Ops that hide `path`: as_dir..as_file-1 if it is a directory, as_file..end-1 if it is something
 * else, none if it is not there. Each of them alone finds that out too; but to make a mount and
 * drop it again is slow.
 */
struct box_mask {
	size_t as_dir, as_file, end;
	bool no_symlinks;
	const char *path; /* the spec's */
};

/*
 * The list, with the two places where the birth of a box (box/birth.c) does something else in
 * between. v[clone] is the one `unshare`, carried out by clone3: what stands before it is done
 * by the parent, in the caller's namespaces, what follows by the child.
 */
struct box_view {
	struct ops ops;
	size_t clone;
	/*
	 * enter..leave-1 are carried out with the working directory of `enter` as the root, while
	 * the old one is still there; both 0: the root is switched by the ops themselves.
	 */
	size_t enter, leave;
	size_t console; /* from here on the terminal must be there; ops.n if none is wanted */
	int pts;	/* handle of the box's devpts, 0: none */
	struct box_copy_up *copies;
	size_t n_copies;
	struct box_mask *masks; /* behind the copies */
	size_t n_masks;
};

int box_compile(const struct spec *spec, const struct box_host *host, struct box_view *ret,
		struct err *err);
void box_view_done(struct box_view *view);

#endif
