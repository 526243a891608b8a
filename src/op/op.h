/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verbs. One op is one kernel call (plus the look-up of its target); a list of
 * ops is what every front end compiles to and what every executor carries out.
 *
 * Text form, one op a line (op/parse.c, op/print.c; `mntns help ops` and mntns-ops(5) describe it):
 *
 *     h1 = open-tree /srv/root rec          h2 = fs-mount tmpfs nosuid size=64m
 *     set-attr h1 rec ro private            move-mount h1 /mnt
 *     setns mnt /run/mntns/template         unshare mnt pid
 *     mkdir h2:/pts mode=755                symlink pts/ptmx h2:/ptmx
 *
 * A handle (h1, h2, …) names a detached tree: a descriptor in the kernel executor.
 * A target is PATH, HANDLE, or HANDLE:PATH, the latter resolved inside the handle's tree.
 */
#ifndef OP_OP_H
#define OP_OP_H

#include <sys/types.h>

#include "mnt/attr.h"

enum op_kind {
	OP_OPEN_TREE,	/* open_tree(2) with OPEN_TREE_CLONE: a detached copy of a mount */
	OP_FS_MOUNT,	/* fsopen, fsconfig, fsmount: a detached new mount */
	OP_RECONFIGURE, /* fspick, fsconfig: change a superblock */
	OP_SET_ATTR,	/* mount_setattr(2) */
	OP_MOVE_MOUNT,	/* move_mount(2): attach a detached tree, or move an attached mount */
	OP_UMOUNT,	/* umount2(2) */
	OP_PIVOT_ROOT,	/* pivot_root(2) */
	OP_CHDIR,	/* fchdir(2) */
	OP_UNSHARE,	/* unshare(2), or clone3(2) where a box is born */
	OP_SETNS,	/* setns(2) */
	OP_MKDIR,	/* mkdirat(2) */
	OP_FILE,	/* an empty regular file */
	OP_SYMLINK,	/* symlinkat(2) */
	OP_NODE,	/* mknodat(2) */
	OP_KIND_MAX,
};

enum op_flag {
	OP_REC = 1 << 0, /* the whole subtree */
	/* A missing path is no error: the op, or its handle, is void. The same where a move-mount's
	   target is a directory and its source is none, or the other way round, and where what
	   symlink or node would make is there. */
	OP_OPTIONAL = 1 << 1,
	OP_CREATE = 1 << 2,	/* make a missing mount point, file or directory as fits */
	OP_NOSYMLINKS = 1 << 3, /* no component of the target may be a symbolic link */
	OP_BENEATH = 1 << 4,	/* MOVE_MOUNT_BENEATH */
	OP_LAZY = 1 << 5,	/* MNT_DETACH */
	OP_FORCE = 1 << 6,	/* MNT_FORCE */
	OP_PARENTS = 1 << 7,	/* mkdir: also the missing directories above, and none may exist */
};

struct op_target {
	int handle; /* 0: none */
	char *path; /* NULL: the handle itself */
};

struct op {
	enum op_kind kind;
	unsigned flags;	       /* enum op_flag */
	int handle;	       /* the handle it makes, 0: none */
	struct op_target from; /* open-tree: what to copy; move-mount: what to attach */
	struct op_target to;   /* everything else's target */
	char *text;	       /* fs-mount: type; symlink: its content; pivot-root: put_old */
	struct strv options;   /* fs-mount, reconfigure: key or key=value, in order */
	struct mnt_attr attr;  /* open-tree takes none; fs-mount: `set` only */
	uint64_t namespaces;   /* unshare, setns: CLONE_NEW* */
	mode_t mode; /* mkdir, file, node: permissions; node: also S_IFCHR, S_IFBLK or S_IFIFO */
	unsigned major, minor; /* node */
	char *said;	       /* the comfortable words this comes from, for messages; or NULL */
};

struct ops {
	struct op *v;
	size_t n;
	int handles; /* the highest handle in use */
};

/* Appends a copy of *op, whose strings become the list's; returns where it stands. */
struct op *ops_push(struct ops *ops, struct op op);
int ops_new_handle(struct ops *ops);
/* Where the first op of this kind stands, ops->n if none does. */
size_t ops_find(const struct ops *ops, enum op_kind kind);
/* By handle, where the last op that names it stands in the list; to be freed. */
size_t *ops_last_uses(const struct ops *ops);
void op_done(struct op *op);
void ops_done(struct ops *ops);

/* What the table knows of each kind; the parser, the printer and the check walk it. */
enum op_slot {
	OP_SLOT_END,
	OP_SLOT_FROM,	    /* `from`: any target */
	OP_SLOT_TO,	    /* `to`: any target */
	OP_SLOT_NEW,	    /* `to`: what is made, so PATH or HANDLE:PATH */
	OP_SLOT_PATH,	    /* `to`: PATH only, the call takes no descriptor */
	OP_SLOT_FILE,	    /* `to`: any word, a path as the process sees it */
	OP_SLOT_TEXT,	    /* any word */
	OP_SLOT_NAMESPACES, /* one or more of mnt pid net ipc uts cgroup user time */
	OP_SLOT_NAMESPACE,  /* exactly one of them */
	OP_SLOT_DEVICE,	    /* c MAJOR:MINOR or b MAJOR:MINOR; a FIFO: p 0:0 */
};

struct op_row {
	const char *name;
	bool makes_handle;
	enum op_slot slot[4]; /* in the order of the text form */
	const char *text;     /* what OP_SLOT_TEXT is here; its key in JSON */
	unsigned flags;	      /* enum op_flag allowed */
	bool takes_attr, takes_options, takes_mode;
	mode_t mode; /* where the text says none */
	const char *help;
};

extern const struct op_row op_rows[OP_KIND_MAX];

/* MNT_NEW*, which are CLONE_NEW*, <-> word. */
uint64_t op_namespace_parse(const char *word);
void op_namespaces_print(uint64_t namespaces, struct buf *out); /* each with a blank in front */

/*
 * Text -> ops, appended to `ops`; nothing is appended on an error, which names `name`, line and
 * column. Comfortable words (op/lower.h) are lowered on the way; the handles they make do not
 * collide with those of the same text. Words are split at blanks; "double quotes" and \ooo escapes
 * (as in mountinfo), \" and \\ keep any byte; # starts a comment.
 */
int ops_parse(struct ops *ops, const char *name, const char *text, struct err *err);
/* The text form; parsing it gives the same ops. */
void op_print(const struct op *op, struct buf *out);
void ops_print(const struct ops *ops, struct buf *out);
/* A word quoted so that ops_parse reads it back. */
void op_print_word(const char *word, struct buf *out);
/*
 * What only the list as a whole shows: handles are made before use, once, and attached at most
 * once. And that each op fits its row, for lists that no parser has seen.
 */
int ops_check(const struct ops *ops, struct err *err);

#endif
