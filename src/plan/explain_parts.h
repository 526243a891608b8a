/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of explain share. */
#ifndef PLAN_EXPLAIN_PARTS_H
#define PLAN_EXPLAIN_PARTS_H

#include "model/why.h"
#include "plan/explain.h"

#define EXPLAIN_SHOWN 12 /* of a list in the facts; the rest is counted */

/* A path, and the mount on which it lies. */
struct explain_at {
	const struct explain_ask *ask;
	const char *path;
	const char *text; /* the message */
	struct mnt_tree tree;
	uint32_t i; /* the mount */
	bool is_mount_point;
};
int explain_at_init(struct explain_at *at, const struct explain_ask *ask, const char *path,
		    struct err *err);
void explain_at_done(struct explain_at *at);
const struct mnt *explain_mount(const struct explain_at *at);
/* NULL: it hangs on nothing that is seen. */
const struct mnt *explain_parent(const struct explain_at *at);

/* "tmpfs t (mount 34)" */
void explain_add_mount(struct buf *out, const struct mnt *mnt);
/* "/x in nginx.service (mnt:[4026532200])" */
void explain_add_place(struct buf *out, const struct explain_ask *ask,
		       const struct explain_place *place);
/* "shared:12, slave of 3" as a sentence about what it passes on and receives. */
void explain_add_type(struct buf *out, const struct mnt *mnt);
/* A fact for each place, with `what` in front; the rest is counted. */
void explain_add_places(struct explain *answer, const struct explain_ask *ask, const char *what,
			const struct explain_places *places);
void explain_arrivals(const struct explain_ask *ask, struct mnt_ref on, const char *path,
		      struct explain_places *ret);
void explain_places_done(struct explain_places *places);

/* The command, with nsenter in front if the namespace is not the caller's, as a fix. */
void explain_add_command(const struct explain_ask *ask, const char *command,
			 struct explain *answer);
/* The one that lets this rule pass, if it is one. place: the mount's path, or NULL. */
void explain_add_fix(const struct explain_ask *ask, enum model_why why, const struct op *op,
		     const char *place, struct explain *answer);
/* "tmpfs t (mount 34) on /x in nginx.service", as a fact. */
void explain_add_found(const struct explain_ask *ask, uint32_t ns, const struct mnt *mnt,
		       struct explain *answer);
/* The command that unmounts it there, as a fix. */
void explain_add_umount(const struct explain_ask *ask, uint32_t ns, const struct mnt *mnt,
			struct explain *answer);
/*
 * No table shows locks. A namespace that another user namespace owns than the one it was copied
 * from has what came with the copy locked; what is at the same place in one of a user namespace
 * above came so. By mnt.id. Before explain_ops, which gives mounts other unique ids.
 */
void explain_find_locked(const struct explain_ask *ask, struct map *ret);

/* What is at a path in that namespace; on a live machine only. */
enum explain_there {
	EXPLAIN_UNKNOWN,
	EXPLAIN_MISSING,
	EXPLAIN_DIR,
	EXPLAIN_FILE,
	EXPLAIN_LINK,
};
enum explain_there explain_look(const struct explain_ask *ask, uint32_t ns, const char *path);

/* explain_busy.c: facts and fixes about what uses the mount, or its file system; how many. */
size_t explain_users(const struct explain_ask *ask, uint32_t mount_id, bool only,
		     struct explain *answer);

/* explain_types.c, _cause.c, _fs.c, _engine.c: one for each kind of message; at->i is the mount
 * that the path lies on. */
typedef void explain_cause(const struct explain_at *at, struct explain *answer);
explain_cause explain_not_shared, explain_not_slave, explain_rootfs_type;
explain_cause explain_busy, explain_invalid, explain_not_there, explain_may_not, explain_pivot,
	explain_orphan;
explain_cause explain_full, explain_dead_server, explain_stale, explain_read_only, explain_loop,
	explain_revealing;
explain_cause explain_moved, explain_kind, explain_unshare;
explain_cause explain_upper, explain_upper_fs, explain_stacked;
explain_cause explain_missing, explain_already;

#endif
