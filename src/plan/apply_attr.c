// SPDX-License-Identifier: Apache-2.0
/* Attributes and propagation as they were. Who left a peer group joins it by way of a peer. */
#include "base/mem.h"
#include "plan/apply_parts.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <linux/mount.h>

#define ALL_ATTRS                                                                                  \
	(MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC |            \
	 MOUNT_ATTR__ATIME | MOUNT_ATTR_NODIRATIME | MOUNT_ATTR_NOSYMFOLLOW)

static int set(int fd, const struct mount_attr *attr)
{
	return mount_setattr(fd, "", AT_EMPTY_PATH, (struct mount_attr *)attr, sizeof(*attr)) < 0
		       ? -errno
		       : 0;
}

static int set_type(int fd, uint64_t type)
{
	return set(fd, &(struct mount_attr){.propagation = type});
}

/* What is known while the mounts of one step are restored. */
struct restoring {
	struct apply_own own;
	struct map
		reborn; /* group as it was -> a mount that is in it, or in its successor, again */
};

/* Becomes what `other` is; both show one file system. */
static int join(const struct restoring *r, uint32_t other, int fd)
{
	AUTO_FD int from = apply_open(&r->own, other, NULL);

	if (from < 0)
		return from;
	int rc = set_type(fd, MS_PRIVATE);
	if (rc == 0 && move_mount(from, "", fd, "",
				  MOVE_MOUNT_SET_GROUP | MOVE_MOUNT_F_EMPTY_PATH |
					  MOVE_MOUNT_T_EMPTY_PATH) < 0)
		rc = -errno;
	return rc;
}

/* Into the group by way of any member that is in sight. */
static int join_group(const struct restoring *r, uint32_t group, uint32_t at, int fd)
{
	uint32_t again = map_get(&r->reborn, group);

	if (again != MAP_NONE && again != at && join(r, again, fd) == 0)
		return 0;
	for (uint32_t i = 0; i < r->own.table.n; i++)
		if (i != at && r->own.table.v[i].group == group && join(r, i, fd) == 0)
			return 0;
	return -ENOENT;
}

/* A slave: by way of its master, or of another slave of it. */
static int join_master(const struct restoring *r, uint32_t master, uint32_t at, int fd)
{
	if (join_group(r, master, at, fd) == 0)
		return set_type(fd, MS_SLAVE);
	for (uint32_t i = 0; i < r->own.table.n; i++) {
		const struct mnt *other = &r->own.table.v[i];
		if (i != at && !other->group && other->master == master && join(r, i, fd) == 0)
			return 0;
	}
	return -ENOENT;
}

static int restore_group(struct restoring *r, uint32_t at, const struct undo_attr *was, int fd,
			 struct err *err)
{
	const char *target = r->own.table.v[at].target;
	uint32_t first = map_get(&r->reborn, was->group);
	bool is_slave = !was->master || r->own.table.v[at].master == was->master;

	if (join_group(r, was->group, at, fd) == 0)
		return 0;
	/* It receives from its own group: that is still there, but not here. */
	if (r->own.table.v[at].master == was->group)
		return err_say(err, ENOENT, "%s is in its peer group no more", target);
	if (!is_slave)
		is_slave = join_master(r, was->master, at, fd) == 0;
	/* If all have left it, the first one that returns begins it anew. */
	if (set_type(fd, MS_SHARED) == 0 && first == MAP_NONE)
		map_set(&r->reborn, was->group, at);
	else
		return err_say(err, ENOENT, "%s is in its peer group no more", target);
	return is_slave ? 0 : err_say(err, ENOENT, "%s receives from its master no more", target);
}

static int restore_type(struct restoring *r, uint32_t at, const struct undo_attr *was, int fd,
			struct err *err)
{
	const struct mnt *is = &r->own.table.v[at];

	if (was->group)
		return restore_group(r, at, was, fd, err);
	if (!was->master) {
		set_type(fd, was->flags & MNT_UNBINDABLE ? MS_UNBINDABLE : MS_PRIVATE);
		return 0;
	}
	if (is->master == was->master)
		return set_type(fd, MS_SLAVE);
	if (join_master(r, was->master, at, fd) == 0)
		return 0;
	return err_say(err, ENOENT, "%s receives from its master no more", is->target);
}

static int restore(struct restoring *r, const struct undo_attr *was, struct err *err)
{
	uint32_t at = apply_find(&r->own, &was->id);
	const struct mnt *is = at == MAP_NONE ? NULL : &r->own.table.v[at];

	if (!is)
		return 0;
	bool is_retyped = is->group != was->group || is->master != was->master ||
			  (is->flags ^ was->flags) & MNT_UNBINDABLE;
	if (is->attr == was->attr && !is_retyped)
		return 0;
	AUTO_FD int fd = apply_open(&r->own, at, err);
	if (fd < 0)
		return fd;
	int rc = is->attr == was->attr ? 0
				       : set(fd, &(struct mount_attr){.attr_set = was->attr,
								      .attr_clr = ALL_ATTRS});
	if (rc < 0)
		return err_set(err, -rc, "the attributes of %s", is->target);
	return is_retyped ? restore_type(r, at, was, fd, err) : 0;
}

/* Masters first: slaves of a group that was begun anew need it. */
static unsigned turn(const struct undo_attr *was)
{
	return was->group ? was->master ? 1 : 0 : was->master ? 2 : 3;
}

int undo_attrs(const struct undo_step *step, int proc, struct err *err)
{
	struct restoring r = {0};
	AUTO(err) struct err first = {0};
	int rc = apply_own_init(&r.own, proc, err);

	for (unsigned t = 0; rc == 0 && t < 4; t++)
		for (size_t i = 0; i < step->n_attrs; i++)
			if (turn(&step->attrs[i]) == t)
				restore(&r, &step->attrs[i], first.msg ? NULL : &first);
	apply_own_done(&r.own);
	map_done(&r.reborn);
	return first.msg ? err_say(err, first.code, "%s", first.msg) : rc;
}
